"""`doctor` says whether a scheduler runs where one is needed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from archive.workspace import Workspace
from schedules.alive import check
from schedules.leader import lead
from tests.schedules.scheduling import add_portal, add_schedule


def test_the_scheduler_is_alive_dead_or_not_needed(store: Workspace) -> None:
    assert list(check(store)) == []
    add_schedule(store, add_portal(store), "every hour", now=datetime.now(UTC))
    assert [finding.verdict for finding in check(store)] == ["warn"]
    with lead(store):
        (finding,) = check(store)
    assert finding.verdict == "ok" and finding.message.startswith("the scheduler runs (pid ")


def test_a_crawl_that_is_due_and_that_nobody_begins_fails(sqlite_workspace: Workspace) -> None:
    add_schedule(sqlite_workspace, add_portal(sqlite_workspace), "every minute", now=datetime.now(UTC) - timedelta(hours=1))
    (finding,) = check(sqlite_workspace)
    assert finding.verdict == "fail" and "a crawl has been due since" in finding.message
