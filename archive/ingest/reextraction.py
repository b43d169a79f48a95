"""A run that asks nothing of any server: the pages of a portal that stand under older rules are told again under those in
force. What then differs is a rule change, not a publisher's."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, select

from archive.as_before import AsBefore
from archive.database import open_engine, writing
from archive.diffing import compare_articles
from archive.ingest.batch import Batch
from archive.ingest.ingest import Ingest
from archive.ingest.originals import ReadAhead, held_of, originals_of, unread
from archive.ingest.readings import load_article
from archive.ingest.retell import retell
from archive.ingest.rows import Row, table
from archive.ingest.values import Retold
from archive.unread import Reread, Unread
from archive.workspace import Workspace

BATCH = 64  # pages of one commit
_NO_RULES = 0  # the id of rules that are not in the record: nothing is written
AHEAD = 2  # batches that are read while one is written: the readers find the next when they are done with one

Readings = Mapping[Unread, Reread | None]
Prepare = Callable[[Sequence[Unread]], Callable[[], Readings]]
"""Begins to read captures and returns how to wait for what they say; None: that one cannot be read."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A version that would read differently: of which page, its number, and the fields whose text differs."""

    page: str
    url: str
    version: int
    fields: tuple[str, ...]


class Reextraction(Ingest):
    """An `Ingest` whose visits are those that are known: `begin` it, `retell`, `end` it."""

    def retell(self, *, since: datetime | None = None, prepare: Prepare | None = None) -> Iterator[Retold]:
        """Tell every page under other rules again; yields what each batch did, once it is committed.

        `since`: only pages seen since then. `prepare` reads a batch's captures beforehand, while those before it are
        written; what it leaves out is read here.
        """
        run = self._opened()
        with self._reading_engine.connect() as connection:
            numbers = _stale(connection, run.portal.slug, run.portal.rules, since)
            parts = [numbers[start : start + BATCH] for start in range(0, len(numbers), BATCH)]
            begun: deque[Callable[[], dict[int, ReadAhead]]] = deque()
            for place, part in enumerate(parts):
                while len(begun) <= AHEAD and place + len(begun) < len(parts):
                    begun.append(self._prepared(connection, parts[place + len(begun)], prepare))
                yield self._retell(part, begun.popleft()())

    def _prepared(
        self, connection: Connection, numbers: Sequence[int], prepare: Prepare | None
    ) -> Callable[[], dict[int, ReadAhead]]:
        """Begins to read the captures of these pages; what they say, by the id of the capture, when it is asked for."""
        if prepare is None:
            return dict
        run = self._opened()
        captures = _captures(connection, self._workspace, numbers, (run.rules_id, run.portal.extractor))
        read = _read(connection, {row["payload_id"] for _, row in captures}, run.rules_id)
        wanted = [(item, row) for item, row in captures if (row["payload_id"], row["urlkey"]) not in read]
        waiting = prepare(list(dict.fromkeys(item for item, _ in wanted)))

        def told() -> dict[int, ReadAhead]:
            said = {item: ReadAhead(item.held, found) for item, found in waiting().items()}
            return {row["capture_id"]: said[item] for item, row in wanted if item in said}

        return told

    def _retell(self, numbers: Sequence[int], ahead: Mapping[int, ReadAhead]) -> Retold:
        run = self._opened()
        with writing(self._engine) as connection:
            batch = Batch.of(connection, run, self._workspace.evidence, self._reader, ahead)
            retell(batch, batch.pages.all_named(numbers))
            batch.flush()
        return batch.retold


def stale(workspace: Workspace, slug: str, rules: str, since: datetime | None = None) -> int:
    """How many pages of a portal stand under other rules than these (a digest)."""
    with open_engine(workspace, readonly=True).connect() as connection:
        return len(_stale(connection, slug, rules, since))


def differences(
    workspace: Workspace, slug: str, rules: str, prepare: Prepare, since: datetime | None = None, *, extractor: str = ""
) -> Iterator[Difference]:
    """The versions that would read differently under these rules; nothing is written. `extractor` reads them."""
    with open_engine(workspace, readonly=True).connect() as connection:
        numbers = _stale(connection, slug, rules, since)
        for start in range(0, len(numbers), BATCH):
            captures = _captures(connection, workspace, numbers[start : start + BATCH], (_NO_RULES, extractor))
            readings = prepare(list(dict.fromkeys(item for item, _ in captures)))()
            for item, row in captures:
                told = readings.get(item)
                if isinstance(told, AsBefore):
                    if told.reading_id == row["reading_id"]:
                        continue
                    article = load_article(connection, told.reading_id)
                elif told is None or told.textprint == row["textprint"]:
                    continue
                else:
                    article = told.article
                found = compare_articles(load_article(connection, row["reading_id"]), article)
                yield Difference(row["key"], row["url"], row["n"], tuple(found.fields))


def _stale(connection: Connection, slug: str, rules: str, since: datetime | None) -> list[int]:
    page, portal, known = map(table, ("page", "portal", "rules"))
    query = (
        select(page.c.id)
        .join(portal, portal.c.id == page.c.portal_id)
        .join(known, known.c.id == page.c.rules_id)
        .where(portal.c.slug == slug, known.c.digest != rules, page.c.role != "hub")
        .order_by(page.c.id)
    )
    if since is not None:
        query = query.where(page.c.last_seen >= since)
    return list(connection.execute(query).scalars())


def _captures(
    connection: Connection, workspace: Workspace, numbers: Sequence[int], now: tuple[int, str]
) -> list[tuple[Unread, Row]]:
    """The capture of every version of these pages that has a text, to be read under the rules and by the extractor `now`."""
    rows = connection.execute(_texts(), {"pages": numbers}).mappings().all()
    originals = originals_of(connection, {row["capture_id"] for row in rows if row["capture_id"] is not None})
    held = held_of(connection, {row["reading_id"] for row in rows}, *now)
    found = []
    for row in rows:
        original = originals.get(row["capture_id"])
        if original is not None:
            item: Row = {**row, "payload_id": original["payload_id"]}
            found.append((unread(workspace.evidence, original, row["url"], held[row["reading_id"]]), item))
    return found


def _read(connection: Connection, payload_ids: Collection[int], rules_id: int) -> set[tuple[int, str]]:
    """Of which payloads, at which address (urlkey), there is a reading under these rules."""
    rows = connection.execute(_under(), {"payloads": list(payload_ids), "rules": rules_id})
    return {(row.payload_id, row.context) for row in rows}


@cache
def _texts() -> Any:
    """Statements are built once: building costs more than running."""
    page, version, reading = map(table, ("page", "version", "reading"))
    return (
        select(page.c.key, page.c.url, page.c.urlkey, version.c.n, version.c.capture_id, version.c.reading_id)
        .add_columns(reading.c.textprint)
        .join(version, (version.c.page_id == page.c.id) & (version.c.rules_id == page.c.rules_id))
        .join(reading, reading.c.id == version.c.reading_id)
        .where(page.c.id.in_(bindparam("pages", expanding=True)), version.c.state == "content")
        .order_by(page.c.id, version.c.variant, version.c.n)
    )


@cache
def _under() -> Any:
    reading = table("reading")
    mine = (reading.c.payload_id.in_(bindparam("payloads", expanding=True)), reading.c.rules_id == bindparam("rules"))
    return select(reading.c.payload_id, reading.c.context).where(*mine)
