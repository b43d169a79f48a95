"""Progress on stderr: one live line on a terminal, one line every 30 s otherwise, nothing with -q."""

from __future__ import annotations

import sys
import time
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.text import Text
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import AsyncioLoopingCall

from crawler.spiders.portal import waiting

EVERY = 30.0  # seconds between lines where stderr is no terminal


class Progress:
    """A Scrapy extension that says how far the crawl of a portal is."""

    def __init__(self, crawler: Crawler) -> None:
        if crawler.settings.getbool("ONRECORD_QUIET"):
            raise NotConfigured
        self.crawler = crawler
        self.console = Console(stderr=True, highlight=False)
        self.live: Live | None = None
        self.started = time.monotonic()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        progress = cls(crawler)
        crawler.signals.connect(progress.opened, signals.spider_opened)
        crawler.signals.connect(progress.closed, signals.spider_closed)
        return progress

    def opened(self) -> None:
        """Begin to tell."""
        tty = sys.stderr.isatty()
        if tty:
            self.live = Live(console=self.console, refresh_per_second=4, transient=True, get_renderable=self.line)
            self.live.start()
        else:
            self._loop = AsyncioLoopingCall(self.say)
            self._loop.start(EVERY, now=False)

    def closed(self) -> None:
        """The summary follows; the line goes."""
        if self.live is not None:
            self.live.stop()
        elif self._loop.running:
            self._loop.stop()

    def say(self) -> None:
        """One plain line."""
        self.console.print(self.line())

    def line(self) -> Text:
        """Visits, waiting, rate, changes so far."""
        spider = self.crawler.spider
        tally = spider.tally  # type: ignore[union-attr]
        seconds = max(time.monotonic() - self.started, 0.001)
        done = tally.visits + sum(tally.requisites.values())
        return Text.from_markup(
            f"{spider.portal.about.id}  {done} checked · {waiting(self.crawler)} waiting · "  # type: ignore[union-attr]
            f"{tally.new} new · {tally.changed} changed · {done / seconds:.1f} req/s · {seconds:.0f}s"
        )
