"""Is this page an article, rather than a hub or a page of the house? Its mark-up, its date, its words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from archive.records import Reading
from crawler.listings.links import ParsedPage

_TYPES = re.compile(r"(?:^|/)(?:\w*Article|BlogPosting|Report|PressRelease|SpeechAct)$")
_OWN_WORDS = {"json-ld", "meta", "time", "dateline", "selector", "text"}
_MARKED = {"json-ld", "meta", "time", "selector"}
MIN_BODY = 120  # characters


def article_sign(page: ParsedPage, reading: Reading) -> tuple[str, int] | None:
    """Why the page counts as an article and how strong that is: ("says so (BlogPosting)", 3), ("dated 2018-11-26", 2),
    ("dated 2018-11-26 (text)", 1); or None."""
    article = reading.article
    if reading.kind != "page" or len(article.articleBody) < MIN_BODY:
        return None
    if declared := _declared_type(page):
        return f"says so ({declared})", 3
    if dated := _published_markup(page):
        return f"dated {dated}", 2
    stated = article.datePublished
    if stated is not None and stated.source in _OWN_WORDS and stated.confidence >= 0.5:
        return f"dated {stated.value[:10]} ({stated.source})", 2 if stated.source in _MARKED else 1
    return None


def _declared_type(page: ParsedPage) -> str | None:
    if page.root is None:
        return None
    values = [str(value) for value in page.root.xpath("//@itemtype")]
    values += [str(kind) for kind in _ld_types(page.root)]
    found = next((value for value in values if _TYPES.search(value)), None)
    if found:
        return found.rsplit("/", 1)[-1]
    return (
        "og:type article"
        if page.root.xpath("//meta[@property='og:type'][@content='article']") and _published_markup(page)
        else None
    )


def _published_markup(page: ParsedPage) -> str | None:
    if page.root is None:
        return None
    marks = page.root.xpath(
        "//meta[@property='article:published_time' or @name='dcterms.issued' or @name='DC.date.issued']/@content"
        " | //time[@itemprop='datePublished' or @property='datePublished' or @pubdate]/@datetime"
        " | //*[contains(@class, 'entry-date') or contains(@class, 'dt-published')]/@datetime"
    )
    return str(marks[0])[:10] if marks else None


def _ld_types(root: Any) -> Iterator[str]:
    for text in root.xpath("//script[@type='application/ld+json']/text()"):
        try:
            data = json.loads(str(text))
        except ValueError:
            continue
        stack = [data]
        while stack:
            node = stack.pop()
            if isinstance(node, list):
                stack += node[:50]
            elif isinstance(node, dict):
                kinds = node.get("@type", ())
                yield from (kinds,) if isinstance(kinds, str) else (kind for kind in kinds if isinstance(kind, str))
                stack += [value for key, value in node.items() if key in {"@graph", "mainEntity"}]
