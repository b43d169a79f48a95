"""One parse of the page, shared by every module that asks it something; bounded against hostile input."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

# Every element is a plain HtmlElement: lxml.html's own parser asks Python for the class of each element it touches.
_ELEMENTS = etree.ElementDefaultClassLookup(element=HtmlElement)
MAX_CHARS = 3_000_000  # of one page; what lies beyond is not read, and the reading says so
MAX_TAGS = 150_000  # the same for mark-up: what reads pages takes a time that grows with their elements
_UNPARSEABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# The control characters, and what surrogates and the two last characters begin with in UTF-8 (as Hangul and a few others do).
_SUSPECT = bytes([*range(9), 11, 12, *range(14, 32), 0xED, 0xEF])
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)
# All that nests and is not itself text, link, heading, list or table: libxml2 stops at 256 open elements.
_CONTAINER = re.compile(
    r"(?:</?(?!(?:html|head|body|title|meta|link|base|script|style|a|p|h[1-6]|br|img|time)\b)[a-z][^\s<>/]*[^<>]*>\s*)+",
    re.IGNORECASE,
)


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
    text, dropped = _UNPARSEABLE.subn("", text) if _may_be_unparseable(text) else (text, 0)
    if dropped:
        warnings.append(f"control: {dropped} control characters were dropped")
    text = _DECLARATION.sub("", text, count=1)
    root, changed = _tree(text)
    if changed:
        warnings.append("depth: the page nests deeper than is read; its containers were taken out, its text was kept")
        text = _CONTAINER.sub("\n", text)
    if text.count("<") > MAX_TAGS:
        end = next(islice((match.start() for match in re.finditer("<", text)), MAX_TAGS, None))
        warnings.append(f"size: only the first {MAX_TAGS:,} of {text.count('<'):,} tags were read")
        text, changed = text[:end], True
    if changed:
        root, _ = _tree(text)
    if root is None or not isinstance(root, HtmlElement):
        root = etree.fromstring("<html><body></body></html>", _parser())
        warnings.append("markup: nothing that could be read as HTML")
    if root.find("body") is None:
        etree.SubElement(root, "body")
    return Parsed(root, tuple(warnings))


def _may_be_unparseable(text: str) -> bool:
    """A look at the bytes, many times as fast as at the characters, says no of nearly every page."""
    data = text.encode("utf-8", "surrogatepass")
    return len(data.translate(None, _SUSPECT)) < len(data)


def _tree(text: str) -> tuple[etree._Element | None, bool]:
    """The tree, and whether the parser gave up below some depth."""
    parser = _parser()
    try:
        root = etree.fromstring(text.encode("utf-8", "replace") or b"<html></html>", parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    return root, any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log)


def _parser() -> etree.HTMLParser[HtmlElement]:
    parser: etree.HTMLParser[HtmlElement] = etree.HTMLParser(
        encoding="utf-8", collect_ids=False, remove_comments=True, remove_pis=True
    )
    parser.set_element_class_lookup(_ELEMENTS)
    return parser
