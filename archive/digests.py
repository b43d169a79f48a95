"""Equality of bytes and of texts: digests, and what counts as the same words."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from typing import Any

from archive.records import Article, StatedDate

# Soft hyphen, zero width space and joiners, word joiner, byte order mark, direction marks: nothing a reader sees. The
# joiners U+200C/D are kept: Persian and Indic words differ by them.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069]")


def sha256_hex(data: bytes) -> str:
    """The one digest of this archive: sha256, lower case hex."""
    return hashlib.sha256(data).hexdigest()


def short_id(*parts: str) -> str:
    """A name of 16 hex digits (64 bits) made from parts that identify the thing."""
    return sha256_hex("\n".join(parts).encode("utf-8", "surrogatepass"))[:16]


def normalise(text: str) -> str:
    """The words of a text as a reader sees them: NFC, no invisible characters, every run of white space one space."""
    if text.isascii():
        return " ".join(text.split())
    composed = unicodedata.normalize("NFC", text)
    return " ".join((_INVISIBLE.sub("", composed) if _INVISIBLE.search(composed) else composed).split())


def row_digest(values: dict[str, Any]) -> str:
    """The sha256 of a row's canonical JSON (sorted keys, no spaces), which `verify` makes again and compares."""
    return sha256_hex(
        json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")
    )


def textprint(article: Article) -> str:
    """One digest over all a publisher can edit: equal means that no word, date, link or image changed.

    Formatting (block kinds, spacing, invisible characters) is not part of it, nor what is derived from the rest: quotes
    and the dateline from the body, the URL from the request.
    """
    return row_digest(
        {
            "headline": _plain(article.headline),
            "description": _plain(article.description),
            "body": normalise(article.articleBody),
            "published": _date(article.datePublished),
            "modified": _date(article.dateModified),
            "authors": [normalise(author) for author in article.authors],
            "language": article.inLanguage,
            "section": _plain(article.articleSection),
            "breadcrumbs": [normalise(crumb) for crumb in article.breadcrumbs],
            "links": [
                [link.kind, link.url, _plain(link.title), _plain(link.outlet), link.date, _plain(link.lead)]
                for link in article.links
            ],
            "images": [[image.url, _plain(image.caption), _plain(image.alt)] for image in article.images],
            "asides": [[aside.kind, _plain(aside.heading), normalise(aside.text)] for aside in article.asides],
            "note": _plain(article.publisherNote),
        }
    )


def _plain(text: str | None) -> str | None:
    return None if text is None else normalise(text)


def _date(date: StatedDate | None) -> str | None:
    return None if date is None else date.value
