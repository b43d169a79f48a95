"""How an Article lies in the reading table and comes out again, whole.

Headline, body, language and date have columns; the rest is one JSON object without its empty parts. Blocks are kept as
places in the body where their text stands there, so that the body is stored once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from archive.digests import normalise, short_id
from archive.records import Article, Aside, Block, Dateline, Image, Quote, Reading, RelatedLink, StatedDate

_COLUMNS = {"headline", "articleBody", "inLanguage", "articleSection", "blocks"}
_REST = tuple(field.name for field in fields(Article) if field.name not in _COLUMNS)
_PARTS: dict[str, type] = {"links": RelatedLink, "images": Image, "quotes": Quote, "asides": Aside}
_ONE: dict[str, type] = {"datePublished": StatedDate, "dateModified": StatedDate, "dateline": Dateline}


def reading_row(
    reading: Reading, payload_id: int, rules_id: int, context: str, *, bodyprint: str | None = None
) -> dict[str, Any]:
    """The row of a reading: every column but `id` and `seal`. `bodyprint`: where it is known already."""
    article = reading.article
    return {
        "payload_id": payload_id,
        "rules_id": rules_id,
        "context": context,
        "kind": reading.kind,
        "textprint": reading.textprint,
        "extractor": reading.extractor,
        "warnings": list(reading.warnings),
        **to_columns(article),
        "bodyprint": bodyprint or short_id(normalise(article.headline or ""), normalise(article.articleBody)),
    }


def to_columns(article: Article) -> dict[str, Any]:
    """The reading's columns that hold the article."""
    packed: dict[str, Any] = {}
    for name in _REST:
        value = getattr(article, name)
        if not value:
            continue
        if name in _PARTS:
            packed[name] = [_lean(item) for item in value]
        elif name in _ONE:
            packed[name] = _lean(value)
        else:
            packed[name] = list(value) if isinstance(value, tuple) else value
    if article.blocks:
        packed["blocks"] = list(_pack_blocks(article.blocks, article.articleBody))
    stated = article.datePublished.value if article.datePublished else None
    return {
        "headline": article.headline,
        "body": article.articleBody,
        "lang": article.inLanguage,
        "section": article.articleSection,
        "published_on": stated[:10] if stated else None,
        "published_at": _instant(stated),
        "article": packed,
    }


def from_columns(row: Mapping[str, Any]) -> Article:
    """The article of a reading's row."""
    packed: dict[str, Any] = dict(row["article"])
    values: dict[str, Any] = {
        "headline": row["headline"],
        "articleBody": row["body"],
        "inLanguage": row["lang"],
        "articleSection": row["section"],
    }
    values["blocks"] = tuple(_unpack_blocks(packed.pop("blocks", ()), row["body"]))
    for name, value in packed.items():
        if name in _PARTS:
            values[name] = tuple(_PARTS[name](**item) for item in value)
        elif name in _ONE:
            values[name] = _ONE[name](**{"place": None, "date": None, **value} if name == "dateline" else value)
        else:
            values[name] = tuple(value) if isinstance(value, list) else value
    return Article(**values)


def _lean(item: Any) -> dict[str, Any]:
    """A part as an object without its empty fields; `url` and `heading` are asked for by name, so they stay."""
    values = ((name, getattr(item, name)) for name in item.__slots__)
    return {name: value for name, value in values if value is not None or name in ("url", "heading")}


def _pack_blocks(blocks: tuple[Block, ...], body: str) -> Any:
    at = 0
    for block in blocks:
        place = body.find(block.text, at) if block.text else -1
        if place >= 0:
            at = place + len(block.text)
            yield [block.kind, block.lang, place, len(block.text)]
        else:
            yield [block.kind, block.lang, block.text]


def _unpack_blocks(packed: Any, body: str) -> Any:
    for kind, lang, *rest in packed:
        yield Block(kind, rest[0] if len(rest) == 1 else body[rest[0] : rest[0] + rest[1]], lang)


def _instant(stated: str | None) -> datetime | None:
    """An instant, only where one is stated with its offset; a date alone is no midnight."""
    if stated is None or len(stated) <= 10:
        return None
    try:
        at = datetime.fromisoformat(stated)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else None
