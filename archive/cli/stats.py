"""`onrecord stats`: how much is published, edited and taken down, by portal, section or day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

from archive.cli import cells
from archive.cli.filters import portal_option, since_option, until_option
from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.errors import UsageError
from archive.output import Output
from archive.output.screen import Column
from archive.output.times import span

KINDS = ("new", "edited", "moved", "replaced", "gone", "back")
_COUNTED = ("articles", *KINDS, "median_first_edit_h", "series")
COLUMNS = {
    "portal": ("portal", *_COUNTED),
    "section": ("section", *_COUNTED),
    "day": ("day", *KINDS),
    "age": ("age", "watched", "unchanged", "served"),
    "first-edit": ("first_edit", "articles"),
    "hour": ("weekday", "hour", "new"),
}
_WHOLE = {"age": "ages", "first-edit": "first edits", "hour": "hours"}


@click.command()
@click.option("--by", type=click.Choice(list(COLUMNS)), default="portal", help="A row for each.")
@portal_option
@since_option
@until_option
@pass_session
@output_options
def stats(session: Session, output: Output, by: Any, portal: str | None, **period: Any) -> None:
    """Count articles, edits and removals; the small bars are changes a day.

    \b
      onrecord stats
      onrecord stats --by section --portal example-az
      onrecord stats --by day --format csv > days.csv
      onrecord stats --by age               how many texts stand as first seen, by their age
      onrecord stats --by first-edit        how soon articles are edited for the first time
      onrecord stats --by hour              new articles by weekday and hour, in the portal's time
    """
    from archive import query

    with session.record() as record:
        query.check_names(record, portal=portal)
        if by in _WHOLE:
            if any(period.values()):
                raise UsageError(f"{_WHOLE[by]} are counted over all of the record", hint="without --since and --until")
            if by == "age":
                _ages(output, query.survival(record, portal))
            elif by == "first-edit":
                _first_edits(output, query.first_edit_rows(query.first_edits(record, portal)))
            else:
                _week(output, query.week_rows(query.week(record, portal)))
            return
        rows = query.stats(record, by=by, portal=portal, zone=output.tz, **period)
    if by == "day":
        top = max((sum(row[kind] for kind in KINDS) for row in rows), default=1)
        table = [
            Column("day"),
            Column("changes", show=lambda row: cells.bar(sum(row[kind] for kind in KINDS), top, 16), style="id"),
            *(Column(kind, right=True) for kind in KINDS),
        ]
        output.rows(rows, COLUMNS[by], table, empty="no changes yet")
        return
    table = [
        Column(by, grow=True),
        Column("series", "changes", show=lambda row: cells.sparkline(row["series"][-20:]), style="id"),
        Column("articles", right=True),
        Column("edited", right=True),
        Column("gone", right=True),
        Column("median_first_edit_h", "first edit", show=_hours, right=True),
    ]
    output.rows(rows, COLUMNS[by], table, empty="no articles yet: onrecord crawl")


def _ages(output: Output, rows: list[dict[str, Any]]) -> None:
    def share(name: str) -> Callable[[Mapping[str, Any]], str]:
        return lambda row: f"{100 * row[name]:.1f} %"

    table = [
        Column("age"),
        Column("bar", "unchanged", show=lambda row: cells.bar(round(1000 * row["unchanged"]), 1000, 16), style="id"),
        Column("unchanged", "", show=share("unchanged"), right=True),
        Column("served", show=share("served"), right=True),
        Column("watched", right=True),
    ]
    output.rows(rows, COLUMNS["age"], table, empty="no article was looked at twice yet")


def _first_edits(output: Output, rows: list[dict[str, Any]]) -> None:
    top = max(row["articles"] for row in rows)
    table = [
        Column("first_edit", "first edit"),
        Column("bar", "articles", show=lambda row: cells.bar(row["articles"], top, 16), style="id"),
        Column("articles", "", right=True),
    ]
    output.rows(rows, COLUMNS["first-edit"], table)


def _week(output: Output, rows: list[dict[str, Any]]) -> None:
    top = max(row["new"] for row in rows)
    table = [
        Column("weekday"),
        Column("hour", right=True),
        Column("bar", "new", show=lambda row: cells.bar(row["new"], top, 16), style="id"),
        Column("new", "", right=True),
    ]
    output.rows(rows, COLUMNS["hour"], table)


def _hours(row: Mapping[str, Any]) -> str:
    hours = row["median_first_edit_h"]
    if hours is None:
        return ""
    return span(hours * 3600) if hours else "minutes"
