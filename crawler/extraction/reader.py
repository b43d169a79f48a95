"""The door of this room: bytes, address and rules in, a Reading out."""

from __future__ import annotations

import hashlib
from datetime import datetime
from importlib.metadata import version
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.digests import textprint
from archive.records import Article, Reading
from crawler.extraction.authors import authors_of
from crawler.extraction.blocks import blocks_of
from crawler.extraction.body import body_element
from crawler.extraction.dates import Setting, read_dates
from crawler.extraction.decoding import decode
from crawler.extraction.language import page_language
from crawler.extraction.links import base_of, outlinks
from crawler.extraction.markup import parse
from crawler.extraction.outline import Line, outline
from crawler.extraction.structured import structured
from crawler.extraction.titles import flat, headline, site_names
from crawler.portal import Portal

EXTRACTOR = f"onrecord {version('onrecord')}, trafilatura {version('trafilatura')}"
_DEFAULT_RULES = hashlib.sha256(f"{EXTRACTOR}\nno portal file".encode()).hexdigest()


def read(
    body: bytes,
    *,
    url: str,
    content_type: str | None,
    portal: Portal | None = None,
    at: datetime | None = None,
    boilerplate: frozenset[str] = frozenset(),
) -> Reading:
    """Read one payload. `body` is free of content coding, `content_type` the HTTP header, `at` the time of capture
    (which layout was in force, which dates lie in the future), `boilerplate` lines known to stand on most pages of the
    portal. Never raises on a page's content: what could not be read is told in `warnings`."""
    decoded = decode(body, content_type)
    parsed = parse(decoded.text)
    tree = parsed.tree
    stated = structured(tree)
    lines = outline(tree)
    base = base_of(tree, url)
    links = outlinks(tree, base)
    names = site_names(stated, url)
    title = headline(tree, stated, lines, url, boilerplate)
    blocks = blocks_of(body_element(tree, url))
    text = "\n\n".join(block.text for block in blocks)
    language = page_language(tree, stated.first("og:locale", "dc.language", "dcterms.language"), text)
    head = line_of(title, lines)
    first = line_of(blocks[0].text, lines) if blocks else None
    dates = read_dates(stated, lines, head, first, Setting(url, language, at, month_first(url, tree)))
    article = Article(
        url=url,
        headline=title,
        articleBody=text,
        blocks=blocks,
        datePublished=dates.published,
        dateModified=dates.modified,
        authors=authors_of(tree, stated, lines, names),
        inLanguage=language,
    )
    return Reading(
        article=article,
        kind="page",
        rules=portal.rules_digest(EXTRACTOR) if portal else _DEFAULT_RULES,
        extractor=EXTRACTOR,
        textprint=textprint(article),
        warnings=decoded.warnings + parsed.warnings,
        outlinks=links,
    )


def line_of(text: str | None, lines: list[Line]) -> int | None:
    """The number of the line that says this, or starts it."""
    key = flat(text)[:80]
    if not key:
        return None
    return next((line.index for line in lines if flat(line.text)[:80] == key), None)


def month_first(url: str, tree: HtmlElement) -> bool:
    """Whether 03/04/2014 means 4 March here: sites of the United States."""
    host = urlsplit(url).hostname or ""
    return host.endswith((".gov", ".mil", ".us", ".com")) and (tree.get("lang") or "en").lower() in ("en", "en-us", "en_us")
