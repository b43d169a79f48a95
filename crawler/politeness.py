"""What a server asks of us, kept: robots.txt with its crawl-delay (RFC 9309) and Retry-After (RFC 9110)."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import time
from email.utils import parsedate_to_datetime
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response
from scrapy.settings import BaseSettings

logger = logging.getLogger(__name__)

MAX_CRAWL_DELAY = 120.0  # seconds; a longer wish is honoured up to here and named in the log
MAX_RETRY_AFTER = 900.0  # seconds; longer: the rest of the run does without


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


class RetryAfterMiddleware(RetryMiddleware):
    """Scrapy's retries, waiting as long as Retry-After says (capped) for the whole host, not for one request only."""

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self._waiting: dict[str, tuple[int, float]] = {}  # host: answers that wait, and its usual delay

    async def process_response(  # type: ignore[override]  # Scrapy awaits it; its own type does not say so
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        if response.status in (429, 503):
            wait = retry_after(response, time.time())
            if wait is not None and wait > MAX_RETRY_AFTER:
                return response
            if wait:
                await self._pause(request, wait)
        return super().process_response(request, response)

    async def _pause(self, request: Request, wait: float) -> None:
        logger.info("%s asks to wait %.0f s", urlsplit(request.url).netloc, wait)
        host = str(request.meta.get("download_slot") or urlsplit(request.url).hostname)
        slot = self.crawler.engine.downloader.slots.get(host)
        if slot is None:
            await asyncio.sleep(wait)
            return
        waiting, usual = self._waiting.get(host, (0, slot.delay))
        self._waiting[host] = (waiting + 1, usual)
        slot.delay = max(slot.delay, wait)
        await asyncio.sleep(wait)
        waiting, usual = self._waiting.pop(host)
        if waiting > 1:
            self._waiting[host] = (waiting - 1, usual)
        else:
            slot.delay = usual


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
