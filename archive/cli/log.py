"""`onrecord log`: the history of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from archive.cli import cells
from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.output import Output
from archive.output.times import moment

if TYPE_CHECKING:
    from archive.output.screen import Screen

KEYS = ("version", "kind", "fields", "words_added", "words_removed", "not_before", "seen_at", "last_seen", "visits")
VISIT_KEYS = ("at", "outcome", "status", "basis", "error", "run", "version")


@click.command()
@click.argument("ref")
@click.option("--all", "every", is_flag=True, help="Every visit instead, also those that showed nothing new.")
@click.option("--stat", is_flag=True, help="Also which fields changed, by how many words, and after which last sight.")
@pass_session
@output_options
def log(session: Session, output: Output, ref: str, every: bool, stat: bool) -> None:
    """Show the history of REF, newest first (for programs: oldest first).

    The time of an edit is an interval: after the last sight of the old text, at or before the first of the new.

    \b
      onrecord log a1f3c9 --stat
      onrecord log https://gov.example/news/1 --json
    """
    from archive import query

    with session.record() as record:
        page = query.page(record, ref)
        rows: Sequence[Any] = list(query.visits(record, ref)) if every else query.history(record, ref)
        short = query.short_ids(record)(page["page"])
    if output.machine:
        output.rows(rows, VISIT_KEYS if every else KEYS)
        return
    with output.text() as screen:
        _heading(screen, page, short)
        if every:
            _visits(screen, rows, output)
        else:
            _versions(screen, rows, output, stat=stat)


def _heading(screen: Screen, page: Mapping[str, Any], short: str) -> None:
    from rich.text import Text

    screen.print(Text.assemble((short, "id"), " ", (page["headline"] or page["url"], "title")))
    screen.print(Text(" · ".join([*page["sections"], *filter(None, [page["inLanguage"]]), page["state"]]), style="dim"))


def _versions(screen: Screen, rows: Sequence[Mapping[str, Any]], output: Output, *, stat: bool) -> None:
    from rich.text import Text

    from archive.output.screen import Column, print_table

    table = [
        Column("version", "", show=lambda row: f"@{row['version']}", style="id"),
        Column("seen_at", "first seen", show=lambda row: moment(row["seen_at"], output.tz)),
        Column("kind", "", show=cells.kind),
    ]
    if stat:
        table += [
            Column("words", show=cells.words, optional=True),
            Column("fields", show=lambda row: ", ".join(row["fields"]), grow=True),
            Column("not_before", "after", show=lambda row: moment(row["not_before"], output.tz), style="dim"),
        ]
    else:
        table.append(Column("last_seen", "last seen", show=lambda row: moment(row["last_seen"], output.tz), style="dim"))
    print_table(reversed(rows), table, screen)
    visits = sum(row["visits"] for row in rows)
    last = max((row["last_seen"] for row in rows), default=None)
    unchanged = f"{cells.counted(visits, 'visit')}, {visits - len(rows):,} showed nothing new (last {moment(last, output.tz)})"
    screen.print(Text(unchanged, style="dim"))


def _visits(screen: Screen, rows: Sequence[Mapping[str, Any]], output: Output) -> None:
    from archive.output.screen import Column, print_table

    table = [
        Column("at", show=lambda row: moment(row["at"], output.tz)),
        Column("outcome"),
        Column("status", "answer", show=lambda row: str(row["status"] or "none")),
        Column("version", show=lambda row: f"@{row['version']}" if row["version"] else "", style="id"),
        Column("basis", "known by", show=lambda row: "" if row["basis"] == "none" else row["basis"].replace("_", " ")),
        Column("error", grow=True, style="dim", optional=True),
    ]
    print_table(reversed(rows), table, screen)
