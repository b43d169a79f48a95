"""What does a feed show? RSS, Atom and RDF through feedparser."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Any
from urllib.parse import urldefrag, urljoin

from crawler.listings.listing import Candidate, Listing
from crawler.listings.unpacking import unpacked_xml
from crawler.portal import Portal

MAX_ENTRIES = 5000
_YEAR_ZERO = re.compile(r"(?<!\d)0{2,3}\d{1,2}(?=-\d\d-|\s)")  # "01 Jan 0001": an empty field; parsers would read 2001


def parse_feed(body: bytes, *, url: str, content_type: str | None = None, portal: Portal | None = None) -> Listing:
    """Entries in the feed's order. With a portal, those that are no article of it by [articles] are left out.

    `next_urls` are the feed's own next pages (RFC 5005).
    """
    import feedparser  # heavy; needed only where a feed is read

    xml, refused = unpacked_xml(body)
    if refused:
        return Listing(warnings=(f"feed {url} refused: {refused}",))
    headers = {"content-location": url, **({"content-type": content_type} if content_type else {})}
    # A stream, never the bytes themselves: feedparser would take a short body for a file name or an address.
    parsed = feedparser.parse(BytesIO(xml), response_headers=headers, sanitize_html=False)
    if not parsed.entries and not parsed.get("version"):
        return Listing(warnings=(f"feed {url} is not a feed",))
    found: dict[str, Candidate] = {}
    for entry in parsed.entries[:MAX_ENTRIES]:
        link = _address(entry, url)
        if link and link not in found and (portal is None or portal.is_article(link) is not False):
            found[link] = Candidate(link, _text(entry.get("title")), stated_date(entry), len(found))
    further = [item.get("href") for item in parsed.feed.get("links", []) if item.get("rel") == "next"]
    return Listing(tuple(found.values()), tuple(dict.fromkeys(urljoin(url, href) for href in further if href)))


def stated_date(entry: Any) -> str | None:
    """The entry's date as ISO 8601 with the offset it was written with; None for none and for the year 1 of empty fields."""
    for key in ("published", "updated"):
        raw = str(entry[key] or "").strip() if key in entry else ""
        if not raw or _YEAR_ZERO.search(raw):
            continue
        moment = _moment(raw)
        if moment is None and entry.get(f"{key}_parsed"):
            year, month, day, hour, minute, second = entry[f"{key}_parsed"][:6]
            moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
        if moment is not None and moment.year > 1900:
            return moment.isoformat()
    return None


def _moment(raw: str) -> datetime | None:
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return parse(raw)
        except (ValueError, TypeError, IndexError):
            continue
    return None


def _address(entry: Any, base: str) -> str | None:
    link = entry.get("link") or (entry.get("id") if entry.get("guidislink") else None)
    if not link:
        return None
    try:
        absolute = urldefrag(urljoin(base, str(link).strip())).url
    except ValueError:
        return None
    return absolute if absolute.startswith(("http://", "https://")) else None


def _text(value: Any) -> str | None:
    return " ".join(str(value).split()) or None if value else None
