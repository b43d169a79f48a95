"""The crawls of a leading scheduler: what is due is claimed and started, watched, and its end written down."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, object_session

from archive import database, models
from archive.errors import NotFound, OnrecordError
from archive.workspace import Workspace
from crawler import portal_file
from crawler.quiet_hours import quiet_from, quiet_until
from schedules import firing, schedule
from schedules.due import suspected_pages
from schedules.firing import Firing
from schedules.jobs import Command, Crawl, Job, crawl_command, log_path
from schedules.schedule import Schedule

logger = logging.getLogger(__name__)

SUSPECTED_EVERY = timedelta(seconds=30)  # between two looks for suspected pages that are due
STOP_WAIT = 60.0  # seconds that crawls get for a clean end when the scheduler is told to stop
_ENDED = {0: "done", 7: "skipped"}
_WHY = {4: "unhealthy", 7: "another crawl of the portal was running", 130: "interrupted"}


class Crawls:
    """What this scheduler has running. Only a leader calls it."""

    def __init__(
        self, workspace: Workspace, command: Command = crawl_command, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.workspace = workspace
        self._command = command
        self._clock = clock
        self._looked: datetime | None = None
        self._running: dict[int, Crawl] = {}  # by due_run id

    def __len__(self) -> int:
        return len(self._running)

    def forget(self) -> None:
        """Leave them to the next leader."""
        self._running.clear()

    def start_due(self, *, at_once: bool = False) -> None:
        now = self._clock()
        with database.session(self.workspace, readonly=True) as session:
            active = list(schedule.every(session, active=True))
            due = [
                item
                for item in firing.due_firings(session, active, now, at_once=at_once)
                if not self._resting(item.schedule, now)
            ]
            busy = {item.schedule.portal_id for item in due} | set(session.scalars(_running_portals()))
            due += [
                firing.outside_the_rule(item, now)
                for item in self._with_suspected(session, active, now)
                if item.portal_id not in busy
            ]
        for item in due:
            job = self._claim(item, now)
            if job is not None:
                self._begin(job, now)

    def _with_suspected(self, session: Session, active: list[Schedule], now: datetime) -> list[Schedule]:
        """A schedule of each portal that has suspected pages whose next look is due; looked up twice a minute."""
        if self._looked is not None and timedelta(0) <= now - self._looked < SUSPECTED_EVERY:
            return []
        self._looked = now
        found: dict[int, Schedule] = {}
        for item in active:
            with contextlib.suppress(OnrecordError):
                portal = portal_file.find(self.workspace, item.portal)
                if not self._resting(item, now) and any(suspected_pages(session, portal, now)):
                    found[item.portal_id] = item
        return list(found.values())

    def _resting(self, due: Schedule, now: datetime) -> bool:
        """Whether the portal's quiet hours hold it back; what came due meanwhile runs once when they end."""
        try:
            portal = portal_file.find(self.workspace, due.portal)
        except OnrecordError:
            return False  # the crawl will say what is wrong with the file
        return quiet_until(portal.politeness.quiet_hours, portal.about.timezone, now) is not None

    def _claim(self, due: Firing, now: datetime) -> Job | None:
        options = due.schedule.options
        with database.session(self.workspace) as session:
            running = select(models.DueRun).where(
                models.DueRun.portal_id == due.schedule.portal_id, models.DueRun.state == "running"
            )
            before = session.scalar(running)
            if before is not None:
                firing.claim(
                    session,
                    due,
                    state="skipped",
                    note=f"the crawl of {before.scheduled_at:%Y-%m-%d %H:%M} UTC was still running",
                )
                return None
            if options.grace is not None and now - due.at > options.grace:
                firing.claim(session, due, state="missed", note=f"no scheduler within {options.grace} of it")
                return None
            row = firing.claim(session, due)
            if row is None:
                return None
            session.flush()
            recheck = "suspected" if firing.is_extra(due.at) else options.recheck
            return Job(row.id, due.schedule.portal, due.at, recheck, self._deadline(due.schedule, now))

    def _deadline(self, due: Schedule, now: datetime) -> timedelta:
        """The schedule's deadline, or the time until the portal's quiet hours."""
        with contextlib.suppress(OnrecordError):
            portal = portal_file.find(self.workspace, due.portal)
            quiet = quiet_from(portal.politeness.quiet_hours, portal.about.timezone, now)
            if quiet is not None:
                return min(due.options.deadline, quiet - now)
        return due.options.deadline

    def _begin(self, job: Job, now: datetime) -> None:
        with self._row(job) as row:
            row.state, row.started_at, row.log = "running", now, str(log_path(self.workspace, job))
        crawl = Crawl.start(self.workspace, job, self._command, now)
        self._running[job.due_run] = crawl
        with self._row(job) as row:
            row.pid = crawl.pid
        logger.info("%s: crawl of %s started (pid %d)", job.portal, job.mark, crawl.pid)

    def reap(self) -> list[Crawl]:
        now = self._clock()
        ended = [crawl for crawl in self._running.values() if crawl.ended(now)]
        for crawl in ended:
            del self._running[crawl.job.due_run]
            self._write_end(crawl.job, crawl.exit_code, now)
        return ended

    def _write_end(self, job: Job, exit_code: int | None, now: datetime) -> None:
        with self._row(job) as row:
            run = object_session(row).scalar(_run_of(row))  # type: ignore[union-attr]
            if exit_code == 7 and run is not None:
                exit_code = None  # this very firing had been started before: its run says how it ended
            row.ended_at, row.exit_code = now, exit_code
            if run is not None:
                row.run_uid = run.uid
            if exit_code is None:
                row.state = "done" if run is not None and run.outcome == "ok" else "failed"
            else:
                row.state = _ENDED.get(exit_code, "failed")
            why = "; ".join(str(reason) for reason in run.reasons) if run is not None and run.reasons else None
            if row.state != "done":
                row.note = (
                    why or (None if exit_code is None else _WHY.get(exit_code)) or _last_line(row.log) or "ended without a word"
                )
            logger.info("%s: crawl of %s %s%s", job.portal, job.mark, row.state, f": {row.note}" if row.note else "")

    def stop(self) -> None:
        for crawl in self._running.values():
            crawl.stop()
        patience = time.monotonic() + STOP_WAIT
        while self._running and time.monotonic() < patience:
            self.reap()
            time.sleep(0.1)
        for crawl in self._running.values():
            crawl.kill()
        self.reap()

    def adopt(self) -> None:
        """Take care of what an earlier leader left: watch crawls that go on, start claims it never began, close the rest."""
        now = self._clock()
        with database.session(self.workspace, readonly=True) as session:
            left = list(_left_behind(session))
        for job, began, pid in left:
            crawl = Crawl.adopt(job, pid, now)
            if crawl is not None:
                logger.info(
                    "%s: watching the crawl of %s that another scheduler started (pid %d)", job.portal, job.mark, crawl.pid
                )
                self._running[job.due_run] = crawl
            elif began or pid is not None:  # it was started: never twice
                self._write_end(job, None, now)
            else:
                self._begin(job, now)

    @contextlib.contextmanager
    def _row(self, job: Job) -> Iterator[models.DueRun]:
        with database.session(self.workspace) as session:
            row = session.get(models.DueRun, job.due_run)
            if row is None:
                raise NotFound(f"the schedule of {job.portal} was removed")
            yield row


def _run_of(row: models.DueRun) -> Select[models.Run]:
    return select(models.Run).where(models.Run.portal_id == row.portal_id, models.Run.scheduled_at == row.scheduled_at)


def _running_portals() -> Select[int]:
    return select(models.DueRun.portal_id).where(models.DueRun.state.in_(("due", "running")))


def _left_behind(session: Session) -> Iterator[tuple[Job, bool, int | None]]:
    by_id = {item.id: item for item in schedule.every(session)}
    open_rows = select(models.DueRun).where(models.DueRun.state.in_(("due", "running"))).order_by(models.DueRun.scheduled_at)
    for row in session.scalars(open_rows).all():
        item = by_id[row.schedule_id]
        job = Job(row.id, item.portal, row.scheduled_at, item.options.recheck, item.options.deadline)
        yield job, session.scalar(_run_of(row)) is not None, row.pid


def _last_line(log: str | None) -> str | None:
    try:
        lines = Path(log or "").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    said = [line for line in lines if line.strip()]
    errors = [line for line in said if line.startswith("error:")]
    return (errors or said)[-1][:300] if said else None
