"""What do the portal's own rules say about this page? A layout's selectors and expressions, tried before the general ones."""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import copy
from dataclasses import replace

from lxml.etree import _Element
from lxml.html import HtmlElement

from archive.records import StatedDate
from crawler.extraction.css import selector
from crawler.extraction.date_formats import find_by_format
from crawler.extraction.date_text import find_dates
from crawler.extraction.dates import Dates, Setting, address_day
from crawler.extraction.outline import Line
from crawler.extraction.plain_text import text_of
from crawler.portal import Layout, PublishedRule


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


def dates_by_layout(
    tree: HtmlElement, lines: list[Line], near: list[Line], layout: Layout, found: Dates, setting: Setting
) -> Dates:
    """The dates, the day of publication taken from where the layout says it stands, written as it says. With `from`, what it
    does not name is not believed; without, the general rules are asked where the layout's own find nothing."""
    rule = layout.published
    if rule == PublishedRule():
        return found
    for source in rule.sources or ("selector", "dateline" if rule.dateline else "selector"):
        if day := _by_source(source, tree, lines, near, rule, found, setting):
            return replace(found, published=day)
    if rule.sources:
        return replace(found, published=None)
    read = found.published
    written = _written("text", [line.text for line in near], rule, setting) if rule.formats else None
    return found if written is None or (read and read.source in ("json-ld", "meta")) else replace(found, published=written)


def _by_source(
    source: str,
    tree: HtmlElement,
    lines: list[Line],
    near: list[Line],
    rule: PublishedRule,
    found: Dates,
    setting: Setting,
) -> StatedDate | None:
    """The day of publication that stands in one place."""
    own: StatedDate | None = None
    if source == "selector" and rule.selector:
        elements = selector(rule.selector)(tree)
        own = _written(
            "text", (element.get("datetime") or text_of(element) for element in elements), rule, setting, all_of=True
        )
    elif source == "dateline" and rule.dateline:
        hits = (re.search(rule.dateline, line.text) for line in lines)
        own = _written("dateline", (hit["date"] for hit in hits if hit), rule, setting, all_of=True)
    elif source == "text" and rule.formats:
        own = _written("text", (line.text for line in near), rule, setting)
    elif source == "url":
        own = address_day(setting)
    return own or found.by_source.get(source)


def _written(
    source: str, texts: Iterable[str], rule: PublishedRule, setting: Setting, *, all_of: bool = False
) -> StatedDate | None:
    """The first plausible day in these texts: in the rule's formats, else (`all_of`) however days are written."""
    locales = rule.locales or ((setting.language,) if setting.language else ())
    for text in texts:
        hits = [*find_by_format(text, rule.formats, locales)]
        if not hits and all_of:
            language = locales[0] if locales else None
            hits = find_dates(text, language=language, month_first=setting.month_first)
        for hit in hits:
            if setting.plausible(hit.day):
                return StatedDate(hit.day.isoformat(), hit.raw, source, 0.95)
    return None
