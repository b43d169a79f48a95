"""`onrecord blame`: which version brought each sentence, and which took away those that are gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.output import Output
from archive.output.times import moment

if TYPE_CHECKING:
    from rich.text import Text

    from archive.output.screen import Screen

KEYS = ("field", "para", "text", "version", "seen_at", "gone", "until", "gone_at")


@click.command()
@click.argument("ref")
@click.option("--gone", "only_gone", is_flag=True, help="Only sentences that were taken away.")
@pass_session
@output_options
def blame(session: Session, output: Output, ref: str, only_gone: bool) -> None:
    """Show REF sentence by sentence with the version that brought each, then those that are gone.

    \b
      onrecord blame a1f3c9
      onrecord blame a1f3c9 --gone --json
    """
    from archive import query

    with session.record() as record:
        rows = query.blame(record, ref, zone=output.tz)
    if only_gone:
        rows = [row for row in rows if row["gone"]]
    if output.machine:
        output.rows(rows, KEYS)
        return
    with output.text() as screen:
        _print(screen, rows, output)


def _print(screen: Screen, rows: Sequence[Mapping[str, Any]], output: Output) -> None:
    from rich.table import Table

    from archive.output.screen import PIPED_WIDTH

    lines = _lines(rows, output)
    if screen.width == PIPED_WIDTH:  # a table would fill every line up to the longest paragraph
        widths = [max(line[n].cell_len for line in lines) for n in range(3)] if lines else []
        for line in lines:
            for cell, width in zip(line, widths, strict=False):
                cell.pad_right(width - cell.cell_len)
            screen.print(*line, sep="  ")
        return
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    for _ in range(3):
        table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for line in lines:
        table.add_row(*line)
    screen.print(table)


def _lines(rows: Sequence[Mapping[str, Any]], output: Output) -> list[tuple[Text, Text, Text, Text]]:
    """Version, place, instant and text of each row; what the row above says too is left out."""
    from rich.text import Text

    lines = []
    last: tuple[Any, ...] = ()
    for row in rows:
        mark = (row["version"], row["para"], row["gone"])
        who = Text(f"@{row['version']}", style="id")
        if row["gone"]:
            when = Text(moment(row["gone_at"], output.tz), style="dim")
            lines.append((who, Text(f"gone @{row['until']}", style="gone"), when, Text(row["text"] or "", style="removed")))
        else:
            place = "title" if row["field"] == "headline" else f"¶{row['para']}"
            same = mark == last
            lines.append(
                (
                    Text() if same else who,
                    Text() if same else Text(place, style="dim"),
                    Text() if same else Text(moment(row["seen_at"], output.tz), style="dim"),
                    Text(row["text"]),
                )
            )
        last = mark
    return lines
