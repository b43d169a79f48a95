"""`onrecord changes` and `onrecord gone`: what was edited, moved or taken down."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from archive.cli import cells
from archive.cli.filters import (
    DECLARED,
    FIELDS,
    KINDS,
    Period,
    Words,
    limit_option,
    min_words_option,
    portal_option,
    section_option,
    until_option,
)
from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.output import Output
from archive.output.times import day_and_time

if TYPE_CHECKING:
    from archive.output.screen import Column

KEYS = (
    "portal",
    "page",
    "url",
    "from_url",
    "from_page",
    "sections",
    "headline",
    "inLanguage",
    "kind",
    "fields",
    "words_added",
    "words_removed",
    "from",
    "to",
    "not_before",
    "detected_at",
    "significance",
    "why",
    "declared",
    "muted",
)
GONE_KEYS = (
    "page",
    "url",
    "portal",
    "headline",
    "inLanguage",
    "state",
    "first_missing_at",
    "visits",
    "last_status",
    "last_good",
    "redirects_to",
)


class SinceOrLast(Period):
    """A period, or `last`: since the changes were looked at with `--since last` the time before."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The instant, or the word."""
        return value if value == "last" else super().convert(value, param, ctx)


@click.command()
@click.option("--since", type=SinceOrLast(end=False), help="Not before: 7d, today, 2018-11-27; last: your last look.")
@until_option
@click.option("--kind", "kinds", type=KINDS, help="Only these: new, edited, moved, replaced, gone, back.")
@click.option("--fields", type=FIELDS, help="Only changes in these: headline, body, dates, authors, links, images, …")
@portal_option
@section_option
@min_words_option
@click.option("--min-significance", type=click.FloatRange(0, 1), metavar="N", help="Only from this score on, 0 to 1.")
@click.option("--declared", type=DECLARED, help="Only edits that the page declares (yes), hides (no), or unknown.")
@click.option("--muted", is_flag=True, help="Also changes that are only furniture: counters, clocks, typography.")
@click.option("-p", "--patch", is_flag=True, help="Also the changed paragraphs, word by word.")
@limit_option
@pass_session
@output_options
def changes(session: Session, output: Output, since: datetime | str | None, patch: bool, **filters: Any) -> None:
    """List changes, newest first.

    \b
      onrecord changes --since 7d --kind edited,gone
      onrecord changes --since last -p
      onrecord changes --declared no --min-significance 0.5
      onrecord changes --fields headline --json | jq -r '.[].headline'
    """
    from archive import query
    from archive.cli.looked import last_look, note_look

    with session.record() as record:
        filters["section"] = query.check_names(record, portal=filters["portal"], section=filters["section"])
        start = last_look(session.workspace) if isinstance(since, str) else since
        running = [row["started_at"] for row in query.runs(record, limit=20) if row["outcome"] == "running"]
        rows = query.changes(record, since=start, blocks=patch, **filters)
        short, several = query.short_ids(record), len(query.portals(record)) > 1
    if patch and rows and not output.machine:
        _patches(rows, output, short)
    else:
        output.rows(rows, (*KEYS, "blocks") if patch else KEYS, _table(output, short, several=several), empty="no changes")
    if isinstance(since, str):
        note_look(session, min(running, default=None))


@click.command()
@click.option("--state", type=Words("suspected", "gone"), help="Only suspected, or only confirmed.")
@portal_option
@section_option
@limit_option
@pass_session
@output_options
def gone(session: Session, output: Output, **filters: Any) -> None:
    """List pages that are not served any more, newest first; their last good version stays readable.

    A page that is missing is suspected first, and gone when as many visits over as long a time as the portal file asks
    for have confirmed it.

    \b
      onrecord gone
      onrecord show $(onrecord gone --json | jq -r '.[0].last_good')
    """
    from archive import query
    from archive.output.screen import Column

    with session.record() as record:
        filters["section"] = query.check_names(record, portal=filters["portal"], section=filters["section"])
        rows = query.gone(record, **filters)
        short = query.short_ids(record)
    table = [
        Column("state", show=cells.state),
        Column("first_missing_at", "since", show=lambda row: day_and_time(row["first_missing_at"], output.tz)),
        Column("visits", right=True),
        Column("last_status", "answer", show=lambda row: str(row["last_status"] or "none")),
        Column("headline", show=lambda row: row["headline"] or row["url"], grow=True),
        Column("last_good", "last good", show=lambda row: short(row["last_good"] or ""), style="id"),
    ]
    output.rows(rows, GONE_KEYS, table, empty="no page is missing")


def _table(output: Output, short: Callable[[str], str], *, several: bool) -> list[Column]:
    from archive.output.screen import Column

    return [
        *([Column("portal", style="dim")] if several else []),
        Column("detected_at", "when", show=lambda row: day_and_time(row["detected_at"], output.tz)),
        Column("kind", show=cells.kind),
        Column("fields", "what", show=cells.extent, optional=True),
        Column("headline", show=lambda row: row["headline"] or row["url"], grow=True),
        Column("page", "version", show=lambda row: short(f"{row['page']}@{row['to']}"), style="id"),
    ]


def _patches(rows: Sequence[Mapping[str, Any]], output: Output, short: Callable[[str], str]) -> None:
    from rich.text import Text

    from archive.cli.diff import print_blocks

    with output.text() as screen:
        for row in rows:
            line = Text.assemble((short(f"{row['page']}@{row['to']}"), "id"), "  ")
            line.append(cells.kind(row)).append("  ").append(row["headline"] or row["url"], style="title")
            screen.print(line)
            where = [row["portal"], day_and_time(row["detected_at"], output.tz), ", ".join(row["fields"]), row["why"]]
            screen.print(Text("  ".join(filter(None, where)), style="dim"))
            print_blocks(screen, row["blocks"])
            screen.print()
