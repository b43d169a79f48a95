"""The scheduler: leads or stands by; starts what the tables say is due, watches it, writes down how it ended.

APScheduler only wakes it: its jobs live in memory and are made from the schedules in the database, again whenever those
change. What is due, and what has run, is asked of the tables each time, so a restart, a second scheduler or a long sleep
of the machine neither doubles a run nor loses one. When a leader dies, a standby on the same store takes over within
`FAIL_OVER`.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from archive import database
from archive.errors import Busy, OnrecordError
from archive.notify import tell_operator
from archive.workspace import Workspace
from schedules import schedule
from schedules.crawls import Crawls
from schedules.jobs import Command, crawl_command
from schedules.leader import Lead, lead

logger = logging.getLogger(__name__)

POLL = 2.0  # seconds between two looks at the tables, at running crawls, and at a lock held by another
FAIL_OVER = timedelta(seconds=10)


class Runner:
    """One scheduler process of an archive."""

    def __init__(
        self,
        workspace: Workspace,
        *,
        command: Command = crawl_command,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.workspace = workspace
        self.stopping = False
        self._crawls = Crawls(workspace, command, clock)
        self._telling = threading.Thread()
        self._wakes: queue.SimpleQueue[None] = queue.SimpleQueue()

    def stop(self) -> None:
        """Ask `run` to end (from a signal handler): crawls get a clean end first."""
        self.stopping = True
        self._wakes.put(None)

    def run(self) -> None:
        """Lead when nobody else does, until `stop`."""
        told = False
        while not self.stopping:
            try:
                with lead(self.workspace) as held:
                    logger.info("leading")
                    self._lead(held)
                told = False
            except Busy as busy:
                if not told:
                    logger.info("standing by: %s", busy.message)
                told = True
            except OnrecordError as error:
                logger.warning("%s", error.message)  # the database is away: try again
            if not self.stopping:
                self._sleep(POLL)

    def run_once(self) -> list[int]:
        """Start what is due, wait for it, and end; the exit codes. Busy when another scheduler leads."""
        with lead(self.workspace):
            self._crawls.adopt()
            self._crawls.start_due(at_once=True)
            codes: list[int] = []
            while self._crawls:
                self._sleep(0.2)
                if self.stopping:
                    self._crawls.stop()
                codes += [crawl.exit_code or 0 for crawl in self._crawls.reap()]
            if codes:
                self._tell()
            return codes

    def _tell(self) -> None:
        """Tell the operator of portals that fell ill or got well."""
        try:
            for sent in tell_operator(self.workspace, self.workspace.settings.alerts):
                if sent.waits:
                    logger.warning("the operator was not told: %s", sent.waits)
        except OnrecordError as error:
            logger.warning("the operator was not told: %s", error.message)

    def _lead(self, held: Lead) -> None:
        alarm = BackgroundScheduler(timezone=UTC, executors={"default": ThreadPoolExecutor(1)})
        alarm.start()
        known: dict[int, tuple[str, str]] = {}
        try:
            self._crawls.adopt()
            while not self.stopping and held.holds():
                known = self._set_alarms(alarm, known)
                if self._crawls.reap() and not self._telling.is_alive():
                    self._telling = threading.Thread(target=self._tell, daemon=True)
                    self._telling.start()  # a channel may take its time
                self._crawls.start_due()
                self._sleep(POLL)
        finally:
            alarm.shutdown(wait=False)
            if self.stopping:
                self._crawls.stop()
            self._crawls.forget()  # without the lock they are the next leader's to watch

    def _set_alarms(self, alarm: BackgroundScheduler, known: dict[int, tuple[str, str]]) -> dict[int, tuple[str, str]]:
        """Wake up at the instants of the schedules as they are now."""
        with database.session(self.workspace, readonly=True) as session:
            active = {item.id: item for item in schedule.every(session, active=True)}
        rules = {key: (item.rule.spec, item.rule.timezone) for key, item in active.items()}
        for key in known.keys() - rules.keys():
            alarm.remove_job(str(key))
        for key in (key for key in rules if known.get(key) != rules[key]):
            alarm.add_job(
                self._wakes.put,
                active[key].rule.trigger(),
                (None,),
                id=str(key),
                replace_existing=True,
                misfire_grace_time=None,
            )
        return rules

    def _sleep(self, seconds: float) -> None:
        with contextlib.suppress(queue.Empty):
            self._wakes.get(timeout=seconds)
