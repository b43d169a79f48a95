"""Everything links say about addresses: seen where, in whose frame, under which words, with a date, in a feed or sitemap."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from archive.urls import canonical_url
from crawler.discovery.languages import url_language
from crawler.listings import Candidate
from crawler.listings.links import PageLink, ParsedPage
from crawler.listings.page import read_listing

_FILE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|odt|zip|rar|jpe?g|png|gif|svg|webp|mp[34]|avi|ics|xml|rss|atom|json|css|js)$", re.IGNORECASE
)
_PAGER = re.compile(r"^\W*\d{1,5}\W*$")
_PAGER_PATH = re.compile(r"/page/\d+/?$|[?&](?:page|paged|p|start|offset)=\d+", re.IGNORECASE)
_FRAME_SHARE = 0.6  # of the pages of one language: a link on so many of them belongs to the frame


@dataclass(slots=True)
class Seen:
    """One address and what was said about it."""

    url: str
    text: str = ""
    pages: set[str] = field(default_factory=set)
    content: bool = False  # stood outside the menus at least once
    dated: bool = False
    feed: bool = False
    sitemap: bool = False

    @property
    def weight(self) -> float:
        """How much this address says for its shape being that of articles."""
        headline = 1.0 if len(self.text) >= 20 and " " in self.text else 0.3
        linked = headline if self.content else 0.0
        return (
            linked
            + (2.0 if self.dated and self.content else 0.0)
            + (3.0 if self.feed else 0.0)
            + (0.02 if self.sitemap else 0.0)
        )


class Evidence:
    """Links of all pages looked at, of feeds and of sitemaps, on the portal's own hosts."""

    def __init__(self, home: str) -> None:
        self.host = _host(home)
        self.seen: dict[str, Seen] = {}
        self.pages: dict[str, ParsedPage] = {}

    def add_page(self, page: ParsedPage) -> None:
        """Links of a page, with the titles and dates it shows beside them."""
        if page.url in self.pages:
            return
        self.pages[page.url] = page
        for link in page.links:
            if self.is_ours(link.url) and not _PAGER.match(link.text):
                seen = self._entry(link.url)
                seen.pages.add(page.url)
                seen.content |= link.region == "content"
                seen.text = max(seen.text, link.text, key=len)
        for candidate in read_listing(page).candidates:
            if candidate.stated_date and self.is_ours(candidate.url):
                self._entry(candidate.url).dated = True

    def add_feed(self, candidates: Iterable[Candidate]) -> None:
        """Entries of a feed."""
        for item in candidates:
            if self.is_ours(item.url):
                seen = self._entry(item.url)
                seen.feed, seen.text = True, item.title or seen.text
                seen.dated |= item.stated_date is not None

    def add_sitemap(self, candidates: Iterable[Candidate]) -> None:
        """Addresses of a sitemap."""
        for item in candidates:
            if self.is_ours(item.url):
                self._entry(item.url).sitemap = True

    def _entry(self, url: str) -> Seen:
        key = canonical_url(url)
        return self.seen.setdefault(key, Seen(key))

    def is_ours(self, url: str) -> bool:
        """Whether an address is a page of this portal: its host, no file."""
        parts = urlsplit(url)
        return _host(url) == self.host and not _FILE.search(parts.path)

    def frame(self, languages: Iterable[str]) -> set[str]:
        """Addresses that stand on most pages of their language, and those of menus only: not what a page is about."""
        codes = tuple(languages)
        by_language: dict[str | None, set[str]] = defaultdict(set)
        for url in self.pages:
            by_language[url_language(url, codes)].add(url)
        counts = Counter({url: len(seen.pages) for url, seen in self.seen.items()})
        frame = {url for url, seen in self.seen.items() if seen.pages and not seen.content and not seen.feed}
        for group in by_language.values():
            if len(group) < 3:
                continue
            for url, seen in self.seen.items():
                if counts[url] >= 3 and len(seen.pages & group) >= _FRAME_SHARE * len(group) and not seen.feed:
                    frame.add(url)
        return frame

    def candidates(self, languages: Iterable[str]) -> list[Seen]:
        """Addresses that may be articles: outside the frame, no pager, no looked-at hub's own address."""
        frame = self.frame(languages)
        return [
            seen
            for url, seen in self.seen.items()
            if url not in frame and not _PAGER_PATH.search(url) and urlsplit(url).path.strip("/") and seen.weight > 0
        ]


def menu_links(page: ParsedPage) -> list[PageLink]:
    """Links that name a part of the portal rather than an article: in a menu, or a label of a few words, in page order."""
    return [link for link in page.links if link.text and (link.region == "frame" or len(link.text) <= 40)]


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower().removeprefix("www.")
