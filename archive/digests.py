"""Equality of bytes and of texts: digests, and what counts as the same words."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from archive.instants import to_microseconds
from archive.records import Article, StatedDate

# Soft hyphen, zero width space and joiners, word joiner, byte order mark, direction marks: nothing a reader sees. The
# joiners U+200C/D are kept: Persian and Indic words differ by them.
_INVISIBLE = "\u00ad\u200b\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_NO_INVISIBLE = str.maketrans("", "", _INVISIBLE)
# All that str.split takes for white space, but the space.
_UNEVEN = (*"\t\n\v\f\r\x1c\x1d\x1e\x1f", "  ")
_UNEVEN_ELSEWHERE = (*"\x85\xa0\u1680", *map(chr, range(0x2000, 0x200B)), *"\u2028\u2029\u202f\u205f\u3000")
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256_hex(data: bytes) -> str:
    """The one digest of this archive: sha256, lower case hex."""
    return hashlib.sha256(data).hexdigest()


def short_id(*parts: str) -> str:
    """A name of 16 hex digits (64 bits) made from parts that identify the thing."""
    return sha256_hex("\n".join(parts).encode("utf-8", "surrogatepass"))[:16]


def normalise(text: str) -> str:
    """The words of a text as a reader sees them: NFC, no invisible characters, every run of white space one space."""
    uneven = _UNEVEN
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        if any(mark in text for mark in _INVISIBLE):
            text = text.translate(_NO_INVISIBLE)
        uneven += _UNEVEN_ELSEWHERE
    # What a reader gives out is paragraphs of single spaces: to see that costs a quarter of splitting it into words.
    line = text.replace("\n\n", " ")
    if any(space in line for space in uneven) or line[:1] == " " or line[-1:] == " ":
        return " ".join(text.split())
    return line


def row_digest(values: dict[str, Any]) -> str:
    """The sha256 of a row's canonical JSON (sorted keys, no spaces), which `verify` makes again and compares."""
    return sha256_hex(_CANONICAL.encode(values).encode("utf-8", "surrogatepass"))


def row_seal(table: str, values: Mapping[str, Any]) -> int:
    """64 bits of BLAKE2 over a row's values in the order of their names, as canonical JSON, signed."""
    row = _CANONICAL.encode([[name, _number(values[name])] for name in sorted(values)])
    return _number_of(_hash(table, row))


def row_seals(table: str, values: Mapping[str, Any], *others: Mapping[str, Any]) -> list[int]:
    """What `row_seal` says of the row with each of these other values in it. They have the same names, and what is before
    the first of them is put in JSON and hashed once."""
    names = sorted(values)
    first = names.index(min(others[0]))
    begun = _hash(table, f"[{','.join(_cell(name, values[name]) for name in names[:first])}")
    alike = {name: _cell(name, values[name]) for name in names[first:] if name not in others[0]}
    found = []
    for other in others:
        rest = [alike.get(name) or _cell(name, other[name]) for name in names[first:]]
        sealed = begun.copy()
        sealed.update(f"{',' if first else ''}{','.join(rest)}]".encode("utf-8", "surrogatepass"))
        found.append(_number_of(sealed))
    return found


def _cell(name: str, value: Any) -> str:
    return _CANONICAL.encode([name, _number(value)])


def _hash(table: str, text: str) -> hashlib.blake2b:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, person=table.encode())


def _number_of(sealed: hashlib.blake2b) -> int:
    return int.from_bytes(sealed.digest(), "big", signed=True)


def _number(value: Any) -> Any:
    return to_microseconds(value) if isinstance(value, datetime) else value


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
