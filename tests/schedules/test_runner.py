"""Two schedulers on one store, killed at random, double no run and miss none; on both databases."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from archive import database, models, workspace
from archive.errors import Busy
from archive.workspace import Workspace
from schedules import firing
from schedules.crawls import Crawls
from schedules.jobs import Job
from schedules.leader import lead, leader
from schedules.runner import FAIL_OVER, Runner
from tests.schedules.scheduling import NOW, StandIn, add_portal, add_schedule
from tests.schedules.test_due import told

# A scheduler on the archive in argv[1] with the stand-in crawl of the folder in argv[2], which takes argv[3] seconds.
SCHEDULER = """
import logging, signal, sys
from pathlib import Path
from archive import workspace
from schedules.runner import Runner
from tests.schedules.scheduling import StandIn
logging.basicConfig(level="INFO", format="%(message)s")
logging.getLogger("apscheduler").setLevel("WARNING")
runner = Runner(workspace.open_at(Path(sys.argv[1])), command=StandIn(Path(sys.argv[2]), float(sys.argv[3])))
signal.signal(signal.SIGTERM, lambda *_: runner.stop())
runner.run()
"""


def start(workspace: Workspace, folder: Path, seconds: str, number: int) -> subprocess.Popen[bytes]:
    """A scheduler whose words go to a file, named by its process id once that is known."""
    command = [sys.executable, "-c", SCHEDULER, str(workspace.root), str(folder), seconds]
    with (folder / f"said-{number}").open("wb") as words:
        process = subprocess.Popen(command, stderr=words, cwd=Path(__file__).parents[2])
    (folder / f"said-{number}").rename(folder / f"said-by-{process.pid}")
    return process


def said(folder: Path, process: subprocess.Popen[bytes]) -> str | None:
    """Whether a scheduler leads or stands by, as it said last."""
    words = (folder / f"said-by-{process.pid}").read_text()
    found = {words.rfind(state): state for state in ("leading", "standing by") if state in words}
    return found[max(found)] if found else None


def leads(folder: Path, process: subprocess.Popen[bytes]) -> bool:
    return said(folder, process) == "leading"


def settled(folder: Path, pair: list[subprocess.Popen[bytes]]) -> bool:
    return sorted(said(folder, item) or "" for item in pair) == ["leading", "standing by"]


@contextmanager
def scheduler(workspace: Workspace, folder: Path, seconds: float) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", SCHEDULER, str(workspace.root), str(folder), str(seconds)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stderr.close()


def wait_until(condition, seconds: float = 60.0) -> None:
    patience = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < patience, "waited too long"
        time.sleep(0.05)


def rows(workspace: Workspace) -> list[models.DueRun]:
    with database.session(workspace) as session:
        return list(session.scalars(select(models.DueRun).order_by(models.DueRun.scheduled_at)))


def test_a_due_crawl_runs_once_and_its_end_is_written_down(store: Workspace, tmp_path: Path) -> None:
    add_schedule(store, add_portal(store), "every 30 min")
    crawl = StandIn(tmp_path)
    clock = NOW + timedelta(minutes=31)
    assert Runner(store, command=crawl, clock=lambda: clock).run_once() == [0]
    assert Runner(store, command=crawl, clock=lambda: clock).run_once() == []
    assert crawl.started == ["example 2026-11-24T12:30:00+00:00"]
    (row,) = rows(store)
    assert (row.state, row.exit_code, row.scheduled_at) == ("done", 0, datetime(2026, 11, 24, 12, 30, tzinfo=UTC))
    assert Path(row.log).read_text() == "crawling example\n"


def test_a_failed_crawl_keeps_its_exit_code_and_its_last_words(sqlite_workspace: Workspace, tmp_path: Path) -> None:
    add_schedule(sqlite_workspace, add_portal(sqlite_workspace), "every 30 min")
    runner = Runner(sqlite_workspace, command=StandIn(tmp_path, code=1), clock=lambda: NOW + timedelta(minutes=31))
    assert runner.run_once() == [1]
    (row,) = rows(sqlite_workspace)
    assert (row.state, row.exit_code, row.note) == ("failed", 1, "error: no route to host")


def test_a_crawl_past_its_deadline_is_stopped(sqlite_workspace: Workspace, tmp_path: Path) -> None:
    add_schedule(sqlite_workspace, add_portal(sqlite_workspace), "every 30 min", deadline="1m")
    start, began = NOW + timedelta(minutes=31), time.monotonic()
    clock = lambda: start + timedelta(seconds=(time.monotonic() - began) * 600)  # noqa: E731 - ten minutes a second
    assert Runner(sqlite_workspace, command=StandIn(tmp_path, seconds=60), clock=clock).run_once()[0] != 0
    assert rows(sqlite_workspace)[0].state == "failed"


def test_the_operator_is_told_of_a_portal_in_trouble_after_a_crawl(sqlite_workspace: Workspace, tmp_path: Path) -> None:
    words = """
[[alerts.channel]]
name = "operator"
by = "command"
command = ["tee", "-a", "told"]
operator = true
"""
    (sqlite_workspace.root / "onrecord.toml").write_text(words, encoding="utf-8")
    made = workspace.open_at(sqlite_workspace.root)
    add_schedule(made, add_portal(made), "every 30 min")
    with database.session(made) as session:
        owner = session.scalar(select(models.Portal.id))
        for hours in (1, 2):
            at = NOW - timedelta(hours=hours)
            session.add(models.Run(uid=f"r{hours}", portal_id=owner, started_at=at, ended_at=at, outcome="unhealthy"))
    for minutes in (31, 61, 91):
        assert Runner(made, command=StandIn(tmp_path), clock=lambda m=minutes: NOW + timedelta(minutes=m)).run_once() == [0]
    told = [json.loads(line) for line in (made.root / "told").read_text().replace("}{", "}\n{").splitlines()]
    assert [([item["kind"] for item in notice["troubles"]], notice["over"]) for notice in told] == [
        (["errors"], []),
        ([], ["example"]),
    ]


def test_quiet_hours_put_a_crawl_off_and_it_runs_once_when_they_end(sqlite_workspace: Workspace, tmp_path: Path) -> None:
    portal = add_portal(sqlite_workspace, politeness='quiet_hours = "16:00-18:00"')  # 12:00-14:00 UTC
    add_schedule(sqlite_workspace, portal, "every 30 min")
    crawl = StandIn(tmp_path)
    for minutes in (31, 61, 91):
        assert Runner(sqlite_workspace, command=crawl, clock=lambda m=minutes: NOW + timedelta(minutes=m)).run_once() == []
    assert Runner(sqlite_workspace, command=crawl, clock=lambda: NOW + timedelta(minutes=121)).run_once() == [0]
    assert crawl.started == ["example 2026-11-24T14:00:00+00:00"]


def test_a_firing_missed_by_more_than_its_grace_is_written_down_as_missed(sqlite_workspace: Workspace, tmp_path: Path) -> None:
    add_schedule(sqlite_workspace, add_portal(sqlite_workspace), "@daily", grace="1h")
    runner = Runner(sqlite_workspace, command=StandIn(tmp_path), clock=lambda: NOW + timedelta(days=1))
    assert runner.run_once() == []
    assert [row.state for row in rows(sqlite_workspace)] == ["missed"]


def test_a_suspected_page_is_asked_again_between_firings_without_the_listings(
    sqlite_workspace: Workspace, tmp_path: Path
) -> None:
    story = told(sqlite_workspace)
    portal = add_portal(sqlite_workspace, "example-az")
    add_schedule(sqlite_workspace, portal, "@yearly", now=story.at)
    jobs = []

    def command(workspace: Workspace, job: Job) -> list[str]:
        jobs.append(job)
        return ["true"]

    for minutes, asked in ((5, 0), (11, 1)):
        now = story.at + timedelta(minutes=minutes)
        crawls = Crawls(sqlite_workspace, command, lambda now=now: now)
        crawls.start_due()
        assert len(jobs) == asked
    assert jobs[0].recheck == "suspected"
    with database.session(sqlite_workspace) as session:
        assert firing.last_firing(session, 1, story.at + timedelta(days=1)) is None


def test_only_one_scheduler_leads_and_others_know_who(store: Workspace) -> None:
    assert leader(store) is None
    with lead(store) as held:
        assert held.holds()
        assert str(os.getpid()) in (leader(store) or "")
        with pytest.raises(Busy, match="another scheduler leads"), lead(store):
            pass
    assert leader(store) is None


def test_sigterm_gives_crawls_a_clean_end(sqlite_workspace: Workspace, tmp_path: Path) -> None:
    add_schedule(sqlite_workspace, add_portal(sqlite_workspace), "every minute", now=datetime.now(UTC) - timedelta(minutes=2))
    with scheduler(sqlite_workspace, tmp_path, 60) as process:
        wait_until(lambda: StandInFile(tmp_path).started)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    (row,) = rows(sqlite_workspace)
    assert (row.state, row.exit_code) == ("failed", 130)
    assert leader(sqlite_workspace) is None


def test_the_next_leader_watches_a_crawl_that_outlived_its_scheduler(store: Workspace, tmp_path: Path) -> None:
    add_schedule(store, add_portal(store), "every minute", now=datetime.now(UTC) - timedelta(minutes=2))
    with scheduler(store, tmp_path, 4) as process:
        wait_until(lambda: any(row.pid for row in rows(store)))
        process.kill()
    runner = Runner(store, command=StandIn(tmp_path, 4))
    wait_until(lambda: leader(store) is None)
    leading = threading.Thread(target=runner.run)
    leading.start()
    try:
        wait_until(lambda: rows(store)[0].ended_at is not None)
    finally:
        runner.stop()
        leading.join(30)
    first = rows(store)[0]
    assert Counter(StandInFile(tmp_path).started)[f"example {first.scheduled_at.isoformat()}"] == 1


@pytest.mark.parametrize("kills", [2, pytest.param(20, marks=pytest.mark.long)])
def test_leaders_killed_with_9_double_no_run_and_miss_none(store: Workspace, tmp_path: Path, kills: int) -> None:
    """Three portals are due once a minute; the leader is killed at random moments, the standby takes over each time."""
    chance = random.Random(7)
    began = datetime.now(UTC)
    for name in ("alpha", "beta", "gamma"):
        add_schedule(store, add_portal(store, name), "every minute", now=began - timedelta(minutes=1, seconds=5))
    pair = [start(store, tmp_path, "0.3", number) for number in range(2)]
    try:
        for number in range(2, 2 + kills):
            wait_until(partial(settled, tmp_path, pair))
            time.sleep(chance.uniform(0, 1.5))
            leading = next(item for item in pair if leads(tmp_path, item))
            standby = next(item for item in pair if item is not leading)
            leading.kill()
            leading.wait()
            killed = time.monotonic()
            wait_until(partial(leads, tmp_path, standby))
            assert time.monotonic() - killed < FAIL_OVER.total_seconds()
            pair = [standby, start(store, tmp_path, "0.3", number)]
        wait_until(lambda: rows(store) and not {row.state for row in rows(store)} & {"due", "running"})
    finally:
        for process in pair:
            process.send_signal(signal.SIGTERM)
        for process in pair:
            process.wait(timeout=60)
    doubled = {start: count for start, count in Counter(StandInFile(tmp_path).started).items() if count > 1}
    assert doubled == {}
    # A minute that begins while the one before is still crawled is skipped and says so: one boundary may fall into a kill.
    skipped = [row for row in rows(store) if row.state == "skipped" and str(row.note).endswith("was still running")]
    assert len(skipped) <= 3 * kills
    assert {
        (row.state, row.note) for row in rows(store) if row.state != "done" and row.id not in {one.id for one in skipped}
    } == set()
    due = {row.scheduled_at for row in rows(store)}
    last = max(due)
    minutes = int((last - min(due)).total_seconds() // 60) + 1
    assert len(rows(store)) == 3 * minutes, "a minute in which a portal was not crawled"


class StandInFile:
    """What the stand-in crawls of a folder wrote, also those of other processes."""

    def __init__(self, folder: Path) -> None:
        self._told = folder / "started"

    @property
    def started(self) -> list[str]:
        return self._told.read_text().splitlines() if self._told.exists() else []
