"""What the global flags of one call say, and the archive they name."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.output import Output

if TYPE_CHECKING:
    from sqlalchemy.orm import Session as DatabaseSession

    from archive.output.door import ColorChoice, Format
    from archive.workspace import Workspace


@dataclass
class Session:
    """One call of `onrecord`: its global flags, its archive (opened when first asked for), its talk with the user."""

    archive: Path | None = None
    format: Format | None = None
    columns: tuple[str, ...] = ()
    quiet: bool = False
    verbose: int = 0
    color: ColorChoice = "auto"
    no_input: bool = False
    no_pager: bool = False
    tz: str | None = None

    @cached_property
    def workspace(self) -> Workspace:
        """The archive of `-C`, else of ONRECORD_ARCHIVE, else the nearest one at or above this folder."""
        from archive import workspace

        return workspace.open_at(self.archive) if self.archive is not None else workspace.find()

    @contextmanager
    def record(self) -> Iterator[DatabaseSession]:
        """The archive's record, opened read-only: commands that show ask `archive.query` through it."""
        from archive import database

        with database.session(self.workspace, readonly=True) as opened:
            yield opened

    @property
    def output(self) -> Output:
        """The renderer these flags ask for."""
        from archive.output import times

        return Output(
            format=self.format,
            columns=self.columns,
            color=self.color,
            pager=not self.no_pager,
            tz=times.zone(self.tz) if self.tz else None,
        )

    def say(self, message: str, *, level: int = 0) -> None:
        """A message for the person on standard error; not with `-q`, and one of level 1 or 2 only with -v or -vv."""
        if not self.quiet and self.verbose >= level:
            self._write(message)

    def warn(self, message: str) -> None:
        """A warning on standard error, also with `-q`."""
        self._write(f"warning: {message}", "yellow")

    def confirm(self, question: str, *, default: bool) -> bool:
        """A yes or no; the default without asking under `--no-input` or where nobody sits at a terminal."""
        if self.no_input or not sys.stdin.isatty():
            return default
        return click.confirm(question, default=default, err=True)

    def _write(self, message: str, color: str | None = None) -> None:
        from archive.output.safe import visible

        styled = click.style(visible(message), fg=color) if color and self.output.colored(sys.stderr) else visible(message)
        click.echo(styled, err=True, color=True)


pass_session = click.make_pass_decorator(Session, ensure=True)
"""Hands the command its Session as first argument."""
