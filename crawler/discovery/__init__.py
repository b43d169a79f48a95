"""Home page -> proposed portal file. `explore` is a coroutine over any `fetch`, so that it runs under Scrapy and in tests."""

from __future__ import annotations

from crawler.discovery.asking import Fetch, Fetched
from crawler.discovery.explore import explore
from crawler.discovery.proposal import Found, FoundFeed, FoundSection, Proposal, Sample

__all__ = ["Fetch", "Fetched", "Found", "FoundFeed", "FoundSection", "Proposal", "Sample", "explore"]
