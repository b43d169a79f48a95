"""What would a reader see, line by line? One walk over the tree, whose result the other modules question."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree
from lxml.etree import _Element
from lxml.html import HtmlElement

from crawler.extraction.plain_text import clean, spelled

_BLOCK = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_UNSEEN = frozenset(
    [
        "head",
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "select",
        "option",
        "datalist",
        "iframe",
        "object",
        "embed",
        "canvas",
        "audio",
        "video",
        "map",
        "textarea",
        "button",
        "title",
    ]
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SAID_HIDDEN = etree.XPath("descendant::*/@hidden/..")
_STYLED = etree.XPath("descendant::*/@style/..")
MAX_LINES = 20_000


@dataclass(slots=True)
class Line:
    """One line of the page: its text, the block that holds it, and the links in it."""

    text: str
    element: _Element
    index: int
    anchors: list[_Element] = field(default_factory=list)
    linked: int = 0  # characters of the text inside links
    key: str = ""  # the text's letters and digits, folded

    def within(self, element: _Element) -> bool:
        """Whether the line stands inside an element."""
        node: _Element | None = self.element
        while node is not None and node is not element:
            node = node.getparent()
        return node is not None

    @property
    def tag(self) -> str:
        return str(self.element.tag)


def outline(tree: HtmlElement) -> list[Line]:
    """The visible lines of the page in reading order."""
    body = tree.find("body")
    lines: list[Line] = []
    parts: list[str] = []
    anchors: list[_Element] = []
    linked = 0
    hidden = _hidden(tree)

    def end_line(holder: _Element) -> None:
        nonlocal linked
        text, key = spelled("".join(parts))
        parts.clear()
        if text:
            lines.append(Line(text, holder, len(lines), anchors.copy(), linked, key))
        anchors.clear()
        linked = 0

    def say_linked(text: str, link: _Element) -> None:
        nonlocal linked
        parts.append(text)
        linked += len(text)
        if not anchors or anchors[-1] is not link:
            anchors.append(link)

    def walk(node: _Element, holder: _Element, link: _Element | None) -> None:
        if text := node.text:
            parts.append(text) if link is None else say_linked(text, link)
        for child in node:
            tag = child.tag
            if tag in _BLOCK:
                if child not in hidden:
                    if len(lines) >= MAX_LINES:
                        return
                    inner = holder if tag == "br" else child
                    if parts:
                        end_line(holder)
                    walk(child, inner, link)
                    if parts:
                        end_line(inner)
            elif (len(child) or child.text) and tag not in _UNSEEN and child not in hidden:
                walk(child, holder, child if tag == "a" and child.get("href") else link)
            if text := child.tail:
                parts.append(text) if link is None else say_linked(text, link)

    if body is not None:
        walk(body, body, None)
        end_line(body)
    return lines


def _hidden(tree: HtmlElement) -> set[_Element]:
    """What the mark-up itself says a reader does not see."""
    styled = {element for element in _STYLED(tree) if _HIDDEN.search(element.get("style", ""))}
    return styled.union(_SAID_HIDDEN(tree))


def is_bold(line: Line) -> bool:
    """Whether a line is set in bold from end to end and reads like a heading: short, without a full stop."""
    if len(line.text) > 150 or line.text.endswith((".", ",", ";")) or line.tag not in ("p", "div", "td", "center"):
        return False
    bold = sum(len(clean("".join(child.itertext()))) for child in line.element.iterchildren("b", "strong"))
    return bold >= 0.95 * len(line.text) > 0
