"""Readings into the record: the article's row, its links, its words for search; and out again for comparing."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, select, text, update

from archive.as_before import AsBefore, Held
from archive.folding import fold, words
from archive.ingest.pending import Pending
from archive.ingest.rows import Row, table
from archive.records import Article, Reading, RelatedLink
from archive.storable import storable
from archive.stored import from_columns, reading_row
from archive.urls import urlkey

_TSVECTOR_BYTES = 500_000  # of text; PostgreSQL refuses a tsvector over 1 MB

_FTS = {
    "sqlite": text("INSERT INTO reading_fts(rowid, headline, body) VALUES (:id, :headline, :body)"),
    "postgresql": text(
        "INSERT INTO reading_fts(reading_id, words) VALUES (:id, to_tsvector('simple', :headline || ' ' || :body))"
    ),
}


class Readings:
    """The readings that a batch deals with: those it was told to look up, all at once, and those it is about to write."""

    def __init__(self, connection: Connection, pending: Pending) -> None:
        self._connection = connection
        self._pending = pending
        self._known: dict[tuple[int, int, str], tuple[int, str]] = {}  # payload, rules, context: id and textprint
        self._looked_up: set[int] = set()  # payloads whose readings are known, or known to be none
        self._articles: dict[int, Article] = {}
        self._words: list[Row] = []

    def expect(self, payload_ids: Iterable[int], *, new: Collection[int] = ()) -> None:
        """Look up what was read from these payloads before; from `new` ones nothing was."""
        self._looked_up.update(new)
        wanted = sorted(set(payload_ids) - self._looked_up)
        if wanted:
            for row in self._connection.execute(_of_payloads(), {"payloads": wanted}):
                self._known[row.payload_id, row.rules_id, row.context] = row.id, row.textprint
            self._looked_up.update(wanted)

    def known(self, payload_id: int, rules_id: int, context: str) -> tuple[int, str] | None:
        """Id and textprint of what was read from a payload at an address (its urlkey) under these rules."""
        self.expect([payload_id])
        return self._known.get((payload_id, rules_id, context))

    def store(self, reading: Reading, payload_id: int, rules_id: int, context: str) -> int:
        """The id of the reading's row; one that is there already (A, B, A again) is used.

        `context` is the page's name. Bytes that were read otherwise at the same address (another charset in the headers,
        another layout by then) get a row of their own.
        """
        for name in (context, f"{context} {reading.textprint[:16]}"):
            known = self.known(payload_id, rules_id, name)
            if known is None:
                context = name
                break
            if known[1] == reading.textprint:
                return known[0]
        number = self._pending.add(
            "reading",
            reading_row(reading, payload_id, rules_id, context),
        )
        self._known[payload_id, rules_id, context] = number, reading.textprint
        for place, link in enumerate(reading.article.links):
            self._pending.add("link", _link_row(number, place, link))
        self._words.append({"id": number, **_words_of(self._connection, reading.article)})
        return number

    def reading(self, reading_id: int) -> Reading:
        """A stored reading, whole."""
        row = self._connection.execute(_whole(), {"reading": reading_id}).mappings().one()
        return Reading(
            self.article(reading_id), row["kind"], "", row["extractor"], row["textprint"], warnings=tuple(row["warnings"])
        )

    def pass_on(self, same: Iterable[tuple[Held, AsBefore]]) -> None:
        """Readings that read as before under the rules in force are of these rules from now on."""
        rows: list[Row] = []
        for held, found in same:
            rows.append(
                {"row_id": held.reading_id, "new_rules": held.now, "new_extractor": held.extractor_now, "new_seal": found.seal}
            )
            known = self._known.pop((held.payload_id, held.rules_id, held.context), None)
            if known is not None:
                self._known[held.payload_id, held.now, held.context] = known
        if rows:
            self._connection.execute(_passed_on(), rows)

    def article(self, reading_id: int) -> Article:
        """The article of a reading, as the record gives it out."""
        if reading_id not in self._articles:
            row = self._pending.get("reading", reading_id)
            held = row and {**row, "article": json.loads(json.dumps(row["article"]))}
            self._articles[reading_id] = from_columns(held) if held else load_article(self._connection, reading_id)
        return self._articles[reading_id]

    def settle(self) -> None:
        """Make what was written findable."""
        if self._words:
            self._connection.execute(_FTS[self._connection.dialect.name], self._words)
            self._words.clear()


def _words_of(connection: Connection, article: Article) -> Row:
    headline, body = search_text(article)
    if connection.dialect.name == "postgresql":  # its parser has ideas of its own about hyphens, decimals and addresses
        headline, body = " ".join(words(headline)), " ".join(words(body))
    return {"headline": headline, "body": body}


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
def _of_payloads() -> Any:
    """Statements are built once: building costs more than running."""
    target = table("reading")
    wanted = target.c.payload_id.in_(bindparam("payloads", expanding=True))
    return select(target.c.id, target.c.payload_id, target.c.rules_id, target.c.context, target.c.textprint).where(wanted)


@cache
def _passed_on() -> Any:
    target = table("reading")
    values: dict[str, Any] = {
        name: bindparam(f"new_{short}") for name, short in (("rules_id", "rules"), ("extractor", "extractor"), ("seal", "seal"))
    }
    return update(target).where(target.c.id == bindparam("row_id")).values(values)


@cache
def _whole() -> Any:
    target = table("reading")
    columns = (target.c.kind, target.c.extractor, target.c.textprint, target.c.warnings)
    return select(*columns).where(target.c.id == bindparam("reading"))


@cache
def _article() -> Any:
    target = table("reading")
    columns = (target.c.headline, target.c.body, target.c.lang, target.c.section, target.c.article)
    return select(*columns).where(target.c.id == bindparam("reading"))


def _link_row(reading_id: int, place: int, link: RelatedLink) -> Row:
    return {
        "reading_id": reading_id,
        "ord": place,
        "kind": link.kind,
        "url": link.url,
        "urlkey": urlkey(link.url) if link.url else None,
        "text": link.title,
        "outlet": link.outlet,
        "stated_date": link.date,
        "lang": link.lang,
    }
