"""`onrecord runs`: the crawls, imports and backfills that filled the archive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from archive.cli.filters import limit_option, portal_option
from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.output import Output
from archive.output.screen import Column
from archive.output.times import day_and_time, span

KEYS = ("run", "portal", "kind", "outcome", "scheduled_at", "started_at", "ended_at", "visits", "reasons", "stats")
_STYLES = {"ok": "good", "running": "id", "unhealthy": "bad", "failed": "bad", "interrupted": "warn"}


@click.command()
@portal_option
@limit_option
@pass_session
@output_options
def runs(session: Session, output: Output, portal: str | None, limit: int | None) -> None:
    """List crawls and other runs, newest first, with how they ended.

    \b
      onrecord runs --limit 5
      onrecord runs --json | jq '.[] | select(.outcome != "ok") | .reasons'
    """
    from rich.text import Text

    from archive import query

    table = [
        Column("run", show=lambda row: row["run"][:8], style="id"),
        Column("portal"),
        Column("kind", style="dim"),
        Column("started_at", "started", show=lambda row: day_and_time(row["started_at"], output.tz)),
        Column("took", show=_took, right=True),
        Column("visits", right=True),
        Column("outcome", show=lambda row: Text(row["outcome"], style=_STYLES.get(row["outcome"], ""))),
        Column("reasons", show=_why, below=True),
    ]
    with session.record() as record:
        query.check_names(record, portal=portal)
        rows = query.runs(record, portal=portal, limit=limit)
        output.rows(rows, KEYS, table, empty="no runs yet: onrecord crawl")


def _took(row: Mapping[str, Any]) -> str:
    return span((row["ended_at"] - row["started_at"]).total_seconds()) if row["ended_at"] else ""


def _why(row: Mapping[str, Any]) -> str:
    return "; ".join(reason for reason in map(str, row["reasons"]) if reason != row["outcome"])
