"""The door of this room: bytes, address and rules in, a Reading out."""

from __future__ import annotations

import hashlib
from datetime import datetime
from importlib.metadata import version

from archive.digests import textprint
from archive.records import Article, Reading
from crawler.extraction.blocks import blocks_of
from crawler.extraction.body import body_element
from crawler.extraction.decoding import decode
from crawler.extraction.links import base_of, outlinks
from crawler.extraction.markup import parse
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
    links = outlinks(parsed.tree, base_of(parsed.tree, url))
    blocks = blocks_of(body_element(parsed.tree, url))
    article = Article(url=url, blocks=blocks, articleBody="\n\n".join(block.text for block in blocks))
    return Reading(
        article=article,
        kind="page",
        rules=portal.rules_digest(EXTRACTOR) if portal else _DEFAULT_RULES,
        extractor=EXTRACTOR,
        textprint=textprint(article),
        warnings=decoded.warnings + parsed.warnings,
        outlinks=links,
    )
