"""What a saved copy of a page says that its reading alone does not: for two copies without a history to judge them by.

A record learns over many visits what is furniture; two copies have only each other. So the title is compared where it
is no form of the headline, the days named between headline and text, and a page without an article as a whole.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from archive.diffing.text import diff_text
from archive.diffing.wording import wording
from archive.records import Article, Reading, RelatedLink
from crawler.extraction import read
from crawler.extraction.date_text import find_dates
from crawler.extraction.decoding import decode
from crawler.extraction.markup import parse
from crawler.extraction.names import Names
from crawler.extraction.outline import Line, outline
from crawler.extraction.plain_text import flat, text_of


@dataclass(frozen=True)
class SavedPage:
    """A saved copy and its reading."""

    body: bytes
    reading: Reading

    @classmethod
    def of(cls, body: bytes, url: str) -> SavedPage:
        """Read a copy; its charset is what the page itself says."""
        return cls(body, read(body, url=url, content_type="text/html"))

    @cached_property
    def article(self) -> Article:
        """What is compared: the article; of a home page, which has no date of its own, without one; of a page without an
        article, all its text and links."""
        article = self.reading.article
        if article.canonicalUrl is not None and urlsplit(article.canonicalUrl).path in ("", "/"):
            article = replace(article, datePublished=None)
        if article.articleBody:
            return article
        links = tuple(RelatedLink("body", url) for url in self.reading.outlinks)
        return replace(article, articleBody="\n\n".join(line.text for line in self.lines), links=links)

    @cached_property
    def lines(self) -> list[Line]:
        """All visible lines."""
        return outline(self._tree, Names(self._tree))

    @cached_property
    def title(self) -> str:
        """The page's title, where headline and title do not hold each other."""
        element = self._tree.find(".//head/title")
        title = text_of(element) if element is not None else ""
        key, other = flat(title), flat(self.reading.article.headline)
        return "" if key in other or (other and other in key) else title

    @cached_property
    def stated_days(self) -> Counter[date]:
        """The days named between the headline and the text, each with how often."""
        article = self.reading.article
        head = next((line.index for line in self.lines if line.key == flat(article.headline)), None)
        opening = flat(article.articleBody.split("\n")[0])
        if head is None or not opening:
            return Counter()
        start = next((line.index for line in self.lines if line.index > head and line.key == opening), head)
        between = [line for line in self.lines if head < line.index < start]
        return Counter(found.day for line in between for found in find_dates(line.text, language=article.inLanguage))

    @cached_property
    def _tree(self) -> Any:
        return parse(decode(self.body, "text/html").text).tree


def beside_the_article(old: SavedPage, new: SavedPage) -> list[dict[str, Any]]:
    """Blocks for a title and for stated days that changed."""
    blocks: list[dict[str, Any]] = []
    if old.title and new.title and wording(old.title) != wording(new.title):
        blocks += diff_text(old.title, new.title, "headline").blocks
    gone, come = old.stated_days - new.stated_days, new.stated_days - old.stated_days
    for tag, days in (("-", gone), ("+", come)):
        span = [1, 0] if tag == "-" else [0, 1]
        blocks += [
            {"field": "dates", "para": 1, "old_para": 1, "span": span, "ops": [[tag, f"datePublished {day.isoformat()}"]]}
            for day in sorted(days.elements())
        ]
    return blocks
