"""The door of this room: bytes, address and rules in, a Reading out."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime

from archive.digests import textprint
from archive.records import Article, Block, Reading
from crawler.extraction.article import Frame, PageReader
from crawler.extraction.carried import in_utf8
from crawler.extraction.decoding import decode
from crawler.extraction.documents import kind_of_document, read_document
from crawler.extraction.extractor import EXTRACTOR
from crawler.extraction.language import page_language
from crawler.extraction.links import Outlinks
from crawler.extraction.looks import logos_of, styles_of
from crawler.extraction.markup import parse
from crawler.portal import Layout, Portal

MAX_TITLE = 150  # characters of a document's first paragraph that may be its title: a longer one is text
_HALF_PAIR = re.compile(r"\\u[dD][89a-fA-F]")  # as JSON-LD writes them: mark-up itself cannot
_ALL = Outlinks()
_DEFAULT_RULES = hashlib.sha256(f"{EXTRACTOR}\nno portal file".encode()).hexdigest()


def read(
    body: bytes,
    *,
    url: str,
    content_type: str | None,
    portal: Portal | None = None,
    at: datetime | None = None,
    outlinks: Outlinks | None = None,
) -> Reading:
    """Read one payload. `body` is free of content coding, `content_type` the HTTP header, `at` the time of capture
    (which layout was in force, which dates lie in the future), `outlinks` which addresses are wanted (default: all). Never
    raises on a page's content: what could not be read is told in `warnings`."""
    rules = portal.rules_digest(EXTRACTOR) if portal else _DEFAULT_RULES
    kind = kind_of_document(body, content_type)
    if kind is not None:
        article, warnings = _document(body, kind, url, content_type)
        return in_utf8(Reading(article, "not_html", rules, EXTRACTOR, textprint(article), warnings))
    decoded = decode(body, content_type)
    parsed = parse(decoded.text)
    # Without an instant the open layout is in force: this room reads no clock.
    layout = portal.layout_at(at.date() if at else date.max) if portal else Layout()
    frame = Frame(url, at, layout, portal.noise.selectors if portal else ())
    page = PageReader(parsed.tree, decoded.text, frame)
    article = page.article()
    warnings = decoded.warnings + parsed.warnings + page.warnings
    links = (outlinks or _ALL).of(page.names.leading, page.base)
    looks = styles_of(page.names.leading, page.base), logos_of(parsed.tree, page.base)
    reading = Reading(article, page.kind(article), rules, EXTRACTOR, textprint(article), warnings, links, *looks)
    return in_utf8(reading) if _HALF_PAIR.search(decoded.text) else reading


def _document(body: bytes, kind: str, url: str, content_type: str | None) -> tuple[Article, tuple[str, ...]]:
    """A PDF, office or text file as an article: its paragraphs, and what its properties say."""
    document = read_document(body, kind, content_type)
    text = "\n\n".join(document.paragraphs)
    article = Article(
        url=url,
        headline=document.title or next((text for text in document.paragraphs[:1] if len(text) <= MAX_TITLE), None),
        articleBody=text,
        blocks=tuple(Block("paragraph", paragraph) for paragraph in document.paragraphs),
        datePublished=document.created,
        dateModified=document.modified,
        authors=(document.author,) if document.author else (),
        inLanguage=page_language(None, None, text),
    )
    return article, document.warnings
