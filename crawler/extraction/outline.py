"""What would a reader see, line by line? One walk over the tree, whose result the other modules question."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree
from lxml.etree import _Element
from lxml.html import HtmlElement

from crawler.extraction.names import Names
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
# What the mark-up itself says a reader does not see.
_UNSHOWN: dict[str, Callable[[str], bool]] = {
    "hidden": lambda value: True,
    "style": lambda value: _HIDDEN.search(value) is not None,
}
_TEXT_BLOCKS = ("p", "div", "td", "center")  # whose bold line may be a heading
_TABLE_PARTS = frozenset(["table", "tbody", "thead", "tfoot", "tr", "td", "th"])
MAX_LINES = 20_000
_MENUS = frozenset(["nav", "ul"])
_MENUS_KEPT, _LONGEST_MENU = 128, 65_536  # bytes of mark-up
# Text, key, tag, holder, anchors, linked of a menu's lines; newest last.
_walked: dict[bytes, list[tuple[str, str, str, int, list[int], int]]] = {}


@dataclass(slots=True)
class Line:
    """One line of the page: its text, the block that holds it, and the links in it."""

    text: str
    element: _Element
    index: int
    anchors: list[_Element] = field(default_factory=list)
    linked: int = 0  # characters of the text inside links
    key: str = ""  # the text's letters and digits, folded
    tag: str = ""  # the block's, before layout tables were opened

    def within(self, element: _Element) -> bool:
        """Whether the line stands inside an element."""
        node: _Element | None = self.element
        while node is not None and node is not element:
            node = node.getparent()
        return node is not None


def outline(tree: HtmlElement, names: Names) -> list[Line]:
    """The visible lines of the page in reading order."""
    body = tree.find("body")
    if body is None:
        return []
    lines = _Walk(set(names.elements(_UNSHOWN))).lines_of(body)
    for index, line in enumerate(lines):
        line.index = index
    return lines


class _Walk:
    """One walk over a part of the page. `remember`: how deep in each other menus are looked for among those known."""

    def __init__(self, hidden: set[_Element], remember: int = 2) -> None:
        self._hidden = hidden
        self._remember = remember
        self._lines: list[Line] = []
        self._parts: list[str] = []
        self._anchors: list[_Element] = []
        self._linked = 0

    def lines_of(self, node: _Element) -> list[Line]:
        """The lines inside an element."""
        self._walk(node, node, None)
        self._end_line(node)
        return self._lines

    def _end_line(self, holder: _Element) -> None:
        text, key = spelled("".join(self._parts))
        self._parts.clear()
        if text:
            self._lines.append(Line(text, holder, 0, self._anchors.copy(), self._linked, key, str(holder.tag)))
        self._anchors.clear()
        self._linked = 0

    def _say_linked(self, text: str, link: _Element) -> None:
        self._parts.append(text)
        self._linked += len(text)
        if not self._anchors or self._anchors[-1] is not link:
            self._anchors.append(link)

    def _walk(self, node: _Element, holder: _Element, link: _Element | None) -> None:
        parts, hidden = self._parts, self._hidden
        if text := node.text:
            parts.append(text) if link is None else self._say_linked(text, link)
        for child in node:
            tag = child.tag
            if tag in _BLOCK:
                if child not in hidden:
                    if len(self._lines) >= MAX_LINES:
                        return
                    inner = holder if tag == "br" else child
                    if parts:
                        self._end_line(holder)
                    if tag in _MENUS and link is None and self._remember:
                        self._lines += _remembered(child, hidden, self._remember)
                    else:
                        self._walk(child, inner, link)
                        if parts:
                            self._end_line(inner)
            elif (len(child) or child.text) and tag not in _UNSEEN and child not in hidden:
                self._walk(child, holder, child if tag == "a" and child.get("href") else link)
            if text := child.tail:
                parts.append(text) if link is None else self._say_linked(text, link)


def _remembered(menu: _Element, hidden: set[_Element], remember: int) -> list[Line]:
    """The lines of a menu, which is the same on every page of a portal: walked once, found again by its mark-up."""
    markup = etree.tostring(menu, encoding="utf-8", with_tail=False)
    known = _walked.pop(markup, None)
    if known is None:
        lines = _Walk(hidden, remember - 1).lines_of(menu)
        if lines and len(markup) <= _LONGEST_MENU:
            places = {element: place for place, element in enumerate(menu.iter())}
            known = [
                (line.text, line.key, line.tag, places[line.element], [places[one] for one in line.anchors], line.linked)
                for line in lines
            ]
    else:
        elements = list(menu.iter())
        lines = [
            Line(text, elements[at], 0, [elements[one] for one in anchors], linked, key, tag)
            for text, key, tag, at, anchors, linked in known
        ]
    if known is not None:
        _walked[markup] = known
        if len(_walked) > _MENUS_KEPT:
            del _walked[next(iter(_walked))]
    return lines


def is_bold(line: Line) -> bool:
    """Whether a line is set in bold from end to end and reads like a heading: short, without a full stop."""
    if len(line.text) > 150 or line.text.endswith((".", ",", ";")) or _tag_now(line) not in _TEXT_BLOCKS:
        return False
    bold = sum(len(clean("".join(child.itertext()))) for child in line.element.iterchildren("b", "strong"))
    return bold >= 0.95 * len(line.text) > 0


def _tag_now(line: Line) -> str:
    """Parts of layout tables were made plain containers since the walk."""
    return str(line.element.tag) if line.tag in _TABLE_PARTS else line.tag
