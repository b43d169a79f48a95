"""What would a reader see, line by line? One walk over the tree, whose result the other modules question."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml.etree import _Element
from lxml.html import HtmlElement

from crawler.extraction.plain_text import clean

_BLOCK = frozenset(
    "address article aside blockquote body br caption center dd details dialog div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_UNSEEN = frozenset(
    "head script style noscript template svg math select option datalist iframe object embed canvas audio video map "
    "textarea button title".split()
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
MAX_LINES = 20_000


@dataclass(slots=True)
class Line:
    """One line of the page: its text, the block that holds it, and the links in it."""

    text: str
    element: _Element
    index: int
    anchors: list[_Element] = field(default_factory=list)
    linked: int = 0  # characters of the text inside links

    @property
    def tag(self) -> str:
        return str(self.element.tag)


def is_hidden(element: _Element) -> bool:
    """Whether the mark-up itself says that a reader does not see the element."""
    style = element.get("style")
    return element.get("hidden") is not None or (style is not None and _HIDDEN.search(style) is not None)


def outline(tree: HtmlElement) -> list[Line]:
    """The visible lines of the page in reading order."""
    body = tree.find("body")
    lines: list[Line] = []
    parts: list[str] = []
    anchors: list[_Element] = []
    linked = 0

    def end_line(holder: _Element) -> None:
        nonlocal linked
        if parts:
            text = clean("".join(parts))
            parts.clear()
            if text:
                lines.append(Line(text, holder, len(lines), anchors.copy(), linked))
        anchors.clear()
        linked = 0

    def walk(node: _Element, holder: _Element, in_link: bool) -> None:
        nonlocal linked
        if node.text:
            parts.append(node.text)
            linked += len(node.text) if in_link else 0
        for child in node:
            tag = child.tag
            if tag in _UNSEEN or is_hidden(child):
                if child.tail:
                    parts.append(child.tail)
                continue
            if len(lines) >= MAX_LINES:
                return
            if tag in _BLOCK:
                end_line(holder)
                walk(child, holder if tag == "br" else child, in_link)
                end_line(holder if tag == "br" else child)
            else:
                if tag == "a":
                    anchors.append(child)
                walk(child, holder, in_link or tag == "a")
            if child.tail:
                parts.append(child.tail)
                linked += len(child.tail) if in_link else 0

    if body is not None:
        walk(body, body, False)
        end_line(body)
    return lines
