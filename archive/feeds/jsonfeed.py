"""A feed as JSON Feed 1.1 (jsonfeed.org)."""

from __future__ import annotations

from typing import Any

from archive.feeds.entries import Feed

JSON_FEED = "application/feed+json"


def json_feed(feed: Feed) -> dict[str, Any]:
    """The document as an object."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.address,
        "feed_url": f"{feed.own}.feed.json{feed.query}",
        "items": [
            {
                "id": entry.id,
                "url": entry.link,
                "external_url": entry.external,
                "title": entry.title,
                "content_html": entry.html,
                "summary": entry.text,
                "date_published": entry.updated.isoformat(timespec="seconds"),
                "date_modified": entry.updated.isoformat(timespec="seconds"),
                "tags": list(entry.categories),
            }
            for entry in feed.entries
        ],
    }
