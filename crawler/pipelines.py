"""Item -> archive.ingest, nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, cast

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from archive.records import Visit
from crawler.extensions import CrawlRun

if TYPE_CHECKING:
    from crawler.spiders.portal import PortalSpider


class IngestPipeline:
    """Hands every visit to the run's writer and waits for its commit: that wait is what slows a crawl down to its disk."""

    def __init__(self, crawler: Crawler, run: CrawlRun) -> None:
        self._crawler = crawler
        self._run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        run = crawler.get_extension(CrawlRun)
        if run is None:
            raise RuntimeError("the CrawlRun extension is switched off: visits have nowhere to go")
        return cls(crawler, run)

    async def process_item(self, item: Visit) -> Visit:
        """Acknowledged means committed."""
        try:
            await self._run.keep(item, cast("PortalSpider", self._crawler.spider))
        except Exception as error:
            self._run.give_up(error)
            raise DropItem(str(error)) from error
        return item
