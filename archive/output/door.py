"""`Output`: what a command hands its rows to. It knows the flags of the call, so that the command need not."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import tzinfo
from typing import IO, TYPE_CHECKING, Literal

from archive.errors import UsageError
from archive.output.formats import WRITERS, Row, Sink
from archive.output.pager import paged
from archive.output.safe import Shown, json_text
from archive.output.times import localised

if TYPE_CHECKING:
    from archive.output.screen import Column, Screen

Format = Literal["table", "json", "jsonl", "csv", "tsv", "md"]
FORMATS: tuple[Format, ...] = ("table", "json", "jsonl", "csv", "tsv", "md")
ColorChoice = Literal["auto", "always", "never"]


@dataclass(frozen=True, slots=True)
class Output:
    """Where and how the data of a command goes; made from the flags by `archive.cli.options.output_options`."""

    format: Format | None = None  # None: a table on a terminal, TSV elsewhere
    columns: tuple[str, ...] = ()
    color: ColorChoice = "auto"
    pager: bool = True
    tz: tzinfo | None = None

    @property
    def machine(self) -> bool:
        """Whether a program reads this: a format was asked for that is not for people."""
        return self.format not in (None, "table")

    @property
    def json(self) -> bool:
        """Whether JSON was asked for."""
        return self.format in ("json", "jsonl")

    def rows(
        self,
        rows: Iterable[Row],
        keys: Sequence[str],
        table: Sequence[Column] | None = None,
        *,
        empty: str = "nothing",
    ) -> None:
        """Print a list. `keys` name the row's fields in order; `table` is what people see (default: all keys).

        An empty list says `empty` on standard error, where a person is reading, and stays a valid empty list elsewhere.
        """
        self._check_columns(keys)
        kind = self.format or ("table" if sys.stdout.isatty() else "tsv")
        shown = self.columns or tuple(keys)
        if kind == "table":
            self._table(rows, shown, table, empty)
            return
        WRITERS[kind](self._ready(rows), shown, self._sink())

    def one(
        self,
        record: Row,
        human: Callable[[Screen], None],
        *,
        markdown: Callable[[], str] | None = None,
    ) -> None:
        """Print one object: `human` draws it for people, `markdown` writes its Markdown (default: a table of its keys)."""
        if self.columns:
            self._check_columns(tuple(record))
        if self.format in (None, "table"):
            with self.text() as console:
                human(console)
            return
        out = self._sink()
        ready = next(self._ready([record]))
        if self.format == "json":
            out.write(json_text(ready, indent=2 if sys.stdout.isatty() else None) + "\n")
        elif self.format == "md" and markdown is not None:
            out.write(markdown().rstrip("\n") + "\n")
        elif self.format == "md":
            WRITERS["md"](({"key": key, "value": value} for key, value in ready.items()), ("key", "value"), out)
        else:
            WRITERS[self.format](iter([ready]), tuple(ready), out)

    @contextmanager
    def text(self) -> Iterator[Screen]:
        """A screen on standard output, through the pager on a terminal: for texts that are no list."""
        from archive.output.screen import screen  # rich is imported by who draws

        _reconfigure()
        with paged(wanted=self.pager) as out:
            yield screen(out, color=self.colored(sys.stdout), terminal=sys.stdout.isatty())

    def colored(self, stream: IO[str]) -> bool:
        """Whether to colour what goes to the stream: the flag, then NO_COLOR (no-color.org), then a capable terminal."""
        if self.color != "auto":
            return self.color == "always"
        if os.environ.get("NO_COLOR"):
            return False
        return stream.isatty() and os.environ.get("TERM", "dumb") != "dumb"

    def _table(self, rows: Iterable[Row], shown: Sequence[str], table: Sequence[Column] | None, empty: str) -> None:
        from archive.output.screen import Column, print_table, screen

        iterator = iter(rows)
        first = next(iterator, None)
        if first is None:
            screen(sys.stderr, color=self.colored(sys.stderr), terminal=sys.stderr.isatty()).print(empty, style="dim")
            return

        def every() -> Iterator[Row]:
            yield first
            yield from iterator

        drawn: Iterable[Row] = every()
        if table is None or self.columns:
            table = [Column(key, grow=key in ("url", "headline", "snippet")) for key in shown]
            drawn = self._ready(drawn)
        with self.text() as console:
            print_table(drawn, table, console)

    def _ready(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            kept = {key: row.get(key) for key in self.columns} if self.columns else row
            yield localised(kept, self.tz)

    def _check_columns(self, keys: Sequence[str]) -> None:
        for name in self.columns:
            if name not in keys:
                near = difflib.get_close_matches(name, keys, n=1)
                raise UsageError(
                    f"no column {name!r}" + (f"; did you mean {near[0]}?" if near else ""),
                    hint="columns: " + ", ".join(keys),
                )

    def _sink(self) -> Sink:
        """Standard output for a program: UTF-8 whatever the locale. What cannot be encoded is replaced, never an error."""
        _reconfigure(encoding="utf-8")
        return Shown(sys.stdout) if sys.stdout.isatty() else sys.stdout


def _reconfigure(encoding: str | None = None) -> None:
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding=encoding, errors="replace")
