"""Byte-exact capture of requests and answers next to the socket, and the guards that belong there.

`SETTINGS` is what these parts need of a Scrapy project; `crawler.settings` takes it over.
"""

from __future__ import annotations

from typing import Any

from archive.fetching import is_public
from crawler.wire.guard import AddressRefused

SETTINGS: dict[str, Any] = {
    "DOWNLOAD_HANDLERS": {
        "http": "crawler.wire.handler.WireHandler",
        "https": "crawler.wire.handler.WireHandler",
        "data": None,
        "file": None,
        "ftp": None,
        "s3": None,
    },
    "DOWNLOADER_MIDDLEWARES": {
        "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
        "crawler.middlewares.RobotsMiddleware": 100,
        "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
        "crawler.middlewares.DecodeMiddleware": 590,
        "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
        "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
        "crawler.middlewares.ExchangeMiddleware": 950,
    },
    "ROBOTSTXT_OBEY": True,
    "COOKIES_ENABLED": False,
    "DOWNLOAD_TIMEOUT": 60,
    "DOWNLOAD_MAXSIZE": 32 * 1024 * 1024,
    "REDIRECT_MAX_TIMES": 10,
    "METAREFRESH_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "ONRECORD_ALLOW_PRIVATE": False,
}

__all__ = ["SETTINGS", "AddressRefused", "is_public"]
