"""What a server asks of us, kept: robots.txt with its crawl-delay (RFC 9309) and Retry-After (RFC 9110)."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import time
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.http import Response
from scrapy.settings import BaseSettings

logger = logging.getLogger(__name__)

MAX_CRAWL_DELAY = 120.0  # seconds; a longer wish is honoured up to here and named in the log
MAX_RETRY_AFTER = 900.0  # seconds; longer: the rest of the run does without
MAX_ROBOTS = 500 * 1024  # bytes parsed (RFC 9309, 2.5)


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's robots.txt middleware, plus RFC 9309's rule for unreachable files and the crawl-delay."""

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            body = b"User-agent: *\nDisallow: /\n"  # unreachable: assume complete disallow (RFC 9309, 2.3.1.4)
            logger.warning("robots.txt of %s answers %s: nothing is asked there now", netloc, response.status)
        elif response.status >= 400:
            body = b""  # unavailable: anything goes (RFC 9309, 2.3.1.3)
        else:
            body = response.body[:MAX_ROBOTS].removeprefix(b"\xef\xbb\xbf")
        self._slow_down(netloc, body)
        await super()._parse_robots(response.replace(body=body), netloc, request)

    def _slow_down(self, netloc: str, body: bytes) -> None:
        wish = Protego.parse(body.decode("utf-8", "replace")).crawl_delay(self._robotstxt_useragent or "*")
        if wish is None or may_go_free(netloc, self.crawler):
            return
        delay = max(min(float(wish), MAX_CRAWL_DELAY), self.crawler.settings.getfloat("DOWNLOAD_DELAY"))
        host = urlsplit(f"//{netloc}").hostname or netloc
        downloader = self.crawler.engine.downloader
        # Settings for a slot made anew after an idle minute, and the slot there is now.
        downloader.per_slot_settings[host] = {"delay": delay, "concurrency": 1}
        slot = downloader.slots.get(host)
        if slot is not None and slot.delay < delay:
            logger.info("robots.txt of %s asks for %s s between requests", netloc, wish)
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

    async def process_response(self, request: Request, response: Response, spider: Spider | None = None) -> Request | Response:
        if response.status in (429, 503):
            wait = retry_after(response, time.time())
            if wait is not None and wait > MAX_RETRY_AFTER:
                return response
            if wait:
                await self._pause(request, wait)
        return super().process_response(request, response)

    async def _pause(self, request: Request, wait: float) -> None:
        logger.info("%s asks to wait %.0f s", urlsplit(request.url).netloc, wait)
        host = request.meta.get("download_slot") or urlsplit(request.url).hostname
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
