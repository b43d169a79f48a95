"""`onrecord schedule`: when portals are crawled, and what is looked at again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.output import Output
from schedules.commands.add import add
from schedules.commands.plan import plan, simulate
from schedules.commands.replay import replay
from schedules.commands.run import run
from schedules.commands.systemd import systemd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archive.output.screen import Screen

LIST_KEYS = ("name", "portal", "cron", "words", "timezone", "next", "last", "paused", "trouble")
HISTORY_KEYS = (
    *("schedule", "portal", "scheduled_at", "state", "started_at", "ended_at", "seconds", "exit_code"),
    *("run", "outcome", "note", "log"),
)


@click.group(name="schedule")
def schedule() -> None:
    """Say when portals are crawled, run the crawls, and see which pages are worth another look."""


for command in (add, run, plan, simulate, replay, systemd):
    schedule.add_command(command)


@schedule.command("list")
@pass_session
@output_options
def list_schedules(session: Session, output: Output) -> None:
    """List the schedules: rule in words, next firing, how the last one ended, and whether a runner is alive."""
    from archive import database
    from archive.output.screen import Column
    from archive.output.times import day_and_time
    from archive.troubles import troubles
    from schedules import told
    from schedules.leader import leader

    with database.session(session.workspace) as opened:
        ill = troubles(opened, datetime.now(UTC))
        said = {item.portal: item.message for item in ill}
        rows = [{**row, "trouble": said.get(row["portal"])} for row in told.listed(opened, datetime.now(UTC))]
    table = [
        Column("name", style="id"),
        Column("words", "when", grow=True),
        Column("next", show=lambda row: "paused" if row["paused"] else day_and_time(row["next"], output.tz)),
        Column("last", show=_last),
    ]
    output.rows(rows, LIST_KEYS, table, empty='no schedule yet: onrecord schedule add PORTAL "every 30 min"')
    if rows and not output.machine:
        for trouble in ill:
            session.say(f"! {trouble.message}")
        alive = leader(session.workspace)
        session.say(f"runner: alive ({alive})" if alive else "runner: not running (start it: onrecord schedule run)")


@schedule.command()
@click.argument("name", metavar="[SCHEDULE]", required=False)
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, metavar="N", help="At most N firings.")
@pass_session
@output_options
def history(session: Session, output: Output, name: str | None, limit: int) -> None:
    """Show what a schedule (default: every one) has run, newest first: how each crawl ended, why, and where its log is."""
    from archive import database
    from archive.output.screen import Column
    from archive.output.times import day_and_time, span
    from schedules import schedule as schedules
    from schedules import told

    with database.session(session.workspace) as opened:
        asked = [schedules.named(opened, name)] if name is not None else schedules.every(opened)
        rows = [row for item in asked for row in told.history(opened, item, limit)]
    rows = sorted(rows, key=lambda row: row["scheduled_at"], reverse=True)[:limit]
    table = [
        *([] if name is not None else [Column("schedule")]),
        Column("scheduled_at", "due", show=lambda row: day_and_time(row["scheduled_at"], output.tz)),
        Column("state"),
        Column("seconds", "took", show=lambda row: "" if row["seconds"] is None else span(row["seconds"]), right=True),
        Column("exit_code", "exit", right=True),
        Column("run", style="id"),
        Column("note", grow=True),
    ]
    output.rows(rows, HISTORY_KEYS, table, empty="nothing has run yet")


@schedule.command()
@click.argument("name", metavar="SCHEDULE")
@pass_session
@output_options
def pause(session: Session, output: Output, name: str) -> None:
    """Let a schedule rest; a crawl that is on its way goes on."""
    _rest(session, output, name, paused=True)


@schedule.command()
@click.argument("name", metavar="SCHEDULE")
@pass_session
@output_options
def resume(session: Session, output: Output, name: str) -> None:
    """Let a paused schedule go on: what was due meanwhile runs once."""
    _rest(session, output, name, paused=False)


@schedule.command()
@click.argument("name", metavar="SCHEDULE")
@pass_session
@output_options
def remove(session: Session, output: Output, name: str) -> None:
    """Forget a schedule and its history; the crawls it made stay in the archive."""
    from archive import database
    from schedules import schedule as schedules

    with database.session(session.workspace) as opened:
        found = schedules.remove(opened, name)

    def human(screen: Screen) -> None:
        screen.print(f"{found.name} is removed ({found.rule.words})")

    output.one({"name": found.name, "portal": found.portal, "removed": True}, human)


def _rest(session: Session, output: Output, name: str, *, paused: bool) -> None:
    from archive import database
    from schedules import schedule as schedules

    with database.session(session.workspace) as opened:
        found = schedules.named(opened, name)
        changed = schedules.set_paused(opened, found.name, paused=paused)

    def human(screen: Screen) -> None:
        state = "paused" if paused else "active"
        screen.print(f"{found.name} is {state}" if changed else f"{found.name} was {state} already")

    output.one({"name": found.name, "portal": found.portal, "paused": paused}, human)


def _last(row: Mapping[str, Any]) -> str:
    from archive.output.times import day_and_time

    last = row["last"]
    if last is None:
        return "never"
    good = last["outcome"] in ("ok", "running", "due")
    outcome = last["outcome"] if good else f"{last['outcome'].upper()} ({last['note'] or 'see: onrecord schedule history'})"
    return f"{outcome} {day_and_time(last['at'])}"
