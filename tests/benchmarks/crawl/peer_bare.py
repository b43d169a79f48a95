"""Peer: bare Scrapy, 16 at once, sections only, bodies dropped."""

from __future__ import annotations

import sys

import scrapy
from scrapy.crawler import CrawlerProcess


class Bare(scrapy.Spider):
    name = "bare"
    start_urls = [sys.argv[1] + f"/section-{n}/" for n in range(10)]  # noqa: RUF012 - Scrapy's way

    def parse(self, response):
        for href in response.css("li a::attr(href)").getall():
            yield response.follow(href, self.page)
        for href in response.css("a.next::attr(href)").getall():
            yield response.follow(href, self.parse)

    def page(self, response):
        pass


process = CrawlerProcess(
    {
        "LOG_LEVEL": "ERROR",
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
        "DOWNLOAD_DELAY": 0,
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
    }
)
process.crawl(Bare)
process.start()
