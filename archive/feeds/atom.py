"""A feed as Atom (RFC 4287)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from archive.feeds.entries import Entry, Feed

ATOM = "application/atom+xml; charset=utf-8"
_NAMESPACE = "http://www.w3.org/2005/Atom"
# What XML 1.0 cannot hold, even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom(feed: Feed) -> bytes:
    """The document, UTF-8 with declaration."""
    root = ET.Element("feed", {"xmlns": _NAMESPACE})
    own = f"{feed.own}.atom{feed.query}"
    _add(root, "id", own)
    _add(root, "title", feed.title)
    _add(root, "updated", _instant(feed.updated))
    ET.SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": _clean(own)})
    ET.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": _clean(feed.address)})
    _add(root, "generator", "onrecord")
    _add(ET.SubElement(root, "author"), "name", "onrecord")
    for entry in feed.entries:
        _entry(root, entry)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _entry(root: ET.Element, entry: Entry) -> None:
    element = ET.SubElement(root, "entry")
    _add(element, "id", entry.id)
    _add(element, "title", entry.title)
    _add(element, "updated", _instant(entry.updated))
    _add(element, "published", _instant(entry.updated))
    ET.SubElement(element, "link", {"rel": "alternate", "type": "text/html", "href": _clean(entry.link)})
    ET.SubElement(element, "link", {"rel": "related", "href": _clean(entry.external)})
    for name in entry.categories:
        ET.SubElement(element, "category", {"term": _clean(name)})
    _add(element, "content", entry.html).set("type", "html")


def _add(parent: ET.Element, name: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, name)
    element.text = _clean(text)
    return element


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
