"""CrawlRun: one crawl as the record knows it, begun before the first request, ended when the spider closes."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self, cast

from scrapy import signals
from scrapy.crawler import Crawler
from twisted.python.failure import Failure

from archive.garbage import spare_what_is_loaded
from archive.ingest import Ingest, Ingested, RunOutcome, RunStart
from archive.records import Exchange, RunSummary, Visit
from crawler import health
from crawler.asking import KnownPages
from crawler.journal import Journal, journal_path
from crawler.middlewares import robots_answered
from crawler.politeness import RESTING
from crawler.reading_pool import ReadingPool
from crawler.recorded import portal_record, reader_of
from crawler.visits import robots_visit
from crawler.writer import Writer

if TYPE_CHECKING:
    from crawler.spiders.portal import PortalSpider

logger = logging.getLogger(__name__)

STOPPED = {"shutdown": "interrupted", "closespider_timeout": "the deadline was reached", "failed": "ingest gave up"}


class CrawlRun:
    """Holds the run's lock, writer, readers and journal. `summary` is there once closed; `error` when something gave up."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.summary: RunSummary | None = None
        self.error: BaseException | None = None
        self.interrupted = False
        self.stopped_by_hand = False
        self._ingest: Ingest | None = None
        self._writer = Writer()
        self._held = ExitStack()
        self._closing: asyncio.Task[None] | None = None
        self._warming: asyncio.Task[None] | None = None
        self._asides: set[asyncio.Task[None]] = set()  # visits that no item of the spider stands for
        self._started = time.monotonic()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        run = cls(crawler)
        crawler.signals.connect(run.closed, signals.spider_closed)
        crawler.signals.connect(run.stumbled, signals.spider_error)
        crawler.signals.connect(run.robots, robots_answered)
        return run

    async def begin(self, spider: PortalSpider) -> bool:
        """Open the run in the record; False (and `error`) when it cannot be. The spider asks nothing before this."""
        plan, slug = spider.plan, spider.portal.about.id
        try:
            self._held.enter_context(
                plan.workspace.lock(f"crawl-{slug}", f"{slug} is being crawled by another process; wait for it or stop it")
            )
            self._ingest = cast(
                "Ingest", await self._writer.call(lambda: Ingest(plan.workspace, reader=reader_of(spider.portal)))
            )
            start = RunStart(scheduled_at=plan.scheduled_at, settings=plan.described())
            uid = cast(
                "str",
                await self._writer.call(lambda: self._opened().begin(portal_record(plan.workspace, spider.portal), start)),
            )
            self._writer.accept(self._ingest.add)
            spider.known = KnownPages(plan)
            spider.journal = Journal(journal_path(plan.workspace.logs, slug, uid))
            spider.pool = ReadingPool(plan.workspace.settings.crawl.workers)
            if plan.first:
                self._warming = asyncio.create_task(spider.pool.warm(spider.portal.politeness.concurrency))
        except Exception as error:  # noqa: BLE001 - told by the command, with its exit code
            self.error = error
            return False
        spare_what_is_loaded()
        self._held.callback(spider.known.close)
        self._held.callback(spider.pool.close)
        self._started = time.monotonic()
        return True

    async def keep(self, visit: Visit, spider: PortalSpider) -> None:
        """Write one visit and count what ingest said of it; returns when it is committed."""
        said = cast("Ingested", await self._writer.put(visit))
        spider.tally.new += said.change == "new"
        spider.tally.changed += said.change in ("edited", "moved", "replaced", "back")
        spider.tally.suspected_gone += said.change == "gone"

    def robots(self, url: str, exchanges: list[Exchange], status: int | None, error: str | None) -> None:
        """Keep what a host's robots.txt answered: a page of its own, with versions like any other."""
        visit = robots_visit(url, tuple(exchanges), status, error)
        task = asyncio.get_running_loop().create_task(self._keep_robots(visit))
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    async def _keep_robots(self, visit: Visit) -> None:
        try:
            await self._writer.put(visit)
        except Exception as error:  # noqa: BLE001 - nothing can be kept any more
            self.give_up(error)

    def stumbled(self, failure: Failure, spider: PortalSpider) -> None:
        """A defect of ours while an answer was handled: never silent, the crawl is not healthy."""
        spider.tally.defects[f"{failure.type.__name__ if failure.type else 'error'}: {failure.getErrorMessage()}"[:200]] += 1

    def give_up(self, error: BaseException) -> None:
        """Stop the crawl because nothing can be kept any more (disk full, record gone)."""
        if self.error is None:
            self.error = error
            logger.error("the crawl stops: %s", error)
            # Not awaited: the engine waits for the very item that brought us here.
            self._closing = asyncio.get_running_loop().create_task(self.crawler.engine.close_spider_async(reason="failed"))

    async def closed(self, spider: PortalSpider, reason: str) -> None:
        """End the run in the record, with its health."""
        if self._asides:
            await asyncio.wait(self._asides)
        try:
            if self._ingest is not None and hasattr(spider, "journal"):
                await self._end(spider, reason)
        except Exception as error:  # noqa: BLE001 - told by the command, with its exit code
            self.error = self.error or error
        finally:
            self._held.close()
            self._writer.close()

    async def _end(self, spider: PortalSpider, reason: str) -> None:
        self.interrupted = reason in STOPPED or reason == RESTING
        self.stopped_by_hand = reason == "shutdown"
        tally = spider.tally
        tally.traps.update(spider.frontier.cut)
        why = health.reasons(
            spider.portal, tally, partial=spider.plan.partial or self.interrupted, interrupted=self.interrupted
        )
        outcome: RunOutcome = "interrupted" if self.interrupted else "unhealthy" if why else "ok"
        if self.error is not None:
            outcome = "failed"
        if self.interrupted:
            told = {"failed": str(self.error), RESTING: str(self.crawler.stats.get_value(RESTING))}
            why = [told.get(reason) or STOPPED[reason], *why]
        cut = [f"cut off: {pattern} ({count} addresses not asked)" for pattern, count in tally.traps.most_common(5)]
        spider.journal.close(finished=not self.interrupted)
        stats = tally.described(time.monotonic() - self._started)
        self.summary = cast("RunSummary", await self._writer.call(lambda: self._opened().end(outcome, why + cut, stats)))

    def _opened(self) -> Ingest:
        if self._ingest is None:
            raise RuntimeError("the run was not begun")
        return self._ingest
