"""Is the scheduler alive? A check of `doctor` (entry-point group `onrecord.checks`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from archive import database
from archive.doctor import Finding
from archive.workspace import Workspace
from schedules import firing, schedule
from schedules.leader import leader

LATE = timedelta(minutes=5)  # a firing that nobody began for so long


def check(workspace: Workspace) -> Iterator[Finding]:
    """Say who leads, or that nobody does though crawls are due; nothing where there is no schedule."""
    with database.session(workspace, readonly=True) as session:
        active = list(schedule.every(session, active=True))
        late = sorted(item.at for item in firing.due_firings(session, active, datetime.now(UTC) - LATE))
    if not active:
        return
    alive = leader(workspace)
    if alive is not None:
        yield Finding("scheduler", "ok", f"the scheduler runs ({alive}), {len(active)} schedules")
    elif late:
        message = f"the scheduler does not run, and a crawl has been due since {late[0]:%Y-%m-%d %H:%M %Z}"
        yield Finding("scheduler", "fail", message, "onrecord schedule run, or as a service: onrecord schedule systemd")
    else:
        yield Finding("scheduler", "warn", "the scheduler does not run", "onrecord schedule run, or --once from cron")
