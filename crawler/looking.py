"""Look at a few pages with everything a crawl has: Scrapy's downloader, robots.txt, delays, guards; nothing is archived."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.exceptions import IgnoreRequest
from scrapy.settings import Settings

from archive.errors import OnrecordError
from archive.workspace import Workspace
from crawler import settings as crawl_settings
from crawler.answers import describe_failure
from crawler.discovery import Fetch, Fetched
from crawler.middlewares import RobotsUnreachable

T = TypeVar("T")
Work = Callable[[Fetch], Awaitable[T]]


class Interrupted(OnrecordError):
    """Ctrl-C while looking: nothing was written."""

    code = "interrupted"
    exit_code = 130


class LookingSpider(scrapy.Spider):
    """Runs one coroutine over `fetch` and keeps what it returns or raises."""

    name = "looking"

    def __init__(self, work: Work[Any], obey: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.work, self.obey = work, obey
        self.result: Any = None
        self.error: BaseException | None = Interrupted("interrupted")

    async def start(self) -> AsyncIterator[Any]:
        """No requests of Scrapy's own: the coroutine asks through the downloader."""
        try:
            self.result = await self.work(self.fetch)
            self.error = None
        except Exception as error:  # noqa: BLE001 - raised again in the command, where errors are told
            self.error = error
        return
        yield  # an async generator, as Scrapy wants it

    async def fetch(self, url: str) -> Fetched:
        """One address, its redirects followed; never raises for what a server does."""
        meta = {"dont_obey_robotstxt": True} if urlsplit(url).path == "/robots.txt" or not self.obey else {}
        request = scrapy.Request(url, dont_filter=True, meta=meta)
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - whatever happened, there is no answer
            refused = isinstance(error, IgnoreRequest) and not isinstance(error, RobotsUnreachable)
            return Fetched(url, url, 0, error=describe_failure(error), robots=refused)
        kind = (response.headers.get("Content-Type") or b"").decode("latin-1") or None
        hops = 1 + response.meta.get("redirect_times", 0) + response.meta.get("retry_times", 0)
        return Fetched(url, response.url, response.status, response.body, kind, hops=hops)


def look(workspace: Workspace, work: Work[T], *, delay: timedelta, obey: bool = True) -> T:
    """Run the coroutine to its end in this process (once a process: the reactor cannot be started again).

    `delay` is the least time between two requests: a second at least on public hosts; robots.txt may ask for more.
    """
    if not workspace.settings.crawl.allow_private:
        delay = max(delay, timedelta(seconds=1))
    project = Settings()
    project.setmodule("crawler.settings", priority="project")
    project.setdict(crawl_settings.for_portal(workspace), priority="spider")
    project.setdict(
        {
            "SPIDER_MODULES": [],
            "ITEM_PIPELINES": {},
            "EXTENSIONS": {"crawler.politeness.CrawlDelay": 150},
            "DOWNLOAD_DELAY": delay.total_seconds(),
            "LOG_ENABLED": False,
            "RETRY_TIMES": 1,
        },
        priority="cmdline",
    )
    process = CrawlerProcess(project)
    crawler = process.create_crawler(LookingSpider)
    process.crawl(crawler, work=work, obey=obey)
    process.start()
    spider = crawler.spider
    if not isinstance(spider, LookingSpider):
        raise OnrecordError("the crawler did not start", hint="onrecord doctor")
    if spider.error is not None:
        raise spider.error
    return spider.result  # type: ignore[no-any-return]
