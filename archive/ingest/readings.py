"""Readings into the record: the article's row, its links, its words for search; and out again for comparing."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, select, text

from archive.folding import fold, words
from archive.ingest.rows import Row, insert_rows, storable, table
from archive.records import Article, Reading
from archive.stored import from_columns, to_columns
from archive.urls import urlkey

_TSVECTOR_BYTES = 500_000  # of text; PostgreSQL refuses a tsvector over 1 MB

_FTS = {
    "sqlite": text("INSERT INTO reading_fts(rowid, headline, body) VALUES (:id, :headline, :body)"),
    "postgresql": text(
        "INSERT INTO reading_fts(reading_id, words) VALUES (:id, to_tsvector('simple', :headline || ' ' || :body))"
    ),
}


def store_reading(connection: Connection, reading: Reading, payload_id: int, rules_id: int, context: str) -> int:
    """The id of the reading's row; one that is there already (A, B, A again) is used.

    `context` is the page's name. Bytes that were read otherwise at the same address (another charset in the headers,
    another layout by then) get a row of their own.
    """
    for name in (context, f"{context} {reading.textprint[:16]}"):
        known = connection.execute(_known(), {"payload": payload_id, "rules": rules_id, "context": name}).first()
        if known is None:
            context = name
            break
        if known.textprint == reading.textprint:
            return int(known.id)
    row: Row = {
        "payload_id": payload_id,
        "rules_id": rules_id,
        "context": context,
        "kind": reading.kind,
        "textprint": reading.textprint,
        "extractor": reading.extractor,
        "warnings": list(reading.warnings),
        **to_columns(reading.article),
    }
    (number,) = insert_rows(connection, "reading", [row])
    _store_links(connection, number, reading.article)
    headline, body = search_text(reading.article)
    if connection.dialect.name == "postgresql":  # its parser has ideas of its own about hyphens, decimals and addresses
        headline, body = " ".join(words(headline)), " ".join(words(body))
    connection.execute(_FTS[connection.dialect.name], {"id": number, "headline": headline, "body": body})
    return number


def search_text(article: Article) -> tuple[str, str]:
    """The folded words of headline and of all the rest that a reader of the page saw."""
    rest = [article.description, article.articleBody, article.publisherNote]
    rest += [part for aside in article.asides for part in (aside.heading, aside.text)]
    rest += [part for link in article.links for part in (link.title, link.outlet)]
    rest += [part for image in article.images for part in (image.caption, image.alt)]
    body = "\n".join(part for part in rest if part)
    cut = (
        body
        if len(body) < _TSVECTOR_BYTES // 4
        else body.encode("utf-8", "replace")[:_TSVECTOR_BYTES].decode("utf-8", "ignore")
    )
    return fold(storable(article.headline or "")), fold(storable(cut))


def load_article(connection: Connection, reading_id: int) -> Article:
    """The article of a stored reading."""
    return from_columns(dict(connection.execute(_article(), {"reading": reading_id}).mappings().one()))


@cache
def _known() -> Any:
    """Statements are built once: building costs more than running."""
    target = table("reading")
    return select(target.c.id, target.c.textprint).where(
        target.c.payload_id == bindparam("payload"),
        target.c.rules_id == bindparam("rules"),
        target.c.context == bindparam("context"),
    )


@cache
def _article() -> Any:
    target = table("reading")
    columns = (target.c.headline, target.c.body, target.c.lang, target.c.section, target.c.article)
    return select(*columns).where(target.c.id == bindparam("reading"))


def _store_links(connection: Connection, reading_id: int, article: Article) -> None:
    rows: list[dict[str, Any]] = [
        {
            "reading_id": reading_id,
            "ord": place,
            "kind": link.kind,
            "url": storable(link.url),
            "urlkey": storable(urlkey(link.url)) if link.url else None,
            "text": storable(link.title),
            "outlet": storable(link.outlet),
            "stated_date": storable(link.date),
            "lang": link.lang,
        }
        for place, link in enumerate(article.links)
    ]
    if rows:
        connection.execute(table("link").insert(), rows)
