"""The front door: which commands are there, on which page of the help, and how a call of them ends."""

from __future__ import annotations

import copy
import difflib
import gc
import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any, NoReturn

import click

from archive import __version__
from archive.cli import failures
from archive.cli.options import accept_global_options, global_options
from archive.cli.registry import Entry, Family
from archive.cli.session import Session

GROUP = "onrecord.commands"  # entry points: modules with COMMANDS, a tuple of Entry
FRONT = ("add", "crawl", "changes", "diff", "search", "serve")
FAMILIES: dict[Family, str] = {
    "front": "Every day",
    "pages": "Pages",
    "portals": "Portals",
    "when": "Schedules",
    "evidence": "Evidence",
    "out": "Taking out",
    "archive": "The archive",
}
EXAMPLES = """\
Keeps what governments publish, as it was published, with every later change.

\b
  onrecord demo                     watch a small portal being edited
  onrecord add https://gov.example  look at a portal, describe it in a file
  onrecord crawl                    fetch what is new, keep every answer
  onrecord changes --since 7d       what was edited, moved or taken down
  onrecord diff a1f3c9 1..2         what exactly, word by word
"""


class FrontDoor(click.Group):
    """The root command. Its commands are entries: a command's module is imported when the command is used."""

    def __init__(self) -> None:
        version = click.Option(
            ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version."
        )
        super().__init__(
            "onrecord",
            help=EXAMPLES,
            no_args_is_help=True,
            context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
            params=[*global_options(hidden=False), version],
        )

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """Every command by name: those of this package, then those of the packages above and of plug-ins."""
        from archive.cli.commands import COMMANDS

        found = {entry.name: entry for entry in COMMANDS}
        for entry in _offered():
            found.setdefault(entry.name, entry)
        return found

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, hidden ones too."""
        return list(self.entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command and give it the global flags."""
        if cmd_name not in self.commands:
            entry = _own(cmd_name) or self.entries.get(cmd_name)
            if entry is None:
                return None
            module, _, attribute = entry.target.partition(":")
            command = copy.copy(getattr(importlib.import_module(module), attribute))  # an alias shares its command
            command.hidden = entry.hidden
            self.commands[cmd_name] = accept_global_options(command)
        return self.commands[cmd_name]

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """A wrong name is answered with the nearest right ones."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-") and not ctx.resilient_parsing:
            near = difflib.get_close_matches(name, [entry.name for entry in self.entries.values()], n=2, cutoff=0.65)
            raise click.UsageError(f"no command {name!r}" + (f"; did you mean {' or '.join(near)}?" if near else ""), ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The everyday verbs first, then the families; from the entries alone, no command is imported."""
        shown = [entry for entry in self.entries.values() if not entry.hidden]
        width = max((len(entry.name) for entry in shown), default=0)
        for family, title in FAMILIES.items():
            rows = [(f"{entry.name:<{width}}", entry.help) for entry in shown if family_of(entry) == family]
            if family == "front":
                rows.sort(key=lambda row: FRONT.index(row[0].strip()))
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows, col_spacing=2)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Commands before flags: they are what a reader looks for."""
        self.format_commands(ctx, formatter)
        click.Command.format_options(self, ctx, formatter)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command and hand all data over. A reader that leaves early, say `head`, has what it wanted: no failure."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            _close_quietly()
            return 0
        return result

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any) -> NoReturn:  # type: ignore[override]
        """Run a call and end the process: data flushed, errors told in one line, exit code as documented."""
        words = list(sys.argv[1:] if args is None else args)
        session = Session()
        if "--json" in words:
            session.format = "json"  # so that a mistake in the words of this very call is told as JSON
        extra.update(standalone_mode=False, obj=session)
        try:
            result = super().main(args=words, prog_name=prog_name or "onrecord", **extra)
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the one place where every error ends
            result = failures.report(error, session)
        gc.freeze()  # the interpreter looks for garbage thrice on its way out: a third of a second after a crawl
        sys.exit(result if isinstance(result, int) else 0)


def family_of(entry: Entry) -> Family:
    """The part of the help a command is shown in."""
    return "front" if entry.name in FRONT else entry.family


def _own(name: str) -> Entry | None:
    """A command of this package, found without looking for plug-ins."""
    from archive.cli.commands import COMMANDS

    return next((entry for entry in COMMANDS if entry.name == name), None)


def _offered() -> Iterator[Entry]:
    from importlib.metadata import entry_points

    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        try:
            yield from importlib.import_module(point.module).COMMANDS
        except (ImportError, AttributeError) as error:
            click.echo(f"warning: the commands of {point.value} cannot be loaded: {error}", err=True)


def _close_quietly() -> None:
    # What is still buffered must not raise again when the interpreter closes the stream.
    sink = os.open(os.devnull, os.O_WRONLY)
    with suppress(OSError, ValueError):  # a stream without a descriptor has nothing to be silenced
        os.dup2(sink, sys.stdout.fileno())


def _version(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        click.echo(f"onrecord {__version__}")
        context.exit()


onrecord = FrontDoor()
