"""Which parts of the page stand apart from the article, and what do they link to?

A block begins at a heading whose words say what it is (crawler.extraction.headings), or at a portal's own rule, and ends
where its container ends or the next heading of its level begins. A box of links in another language than the page's,
beside the article, is a block too. Its lines never count as body; its links are the article's RelatedLinks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from lxml.etree import _Element
from lxml.html import HtmlElement

from archive.records import Aside
from crawler.extraction.css import selector
from crawler.extraction.headings import MAX_HEADING, kind_of_heading
from crawler.extraction.language import by_letters, detected, line_language
from crawler.extraction.outline import Line
from crawler.extraction.plain_text import flat, text_of
from crawler.portal import BlockRule, Heading

_LEVEL = {f"h{number}": number for number in range(1, 7)}
_TITLED = re.compile(r"title|heading|header|caption|headline|ueberschrift|überschrift|label", re.IGNORECASE)
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav|menu|footer|lang|language|languages|breadcrumbs?|crumbs?|toolbar|tools|share|social|header|cookie)",
    re.IGNORECASE,
)
MARKS = " \t»›>▸▶↳→•·|–—-"
MAX_LINKS = 200


@dataclass(slots=True)
class Part:
    """A block of the page: its kind, heading and lines."""

    kind: str
    heading: str | None
    lines: list[Line]
    lang: str | None = None
    heading_line: Line | None = None
    fields: tuple[str, ...] = field(default=())

    def aside(self) -> Aside:
        """As the record keeps it."""
        return Aside(self.kind, self.heading, "\n".join(line.text for line in self.lines), self.lang)


def find_parts(
    tree: HtmlElement,
    lines: list[Line],
    language: str | None,
    rules: Sequence[BlockRule] = (),
    furniture: Sequence[str] = (),
) -> list[Part]:
    """The blocks of a page in reading order; a line belongs to one block only, the portal's rules come first. `furniture`:
    selectors of what is no part of any article."""
    taken: set[int] = set()
    parts: list[Part] = []
    named = [Part("site", None, inside) for rule in furniture for inside in _selected(tree, lines, rule)]
    for part in [*named, *_by_rules(tree, lines, language, rules), *_by_headings(lines), *_foreign_boxes(lines, language)]:
        own = [line for line in part.lines if line.index not in taken]
        if not own or (part.heading_line is not None and part.heading_line.index in taken):
            continue
        part.lines = own
        taken.update(line.index for line in own)
        if part.heading_line is not None:
            taken.add(part.heading_line.index)
        parts.append(part)
    parts.sort(key=lambda part: part.lines[0].index)
    return parts


def _by_headings(lines: list[Line]) -> Iterator[Part]:
    for line in lines:
        kind = kind_of_heading(line.text) if len(line.text) <= MAX_HEADING else None
        if kind is None or kind == "share" or not _may_be_heading(line):
            continue
        below = _extent(line, lines)
        if below and any(item.anchors for item in below):
            yield Part(kind, line.text.strip(MARKS), below, heading_line=line)


def _may_be_heading(line: Line) -> bool:
    """A heading element, a line set in bold, or an element whose class says title; never a link in a running text."""
    element = line.element
    if element.tag in _LEVEL or element.tag in ("dt", "summary", "legend", "caption", "th"):
        return True
    if _TITLED.search(element.get("class") or ""):
        return True
    bold = next((child for child in element.iter("b", "strong")), None)
    if bold is not None and len(text_of(bold)) >= 0.8 * len(line.text):
        return True
    return not line.anchors or line.text.endswith(":")


def _extent(heading: Line, lines: list[Line]) -> list[Line]:
    """The lines under a heading: within the smallest container that holds more than the heading, up to its next peer."""
    element = heading.element
    container = element.getparent()
    after = lines[heading.index + 1 : heading.index + 1 + 2 * MAX_LINKS]
    while container is not None and container.tag not in ("body", "html", "main"):
        inside = _inside(container, after)
        if inside:
            return _until_peer(heading, inside)
        container = container.getparent()
    return _until_peer(heading, after[:MAX_LINKS]) if container is not None and element.tag in _LEVEL else []


def _inside(container: _Element, after: list[Line]) -> list[Line]:
    return list(takewhile(lambda line: line.within(container), after))


def _until_peer(heading: Line, lines: list[Line]) -> list[Line]:
    """The lines up to the next heading of this level or above, the next announced block, or the next running text."""
    level = _LEVEL.get(heading.tag)
    kept: list[Line] = []
    for line in lines:
        other = _LEVEL.get(line.tag)
        if other and (other <= level if level else other <= 3 and kept):
            break
        if level is None and len(line.text) > 200 and not line.linked:
            break
        if (
            len(line.text) <= MAX_HEADING
            and line.element is not heading.element
            and kind_of_heading(line.text)
            and _may_be_heading(line)
        ):
            break
        kept.append(line)
    return kept


def _foreign_boxes(lines: list[Line], language: str | None) -> Iterator[Part]:
    """Boxes of links in another language than the page's: neighbours that share a container, none of it furniture."""
    if language is None:
        return
    groups: dict[_Element, list[Line]] = {}
    for line in lines:
        if not line.anchors or line.linked < 0.7 * len(line.text) or len(line.text) < 6 or len(line.text) > 300:
            continue
        lang = by_letters(line.text) or detected(line.text, language)
        if lang is None or lang == language or _is_furniture(line.element):
            continue
        box = _box(line.element)
        if box is not None:
            groups.setdefault(box, []).append(line)
    for box, members in groups.items():
        before = [line for line in lines[max(0, members[0].index - 20) : members[0].index] if line.within(box)]
        inside = before + [line for line in lines[members[0].index : members[0].index + MAX_LINKS] if line.within(box)]
        linked = [line for line in inside if line.linked >= 0.7 * len(line.text)]
        if len(linked) >= 0.6 * len(inside) and len(members) * 2 >= len(linked):
            yield Part("related", None, inside, by_letters(members[0].text) or detected(members[0].text, language))


def _box(element: _Element) -> _Element | None:
    for node in element.iterancestors():
        if node.tag in ("div", "aside", "section", "ul", "td", "article"):
            return node
    return None


def _is_furniture(element: _Element) -> bool:
    for node in (element, *element.iterancestors()):
        if node.tag in ("nav", "header", "footer"):
            return True
        if node.tag not in ("body", "html") and _FURNITURE.search(f"{node.get('class') or ''} {node.get('id') or ''}"):
            return True
    return False


def _by_rules(tree: HtmlElement, lines: list[Line], language: str | None, rules: Sequence[BlockRule]) -> Iterator[Part]:
    for rule in rules:
        if rule.selector:
            for inside in _selected(tree, lines, rule.selector):
                yield Part(rule.kind, None, inside, fields=rule.item.fields)
        elif isinstance(rule.heading, str):
            for line in lines:
                if line.key == flat(rule.heading) and (below := _extent(line, lines)):
                    yield Part(rule.kind, line.text, below, heading_line=line, fields=rule.item.fields)
                    if rule.kind != "related":
                        break
        elif isinstance(rule.heading, Heading):
            for line in lines:
                heads = rule.heading.any or (_may_be_heading(line) and not line.anchors)
                if heads and line_language(line.element, line.text, language) == rule.heading.lang != language:
                    box = _box(line.element)
                    if box is not None and not _is_furniture(line.element):
                        inside = [item for item in lines if item.within(box)]
                        yield Part(rule.kind, None, inside, rule.heading.lang, fields=rule.item.fields)


def _selected(tree: HtmlElement, lines: list[Line], rule: str) -> Iterator[list[Line]]:
    """The lines inside each element that a selector finds."""
    for element in selector(rule)(tree):
        if inside := [line for line in lines if line.within(element)]:
            yield inside
