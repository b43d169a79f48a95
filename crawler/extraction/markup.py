"""One parse of the page, shared by every module that asks it something; bounded against hostile input."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement, HTMLParser

MAX_CHARS = 8_000_000  # of one page; what lies beyond is not read, and the reading says so
MAX_DEPTH = 250  # open elements; libxml2 stops at 256 without its "huge" mode
_UNPARSEABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)
_DECLARED_CHARSET = re.compile(r"(<meta\b[^>]{0,400}?charset\s*=\s*[\"']?)\s*[\w:.-]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Parsed:
    """The tree of a page and what had to be given up to get it."""

    tree: HtmlElement
    warnings: tuple[str, ...] = ()


def parse(text: str) -> Parsed:
    """Parse a page the way browsers forgive it; always a tree with a body, never an exception."""
    warnings: list[str] = []
    if len(text) > MAX_CHARS:
        warnings.append(f"size: only the first {MAX_CHARS:,} of {len(text):,} characters were read")
        text = text[:MAX_CHARS]
    text, dropped = _UNPARSEABLE.subn("", text)
    if dropped:
        warnings.append(f"control: {dropped} control characters were dropped")
    text = _DECLARATION.sub("", text, count=1)
    parser = HTMLParser(encoding="utf-8", collect_ids=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace") or b"<html></html>", parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if any(entry.type_name == "ERR_NAME_TOO_LONG" or "depth" in entry.message.lower() for entry in parser.error_log):
        warnings.append("depth: the page nests deeper than is read; text below was left out")
    if root is None or not isinstance(root, HtmlElement):
        root = etree.fromstring("<html><body></body></html>", HTMLParser())
        warnings.append("markup: nothing that could be read as HTML")
    if root.find("body") is None:
        etree.SubElement(root, "body")
    return Parsed(root, tuple(warnings))
