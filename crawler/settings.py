"""Scrapy's settings, one screen: obey robots, an honest User-Agent with contact, throttling, component order.

`scrapy crawl portal -a portal=ID` reads this module; what depends on the archive and the portal is added by
`PortalSpider.from_crawler` through `for_portal`, so that `onrecord crawl` runs the very same code.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from archive import __version__
from archive.workspace import FILE, LOCKS, Workspace
from crawler import wire
from crawler.portal import Portal

BOT_NAME = "onrecord"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

USER_AGENT = f"onrecord/{__version__}"
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "onrecord"
COOKIES_ENABLED = False  # nothing secret reaches the evidence
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
DOWNLOAD_FAIL_ON_DATALOSS = False  # cut answers are kept and marked
DOWNLOAD_VERIFY_CERTIFICATES = False  # a portal with a bad certificate is still a public record; the chain is kept
REDIRECT_MAX_TIMES = 10
RETRY_TIMES = 2
RETRY_HTTP_CODES = [500, 502, 503, 504, 522, 524, 408, 429]
URLLENGTH_LIMIT = 2083
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0  # jitter may undercut the delay; the configured rate is never exceeded
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 1
CONCURRENT_ITEMS = 8  # Scrapy starts so many tasks for every answer, and a page is one item
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 8_000_000  # bytes of answers being read and written before fetching pauses
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # breadth first: traps are deep
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # the frontier decides "same page" by urlkey, also after redirects
STATS_DUMP = False
LOG_LEVEL = "INFO"
DEFAULT_REQUEST_HEADERS = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
ITEM_PIPELINES = {"crawler.pipelines.IngestPipeline": 300}
# Scrapy's own components are named one by one, for it imports all of its defaults, also those that are switched off (an HTTP
# client, a console, cookies), and every spider middleware is one more generator about each page's links.
EXTENSIONS_BASE: dict[str, int] = {}
EXTENSIONS = {
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.logcount.LogCount": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
    "scrapy.extensions.logstats.LogStats": 0,
    "crawler.extensions.CrawlRun": 100,
    "crawler.politeness.CrawlDelay": 150,
    "crawler.progress.Progress": 200,
}
SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": 25,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": 800,
}
DOWNLOADER_MIDDLEWARES_BASE: dict[str, int] = {}
DOWNLOADER_MIDDLEWARES: dict[str, int | None] = {
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "crawler.politeness.RetryAfterMiddleware": 550,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
}

# What the wire tap and its guards need; their own room knows it.
DOWNLOAD_HANDLERS = wire.SETTINGS["DOWNLOAD_HANDLERS"]
DOWNLOADER_MIDDLEWARES |= wire.SETTINGS["DOWNLOADER_MIDDLEWARES"]


def user_agent(workspace: Workspace) -> str:
    """The honest name: product, version and how to reach the people behind it."""
    crawl = workspace.settings.crawl
    if crawl.user_agent:
        return crawl.user_agent
    return f"onrecord/{__version__} (+{crawl.contact})" if crawl.contact else f"onrecord/{__version__}"


def for_portal(workspace: Workspace, portal: Portal | None = None) -> dict[str, Any]:
    """The settings that depend on the archive and, where there is one, the portal."""
    crawl = workspace.settings.crawl
    values: dict[str, Any] = {
        "USER_AGENT": user_agent(workspace),
        "DOWNLOAD_TIMEOUT": crawl.timeout,
        "DOWNLOAD_MAXSIZE": crawl.max_body,
        "DOWNLOAD_WARNSIZE": 0,
        "ONRECORD_ALLOW_PRIVATE": crawl.allow_private,
        "ONRECORD_PACE": str(workspace.root / LOCKS) if (workspace.root / FILE).exists() else None,
    }
    if portal is not None:
        delay, free = portal.politeness.delay.total_seconds(), crawl.allow_private
        if not free:
            delay = max(delay, 1.0)  # public hosts never go below one second
        concurrency = portal.politeness.concurrency
        if delay == 0 and "concurrency" not in portal.politeness.model_fields_set:
            concurrency = 16
        values |= {
            "ROBOTSTXT_OBEY": portal.about.robots.obey,
            "DOWNLOAD_DELAY": delay,
            "CONCURRENT_REQUESTS_PER_DOMAIN": concurrency,
            # What waits in the downloader is asked even after Ctrl-C: so hardly more than what is on its way.
            "CONCURRENT_REQUESTS": concurrency + 1,
            "ONRECORD_HOST": urlsplit(portal.about.home).hostname or "",
            "ONRECORD_QUIET_HOURS": (portal.politeness.quiet_hours, portal.about.timezone),
        }
    return values
