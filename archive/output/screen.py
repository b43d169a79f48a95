"""What does a person see: a rich console that shows no acting character of an archived page, and tables that fit."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

from archive.output.formats import cell_text
from archive.output.safe import one_line, visible

# One palette for lists, diffs and summaries. Added is blue and underlined, removed yellow and struck (as the viewer
# shows them), so that neither meaning hangs on colour alone nor on telling red from green.
THEME = Theme(
    {
        "added": "bold blue underline",
        "removed": "yellow strike",
        "moved": "magenta",
        "id": "cyan",
        "dim": "bright_black",
        "live": "default",
        "suspected": "yellow",
        "gone": "bold yellow",
        "good": "green",
        "bad": "bold red",
        "warn": "yellow",
        "title": "bold",
        "hit": "bold",
    },
    inherit=True,
)
_CHUNK = 500  # rows laid out together: the first of them decide the widths of a list of any length
_LEAST = 6  # what a cut column still shows
PIPED_WIDTH = 1_000_000  # text that is not shown is never wrapped


class Screen(Console):
    """A console whose every printed character has passed `visible`, whoever printed it."""

    def on_broken_pipe(self) -> None:
        """rich would end the process with 1: a reader that leaves early, say `head`, has what it wanted."""
        raise BrokenPipeError

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """The segments of rich, made harmless."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(visible(segment.text), segment.style)


def screen(out: IO[str], *, color: bool, terminal: bool) -> Screen:
    """A screen on a stream: as wide as the terminal (80 where unknown), unwrapped where the stream is none."""
    width = shutil.get_terminal_size((80, 24)).columns if terminal else PIPED_WIDTH
    return Screen(
        file=out,
        theme=THEME,
        width=width,
        force_terminal=color,
        color_system=_color_system() if color else None,
        no_color=not color,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table for people: the row's `key`, or what `show` makes of the row."""

    key: str
    title: str | None = None  # default: the key
    show: Callable[[Mapping[str, Any]], str | Text] | None = None
    style: str = ""
    right: bool = False
    grow: bool = False  # takes the width that is left, and is cut where there is none
    optional: bool = False  # left out where it says nothing
    below: bool = False  # on lines of its own under the row, whole

    def cell(self, row: Mapping[str, Any]) -> Text:
        """The cell as one harmless line."""
        value = self.show(row) if self.show else cell_text(row.get(self.key))
        if isinstance(value, Text):
            return value
        return Text(one_line(value))


def print_table(rows: Iterable[Mapping[str, Any]], columns: Sequence[Column], console: Console) -> None:
    """Lay rows out in chunks, so that a list of any length starts at once and keeps its columns."""
    widths: list[int] | None = None
    below = [column for column in columns if column.below]
    columns = [column for column in columns if not column.below]
    for chunk in _chunks(rows):
        first = widths is None
        if first:
            columns = [column for column in columns if not column.optional or any(column.cell(row) for row in chunk)]
        cells = [[column.cell(row) for column in columns] for row in chunk]
        if widths is None:
            columns, cells, widths = _fitted(columns, cells, console.width)
        table = _table(columns, widths, show_header=first)
        for row, line in zip(chunk, cells, strict=True):
            table.add_row(*line)
            said = [cell for column in below if (cell := column.cell(row))]
            if said:
                console.print(table, crop=False)
                table = _table(columns, widths, show_header=False)
                for cell in said:
                    console.print(Padding(cell, (0, 0, 0, 2)), style="dim")
        if table.row_count:
            console.print(table, crop=False)


def _table(columns: Sequence[Column], widths: Sequence[int], *, show_header: bool) -> Table:
    table = Table(box=None, show_header=show_header, header_style="dim", padding=(0, 2, 0, 0), pad_edge=False)
    for column, width in zip(columns, widths, strict=True):
        table.add_column(
            Text(column.title if column.title is not None else column.key),
            width=width,
            style=column.style,
            justify="right" if column.right else "left",
            no_wrap=True,
            overflow="ellipsis",
        )
    return table


def _fitted(
    columns: Sequence[Column], cells: list[list[Text]], available: int
) -> tuple[Sequence[Column], list[list[Text]], list[int]]:
    """The columns that fit: on a narrow terminal the dim and optional ones go, from the right, before an id is cut."""
    widths = _widths(cells, columns, available)
    while sum(widths) + 2 * len(widths) > available + 2:
        dim = [n for n, column in enumerate(columns) if column.style == "dim" or column.optional]
        if not dim:
            break
        columns = [column for n, column in enumerate(columns) if n != dim[-1]]
        cells = [[cell for n, cell in enumerate(line) if n != dim[-1]] for line in cells]
        widths = _widths(cells, columns, available)
    return columns, cells, widths


def _widths(cells: Sequence[Sequence[Text]], columns: Sequence[Column], available: int) -> list[int]:
    widths = [
        max([cell_len(column.title if column.title is not None else column.key), *(line[n].cell_len for line in cells)])
        for n, column in enumerate(columns)
    ]
    spare = available - sum(widths) - 2 * len(widths)
    for n, column in enumerate(columns):
        if column.grow and spare < 0:
            cut = min(-spare, max(0, widths[n] - _LEAST))
            widths[n] -= cut
            spare += cut
    return widths


def _chunks(rows: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk


def _color_system() -> Any:
    return "truecolor" if os.environ.get("COLORTERM") in ("truecolor", "24bit") else "256"
