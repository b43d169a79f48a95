"""`onrecord list`: the pages of the archive."""

from __future__ import annotations

from typing import Any

import click

from archive.cli import cells
from archive.cli.filters import STATES, lang_option, limit_option, portal_option, section_option
from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.output import Output
from archive.output.screen import Column
from archive.output.times import day_and_time

KEYS = (
    "page",
    "portal",
    "url",
    "sections",
    "headline",
    "datePublished",
    "inLanguage",
    "state",
    "versions",
    "first_seen",
    "last_seen",
)


@click.command("list")
@portal_option
@section_option
@lang_option
@click.option("--state", type=STATES, help="Only pages that are live, suspected or gone.")
@limit_option
@pass_session
@output_options
def list_pages(session: Session, output: Output, **filters: Any) -> None:
    """List the articles of the archive, newest first.

    \b
      onrecord list --section Politics --state gone
      onrecord list --json | jq -r '.[] | select(.versions > 1) | .url'
    """
    from archive import query

    with session.record() as record:
        filters["section"] = query.check_names(record, portal=filters["portal"], section=filters["section"])
        short, several = query.short_ids(record), len(query.portals(record)) > 1
        table = [
            Column("page", show=lambda row: short(row["page"]), style="id"),
            *([Column("portal", style="dim")] if several else []),
            Column("datePublished", "published", show=lambda row: (row["datePublished"] or "")[:10]),
            Column("versions", "v", right=True),
            Column("state", show=cells.state),
            Column("headline", show=lambda row: row["headline"] or row["url"], grow=True),
            Column("last_seen", "last seen", show=lambda row: day_and_time(row["last_seen"], output.tz), style="dim"),
        ]
        output.rows(query.pages(record, **filters), KEYS, table, empty="no articles yet: onrecord crawl")
