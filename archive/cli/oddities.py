"""`onrecord oddities`: articles dated back or ahead, and articles that their list dropped."""

from __future__ import annotations

from typing import Any

import click

from archive.cli.filters import Words, limit_option, portal_option
from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.output import Output
from archive.output.screen import Column
from archive.output.times import day_and_time

KEYS = ("kind", "portal", "page", "url", "headline", "stated", "seen_at", "days", "list_url", "why")


@click.command()
@click.option("--kind", "kinds", type=Words("back-dated", "future-dated", "dropped"), help="Only these.")
@portal_option
@limit_option
@pass_session
@output_options
def oddities(session: Session, output: Output, **filters: Any) -> None:
    """List articles whose stated day contradicts what was seen, and live articles that vanished from their list.

    back-dated: an earlier look at a list that reached back to the stated day did not show the article.
    future-dated: the stated day lies after the day on which the article was first seen.
    dropped: the list still shows older articles, but not this one; the page itself is live.

    \b
      onrecord oddities --kind back-dated
      onrecord oddities --json | jq -r '.[] | [.kind, .days, .url] | @tsv'
    """
    from archive import query

    with session.record() as record:
        query.check_names(record, portal=filters["portal"])
        rows = query.oddities(record, **filters)
        short = query.short_ids(record)
    table = [
        Column("kind"),
        Column("portal", style="dim"),
        Column("page", show=lambda row: short(row["page"]), style="id"),
        Column("stated"),
        Column("seen_at", "seen", show=lambda row: day_and_time(row["seen_at"], output.tz)),
        Column("headline", show=lambda row: row["headline"] or row["url"], grow=True),
        Column("why", grow=True, style="dim"),
    ]
    output.rows(rows, KEYS, table, empty="nothing odd about dates and lists")
