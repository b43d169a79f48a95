"""Where are the portal's feeds? <link rel=alternate>, links that look like feeds, and the usual places."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urljoin

from crawler.discovery.asking import Asker, Fetched
from crawler.discovery.proposal import FoundFeed
from crawler.listings import Listing, parse_feed
from crawler.listings.links import ParsedPage, absolute_link

_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "text/xml", "application/feed+json")
_LOOKS_LIKE_FEED = re.compile(r"(?:\.rss|/rss|/rss\.xml|/feed)/?(?:\?|$)", re.IGNORECASE)
_LANGUAGE = re.compile(rb"<language>\s*([\w-]+)\s*</language>|<feed[^>]+xml:lang=[\"']([\w-]+)")
_USUAL = ("/feed/", "/rss.xml", "/rss", "/feed.xml", "/atom.xml", "/index.xml")
MAX_FEEDS = 6


def linked_feeds(pages: Iterable[ParsedPage]) -> list[str]:
    """Addresses that pages call a feed, comment feeds left out."""
    found: list[str | None] = []
    for page in pages:
        if page.root is None:
            continue
        found += [
            absolute_link(page.url, node.get("href"))
            for node in page.root.xpath("//link[@rel='alternate'][@href]")
            if (node.get("type") or "").lower() in _TYPES and "sitemap" not in (node.get("title") or "").lower()
        ]
        found += [link.url for link in page.links if _LOOKS_LIKE_FEED.search(link.url)]
    return [url for url in dict.fromkeys(found) if url and "/comments/" not in url]


async def find_feeds(asker: Asker, pages: list[ParsedPage], *, tries: int = 3) -> list[tuple[FoundFeed, Listing]]:
    """The feeds that answer and hold entries; where no page names one, the usual places are tried (`tries` requests)."""
    named = linked_feeds(pages)[:MAX_FEEDS]
    usual = [] if named else [urljoin(pages[0].url, path) for path in _USUAL[:tries]]
    found: dict[str, tuple[FoundFeed, Listing]] = {}
    for url in named or usual:
        answer = await asker.get(url)
        if answer is None or answer.status != 200:
            continue
        listing = parse_feed(answer.body, url=answer.final_url, content_type=answer.content_type)
        if listing.candidates:
            found.setdefault(answer.final_url, (_described(answer, listing), listing))
            if not named:
                break
    return list(found.values())


def _described(answer: Fetched, listing: Listing) -> FoundFeed:
    dates = sorted((item.stated_date for item in listing.candidates if item.stated_date), key=_instant)
    language = _LANGUAGE.search(answer.body[:5000])
    said = (language[1] or language[2]).decode("ascii", "replace") if language else None
    return FoundFeed(answer.final_url, len(listing.candidates), dates[-1] if dates else None, said)


def _instant(text: str) -> float:
    try:
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0
