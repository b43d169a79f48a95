"""Changes as an Atom feed (RFC 4287) and as a JSON Feed 1.1 (jsonfeed.org): the change itself is in every entry.

Pure: rows of `archive.query.changes` with their blocks in, text out. The same change always has the same id, so that a
reader tells it once, whatever address the viewer has.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from archive.diffing.views import as_html
from archive.output.safe import json_text

ATOM = "http://www.w3.org/2005/Atom"
_MOST_BLOCKS = 10  # of one entry: who wants more opens the comparison


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says of itself. `address`: where the feed is served, where that is known."""

    title: str
    viewer: str
    names: Mapping[str, str]  # portal id -> its name, the author of what it changed
    address: str | None = None


def atom(changes: Sequence[Mapping[str, Any]], feed: Feed, *, now: datetime) -> str:
    """The Atom document. `now` dates a feed without entries."""
    ET.register_namespace("", ATOM)
    root = ET.Element(f"{{{ATOM}}}feed")
    newest = max((row["detected_at"] for row in changes), default=now)
    _add(root, "title", feed.title)
    _add(root, "id", feed.address or f"{feed.viewer.rstrip('/')}/changes")
    _add(root, "updated", _instant(newest))
    _add(root, "generator", "onrecord")
    _add(root, "link", href=f"{feed.viewer.rstrip('/')}/changes", rel="alternate", type="text/html")
    if feed.address:
        _add(root, "link", href=feed.address, rel="self", type="application/atom+xml")
    for row in changes:
        entry = _add(root, "entry")
        _add(entry, "title", headline(row))
        _add(entry, "id", entry_id(row))
        _add(entry, "updated", _instant(row["detected_at"]))
        _add(_add(entry, "author"), "name", feed.names.get(row["portal"], row["portal"]))
        _add(entry, "link", href=permalink(row, feed.viewer), rel="alternate", type="text/html")
        _add(entry, "link", href=row["url"], rel="related")
        for term in (row["kind"], row["portal"], *row["sections"]):
            _add(entry, "category", term=term)
        _add(entry, "content", content(row), type="html")
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def json_feed(changes: Sequence[Mapping[str, Any]], feed: Feed) -> str:
    """The JSON Feed document."""
    told: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": f"{feed.viewer.rstrip('/')}/changes",
        "items": [
            {
                "id": entry_id(row),
                "url": permalink(row, feed.viewer),
                "external_url": row["url"],
                "title": headline(row),
                "content_html": content(row),
                "date_modified": row["detected_at"].isoformat(timespec="seconds"),
                "authors": [{"name": feed.names.get(row["portal"], row["portal"])}],
                "tags": [row["kind"], row["portal"], *row["sections"]],
            }
            for row in changes
        ],
    }
    if feed.address:
        told["feed_url"] = feed.address
    return json_text(told, indent=2) + "\n"


def headline(row: Mapping[str, Any]) -> str:
    """What happened to what, in one line."""
    added, removed = row["words_added"], row["words_removed"]
    words = " ".join(part for part in (f"+{added}" if added else "", f"-{removed}" if removed else "") if part)
    return f"{row['kind']}: {' '.join((row['headline'] or row['url']).split())}" + (f" ({words} words)" if words else "")


def entry_id(row: Mapping[str, Any]) -> str:
    """A tag URI (RFC 4151) by the page's host, the day of the change, and the change."""
    host = urlsplit(row["url"]).hostname or "localhost"
    day = row["detected_at"].astimezone(UTC).date()
    return f"tag:{host},{day}:onrecord/{row['page']}/{row['to'] or 0}/{row['kind']}"


def permalink(row: Mapping[str, Any], viewer: str) -> str:
    """The comparison in the viewer; the page where there is nothing to compare with."""
    page = f"{viewer.rstrip('/')}/pages/{row['page']}"
    return f"{page}/diff/{row['from']}..{row['to']}" if row["from"] and row["to"] else page


def content(row: Mapping[str, Any]) -> str:
    """The change as HTML: where, between when and when, why it matters, and the changed paragraphs."""
    after = f"after {_minute(row['not_before'])} and " if row["not_before"] else ""
    facts = [", ".join(row["fields"]), row["why"], {"no": "not declared by the page"}.get(row["declared"], "")]
    lines = [f"<p>{escape(' · '.join(filter(None, facts)))}</p>"] if any(facts) else []
    lines.append(f"<p>Seen {escape(after)}at or before {escape(_minute(row['detected_at']))}: {_link(row['url'])}</p>")
    if row["from_url"]:
        lines.append(f"<p>Moved from {_link(row['from_url'])}</p>")
    blocks = row.get("blocks") or ()
    lines += [f"<p>{as_html(block)}</p>" for block in blocks[:_MOST_BLOCKS]]
    if len(blocks) > _MOST_BLOCKS:
        lines.append(f"<p>… and {len(blocks) - _MOST_BLOCKS} more</p>")
    return "\n".join(lines)


def _link(url: str) -> str:
    return f'<a href="{escape(url)}">{escape(url)}</a>' if url.startswith(("http://", "https://")) else escape(url)


def _minute(at: datetime) -> str:
    return at.isoformat(sep=" ", timespec="minutes")


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, f"{{{ATOM}}}{name}", {key: _xml(value) for key, value in attributes.items()})
    if text is not None:
        child.text = _xml(text)
    return child


def _xml(text: str) -> str:
    """Characters that XML 1.0 knows (2.2)."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
