"""What a server asks of us, kept: robots.txt with its crawl-delay (RFC 9309) and Retry-After (RFC 9110)."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response

from crawler.pace import Pace, Resting
from crawler.quiet_hours import quiet_until

logger = logging.getLogger(__name__)

MAX_CRAWL_DELAY = 120.0  # seconds; a longer wish is honoured up to here and named in the log
MAX_RETRY_AFTER = 900.0  # seconds a crawl waits; longer: it ends, and what is left is asked by a later one
RESTING = "resting"  # why a spider was closed, and the statistic that says until when


class CrawlDelay:
    """A Scrapy extension that slows a host down to the crawl-delay its robots.txt names."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        made = cls(crawler)
        crawler.signals.connect(made.parsed, signals.robots_parsed)
        return made

    def parsed(self, robotparser: Any, request: Request) -> None:
        """Scrapy's signal, sent once a host before anything else is asked of it."""
        wish = robotparser.rp.crawl_delay(self.crawler.settings["ROBOTSTXT_USER_AGENT"] or "*")
        parts = urlsplit(request.url)
        if wish is None or may_go_free(parts.netloc, self.crawler):
            return
        delay = max(min(float(wish), MAX_CRAWL_DELAY), self.crawler.settings.getfloat("DOWNLOAD_DELAY"))
        host, downloader = parts.hostname or parts.netloc, self.crawler.engine.downloader
        # Settings for a slot made anew after an idle minute, and the slot there is now.
        downloader.per_slot_settings[host] = {"delay": delay, "concurrency": 1}
        slot = downloader.slots.get(host)
        if slot is not None and slot.delay < delay:
            logger.info("robots.txt of %s asks for %s s between requests", parts.netloc, wish)
            slot.delay, slot.concurrency = delay, 1


def may_go_free(netloc: str, crawler: Crawler) -> bool:
    """Whether a delay of 0 stands over robots' own: a private address, allowed, and a portal that asks for it."""
    if not crawler.settings.getbool("ONRECORD_ALLOW_PRIVATE") or crawler.settings.getfloat("DOWNLOAD_DELAY") > 0:
        return False
    host = urlsplit(f"//{netloc}").hostname or ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return address.is_private or address.is_loopback


class Turns:
    """Holds a request back until its host may be asked: the delay, Retry-After, the portal's quiet hours.

    Stands in the download handler, so that robots.txt, redirects and retries wait their turn like any other request. Made by
    the crawler that first needs it (`of`); settings: ONRECORD_PACE (folder), ONRECORD_QUIET_HOURS (hours and time zone).
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        folder = crawler.settings.get("ONRECORD_PACE")
        self.pace = Pace(Path(folder) if folder else None)
        self._quiet: tuple[str | None, str] = crawler.settings.get("ONRECORD_QUIET_HOURS") or (None, "UTC")
        self._closing: asyncio.Task[None] | None = None
        crawler.signals.connect(self._closed, signals.spider_closed)

    @classmethod
    def of(cls, crawler: Crawler) -> Turns:
        """The turns of a crawler."""
        found: Turns | None = getattr(crawler, "onrecord_turns", None)
        if found is None:
            found = crawler.onrecord_turns = cls(crawler)  # type: ignore[attr-defined]
        return found

    async def take(self, request: Request) -> None:
        """Return when the request may go out; `Resting` when it may not for a long time, or the crawl is ending."""
        host = self.host(request)
        while True:
            if self.ending:
                raise Resting("the crawl is ending")
            until = quiet_until(*self._quiet, datetime.now(UTC))
            if until is not None:
                raise self._rest(f"quiet hours until {until:%H:%M} {self._quiet[1]}")
            wait = self.pace.wait(host, self._delay(host))
            if wait == 0:
                return
            if wait > MAX_RETRY_AFTER:
                end = datetime.now(UTC) + timedelta(seconds=wait)
                raise self._rest(f"{host} asks to be left alone until {end:%Y-%m-%d %H:%M} UTC", host)
            await asyncio.sleep(min(wait, 0.5))

    def reached(self, request: Request) -> None:
        """The host has seen the request."""
        self.pace.reached(self.host(request))

    def host(self, request: Request) -> str:
        """Whose turn it is: hosts are told apart by name, whatever the port."""
        return str(request.meta.get("download_slot") or urlsplit(request.url).hostname or "")

    @property
    def ending(self) -> bool:
        """Whether the spider is being closed: what is not yet on its way is not asked any more."""
        running = getattr(self.crawler.engine, "_slot", None)
        return running is not None and running.closing is not None

    def _delay(self, host: str) -> float:
        slot = self.crawler.engine.downloader.slots.get(host) if self.crawler.engine else None
        return slot.delay if slot is not None else self.crawler.settings.getfloat("DOWNLOAD_DELAY")

    def _rest(self, why: str, host: str | None = None) -> Resting:
        """The error; where it is the portal itself that rests, the crawl ends and says why."""
        if self._closing is None and host in (None, self.crawler.settings.get("ONRECORD_HOST")):
            logger.info("the crawl ends: %s", why)
            self.crawler.stats.set_value(RESTING, why)
            # Not awaited: the engine waits for the very request that brought us here.
            self._closing = asyncio.get_running_loop().create_task(self.crawler.engine.close_spider_async(reason=RESTING))
        return Resting(why)

    def _closed(self) -> None:
        self.pace.close()


class RetryAfterMiddleware(RetryMiddleware):
    """Scrapy's retries; a host that answers 429 or 503 with Retry-After rests for so long, in this crawl and in the next."""

    def process_response(self, request: Request, response: Response, spider: Spider | None = None) -> Request | Response:
        """Scrapy's, past Retry-After; an answer that asks for a longer rest than a crawl waits for is not asked again."""
        wait = retry_after(response, time.time()) if response.status in (429, 503) else None
        if wait:
            turns = Turns.of(self.crawler)
            logger.info("%s asks to wait %.0f s", turns.host(request), wait)
            turns.pace.rest(turns.host(request), wait)
            if wait > MAX_RETRY_AFTER:
                return response
        return super().process_response(request, response)


def retry_after(response: Response, now: float) -> float | None:
    """Seconds that Retry-After asks for (a number or an HTTP date); None without one, 0 for a past or negative one."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except (TypeError, ValueError):
        return None
