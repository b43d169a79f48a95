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
from typing import get_args
from urllib.parse import urlsplit

from lxml.etree import _Element
from lxml.html import HtmlElement

from archive.records import Aside, LinkKind, RelatedLink
from crawler.extraction.css import selector
from crawler.extraction.date_text import find_dates
from crawler.extraction.headings import MAX_HEADING, kind_of_heading
from crawler.extraction.language import by_letters, detected, line_language
from crawler.extraction.links import absolute
from crawler.extraction.outline import Line
from crawler.extraction.plain_text import flat, text_of
from crawler.portal import BlockRule, Heading

_LEVEL = {f"h{number}": number for number in range(1, 7)}
_TITLED = re.compile(r"title|heading|header|caption|headline|ueberschrift|überschrift|label", re.IGNORECASE)
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav|menu|footer|lang|language|languages|breadcrumbs?|crumbs?|toolbar|tools|share|social|header|cookie)",
    re.IGNORECASE,
)
_MARKS = " \t»›>▸▶↳→•·|–—-"
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


def find_parts(tree: HtmlElement, lines: list[Line], language: str | None, rules: Sequence[BlockRule] = ()) -> list[Part]:
    """The blocks of a page in reading order; a line belongs to one block only, the portal's rules come first."""
    taken: set[int] = set()
    parts: list[Part] = []
    for part in [*_by_rules(tree, lines, language, rules), *_by_headings(lines), *_foreign_boxes(lines, language)]:
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


def links_of(part: Part, base: str, language: str | None) -> list[RelatedLink]:
    """The links of a block, once each, with outlet, date and lead where its lines name them."""
    kind = part.kind if part.kind in get_args(LinkKind) else "related"
    items: dict[str, list[Line]] = {}
    titles: dict[str, str] = {}
    current: str | None = None
    for line in part.lines:
        anchors = [(absolute(base, anchor.get("href")), text_of(anchor).strip(_MARKS)) for anchor in line.anchors]
        for target, title in anchors:
            if target and target not in items and len(items) < MAX_LINKS:
                items[target] = []
                titles[target] = title
            if target and len(title) > len(titles[target]):
                titles[target] = title
            current = target or current
        if current and (len(anchors) != 1 or line.linked < 0.9 * len(line.text)):
            items[current].append(line)
    return [
        _item(kind, target, titles[target], items[target], language)
        for target in items
        if titles[target] and kind_of_heading(titles[target]) != "share"
    ]


def _item(kind: LinkKind | str, target: str, title: str, lines: list[Line], language: str | None) -> RelatedLink:
    date = outlet = lead = None
    for line in lines:
        text = line.text.replace(title, "", 1).strip(_MARKS)
        hits = find_dates(text, language=language)
        if hits and date is None and len(text) <= 120:
            date = hits[0].day.isoformat()
            rest = (text[: hits[0].start] + " " + text[hits[0].end :]).strip(_MARKS + "(),.:;/ ")
            outlet = outlet or (rest if 1 < len(rest) <= 80 else None)
        elif len(text) > 40 and lead is None:
            lead = text
        elif kind == "foreign_press" and outlet is None and 1 < len(text) <= 60:
            outlet = text
    lang = by_letters(title) or detected(title, language) or _address_language(target) or language
    return RelatedLink(kind, target, title, outlet, date, lang, lead)  # type: ignore[arg-type]


def _address_language(url: str) -> str | None:
    first = urlsplit(url).path.strip("/").split("/")[0].lower()
    return first if first in ("az", "ru", "en", "tr", "ar", "fr", "de", "es", "uk", "ka", "fa") else None


def _by_headings(lines: list[Line]) -> Iterator[Part]:
    for line in lines:
        kind = kind_of_heading(line.text) if len(line.text) <= MAX_HEADING else None
        if kind is None or kind == "share" or not _may_be_heading(line):
            continue
        below = _extent(line, lines)
        if below and any(item.anchors for item in below):
            yield Part(kind, line.text.strip(_MARKS), below, heading_line=line)


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
            for element in selector(rule.selector)(tree):
                inside = [line for line in lines if line.within(element)]
                if inside:
                    yield Part(rule.kind, None, inside, fields=rule.item.fields)
        elif isinstance(rule.heading, str):
            for line in lines:
                if line.key == flat(rule.heading) and (below := _extent(line, lines)):
                    yield Part(rule.kind, line.text, below, heading_line=line, fields=rule.item.fields)
                    if rule.kind != "related":
                        break
        elif isinstance(rule.heading, Heading) and rule.heading.lang:
            for line in lines:
                if _may_be_heading(line) and line_language(line.element, line.text, language) == rule.heading.lang != language:
                    box = _box(line.element)
                    if box is not None and not _is_furniture(line.element):
                        inside = [item for item in lines if item.within(box)]
                        yield Part(rule.kind, None, inside, rule.heading.lang, fields=rule.item.fields)
