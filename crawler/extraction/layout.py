"""What do the portal's own rules say about this page? A layout's selectors and expressions, tried before the general ones."""

from __future__ import annotations

import re
from copy import copy

from lxml.etree import _Element
from lxml.html import HtmlElement

from archive.records import StatedDate
from crawler.extraction.css import selector
from crawler.extraction.date_text import find_dates
from crawler.extraction.dates import Dates, Setting
from crawler.extraction.outline import Line
from crawler.extraction.plain_text import text_of
from crawler.portal import Layout


def title_by_layout(tree: HtmlElement, layout: Layout) -> str | None:
    """The headline where the layout says where it stands and something stands there."""
    if not layout.title:
        return None
    return next((text for element in selector(layout.title)(tree) if (text := text_of(element))), None)


def pruned(tree: HtmlElement, layout: Layout) -> HtmlElement:
    """The tree without what the layout cuts out; the shared tree stays as it is."""
    if not any(selector(rule)(tree) for rule in layout.body.prune):
        return tree
    clone = copy(tree)
    for rule in layout.body.prune:
        for element in selector(rule)(clone):
            if element.getparent() is not None:
                element.drop_tree()
    return clone


def body_part(tree: HtmlElement, layout: Layout) -> HtmlElement:
    """The container the layout names, as a page of its own; the whole tree where it names none or none is there."""
    if not layout.body.selector:
        return tree
    found: list[_Element] = selector(layout.body.selector)(tree)
    if not found:
        return tree
    root: HtmlElement = tree.makeelement("html")
    body = root.makeelement("body")
    article = body.makeelement("article")
    root.append(body)
    body.append(article)
    for element in found:
        article.append(copy(element))
    return root


def stated_by_layout(tree: HtmlElement, lines: list[Line], layout: Layout, found: Dates, setting: Setting) -> Dates:
    """The dates, the publication date taken from where the layout says it stands."""
    rule = layout.published
    texts: list[tuple[str, str]] = []
    if rule.selector:
        texts += [("text", element.get("datetime") or text_of(element)) for element in selector(rule.selector)(tree)]
    if rule.dateline:
        pattern = re.compile(rule.dateline)
        texts += [
            ("dateline", match["date"])
            for line in lines
            if (match := pattern.search(line.text)) and "date" in match.groupdict()
        ]
    for source, text in texts:
        for hit in find_dates(
            text, language=rule.locales[0] if rule.locales else setting.language, month_first=setting.month_first
        ):
            if setting.plausible(hit.day):
                return Dates(StatedDate(hit.day.isoformat(), hit.raw, source, 0.95), found.modified)
    return found
