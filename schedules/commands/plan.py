"""`onrecord schedule plan` and `simulate`: what would be asked next and why; what a budget would have caught."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.output import Output

if TYPE_CHECKING:
    from archive.output.screen import Screen

PLAN_KEYS = ("page", "url", "why", "expected_unseen_edits", "last_seen", "in_budget")


@click.command()
@click.argument("portal", metavar="PORTAL")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N pages (default: what is left of the budget).")
@pass_session
@output_options
def plan(session: Session, output: Output, portal: str, limit: int | None) -> None:
    """Show which known pages a crawl would ask now, best first, and why; it asks nothing."""
    from archive.output.screen import Column
    from archive.output.times import day_and_time
    from crawler import portal_file
    from schedules import due

    found = portal_file.find(session.workspace, portal_file.id_of(session.workspace, portal))
    now = datetime.now(UTC)
    with session.record() as record:
        requests = limit or due.budget(record, found, now)
        rows = [asdict(item) for item in due.ranked(record, found, now, requests)]
    table = [
        Column("url", grow=True),
        Column("why", grow=True),
        Column("last_seen", "last seen", show=lambda row: day_and_time(row["last_seen"], output.tz)),
    ]
    output.rows(rows, PLAN_KEYS, table, empty="nothing is worth another look now")


@click.command()
@click.argument("portal", metavar="PORTAL")
@click.option(
    "--budget",
    type=click.FloatRange(min=0, min_open=True),
    metavar="N",
    help="Below 1: requests per page and day. From 1 on: requests a day (default: the portal's requests_per_day).",
)
@pass_session
@output_options
def simulate(session: Session, output: Output, portal: str, budget: float | None) -> None:
    """Play the archive's own history of a portal: how many of the edits it knows would this budget have caught?

    An edit is taken to have been made in the middle of the time between the two visits that bound it; edits that no crawl
    saw are not known, so the figures flatter budgets much larger than the archive's own.
    """
    from crawler import portal_file
    from schedules import rivals
    from schedules.past import past
    from schedules.replay import replay

    found = portal_file.find(session.workspace, portal_file.id_of(session.workspace, portal))
    requests = budget if budget is not None else float(found.politeness.requests_per_day)
    with session.record() as record:
        history = past(record, found.about.id)
    row = {"portal": found.about.id, "budget": requests, **asdict(replay(history, rivals.maker("onrecord"), requests))}

    def human(screen: Screen) -> None:
        screen.print(f"{row['caught']} of the {row['edits']} known edits caught with {row['requests']} requests")
        if row["edits"]:
            screen.print(f"seen after {row['median_delay_h']} h (median), {row['mean_delay_h']} h (mean)")

    output.one(row, human)
