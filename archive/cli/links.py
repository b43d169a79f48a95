"""`onrecord links`: what an article points to, and what points to it."""

from __future__ import annotations

from typing import Any

import click

from archive.cli.filters import LINK_KINDS, limit_option, portal_option
from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.output import Output
from archive.output.screen import Column

KEYS = ("page", "version", "kind", "url", "title", "outlet", "date", "lang", "archived", "state")


@click.command()
@click.argument("ref", required=False)
@click.option("--kind", "kinds", type=LINK_KINDS, help="Only these: related, citation, foreign_press, body, attachment, …")
@click.option("--foreign-press", is_flag=True, help="Same as --kind foreign_press.")
@click.option("--in", "incoming", is_flag=True, help="The archived pages that link to REF.")
@click.option("--broken", is_flag=True, help="Only links to pages of the archive that are suspected or gone.")
@portal_option
@limit_option
@pass_session
@output_options
def links(session: Session, output: Output, ref: str | None, foreign_press: bool, **filters: Any) -> None:
    """List the links of REF, or without REF those of every article: related, citations, foreign press, attachments.

    \b
      onrecord links a1f3c9 --foreign-press
      onrecord links --kind citation --format csv > citations.csv
      onrecord links a1f3c9 --in
    """
    from archive import query

    if foreign_press:
        filters["kinds"] = (*(filters["kinds"] or ()), "foreign_press")
    with session.record() as record:
        query.check_names(record, portal=filters["portal"])
        short = query.short_ids(record)
        carrier = Column("page", "on" if not filters["incoming"] else "from", show=lambda row: short(row["page"]), style="id")
        table = [
            *([carrier] if ref is None or filters["incoming"] else []),
            Column("kind", show=lambda row: row["kind"].replace("_", " "), style="dim"),
            Column("date", show=lambda row: (row["date"] or "")[:10], optional=True),
            Column("outlet", optional=True),
            Column("title", show=lambda row: row["title"] or row["url"] or "", grow=True),
            Column("archived", show=lambda row: short(row["archived"]) if row["archived"] else "no"),
        ]
        output.rows(query.links(record, ref, zone=output.tz, **filters), KEYS, table, empty="no links")
