"""What stands in the record under older rules, and what do its captures say under those of the run? Each is read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select

from archive.as_before import Held
from archive.ingest.batch import Batch
from archive.ingest.originals import held_of, originals_of, read_again, unread
from archive.ingest.rows import Row, table
from archive.unread import Reread


@dataclass(frozen=True, slots=True)
class Older:
    """What some pages are told again from: their versions in order, and where the bytes of each lie."""

    versions: dict[int, list[Row]]  # by page
    current: set[int]  # pages whose versions are those of the timeline they stand under
    originals: dict[int, Row]  # by capture
    held: dict[int, Held]  # by reading

    def again(self, batch: Batch, page: Row, version: Row) -> Reread | None:
        """What a version with a text says now; None where it cannot be read: no reader, or its bytes are not there."""
        ahead = batch.ahead.get(version["capture_id"])
        if ahead is not None:
            if not ahead.counted:
                ahead.counted = True
                _count(batch, ahead.said)
            return ahead.said
        original = self.originals.get(version["capture_id"])
        if original is None or batch.reader is None:
            return None
        wanted = unread(batch.evidence, original, page["url"], self.held.get(version["reading_id"]))
        if wanted not in batch.said:
            batch.said[wanted] = read_again(wanted, batch.reader)
            _count(batch, batch.said[wanted])
        return batch.said[wanted]

    def find_originals(self, batch: Batch, pages: Sequence[Row]) -> None:
        """Look up where the bytes of these pages' versions lie, also of those that were read ahead."""
        captures = {row["capture_id"] for page in pages for row in self.versions.get(page["id"], ())} - {None, *self.originals}
        if captures:
            self.originals.update(originals_of(batch.connection, captures))


def older(batch: Batch, pages: Sequence[Row]) -> Older:
    """The timelines that pages are told again from."""
    rows = _timelines_of(batch, [page["id"] for page in pages])
    chosen = {page["id"]: _fullest(rows.get(page["id"], {}), page["rules_id"]) for page in pages}
    versions, current = {number: rows for number, (rows, _) in chosen.items()}, {n for n, (_, whole) in chosen.items() if whole}
    told = Older(versions, current, {}, {one.held.reading_id: one.held for one in batch.ahead.values() if one.held})
    readings = {row["reading_id"] for page in versions.values() for row in page} - {None, *told.held}
    told.held.update(held_of(batch.connection, readings, batch.rules_id, batch.portal.extractor))
    told.find_originals(batch, [page for page in pages if not _is_ahead(batch, versions[page["id"]])])
    return told


def _timelines_of(batch: Batch, page_ids: Sequence[int]) -> dict[int, dict[int, list[Row]]]:
    """Every timeline of these pages, by page and rules."""
    found: dict[int, dict[int, list[Row]]] = {}
    for row in batch.connection.execute(_timelines(), {"pages": page_ids}).mappings():
        found.setdefault(row["page_id"], {}).setdefault(row["rules_id"], []).append(dict(row))
    return found


def _fullest(timelines: Mapping[int, list[Row]], rules_id: int) -> tuple[list[Row], bool]:
    """The versions to tell a page again from, and whether they are the timeline that it stands under (`rules_id`).

    Rules may have merged episodes or failed to read one; what older ones told apart is still there, in the timeline with the
    most texts, and goes on with what was seen since.
    """
    current = timelines.get(rules_id, [])
    fullest = max(timelines.values(), key=_texts, default=current)
    if _texts(fullest) <= _texts(current):
        return current, True
    ends: dict[str, Row] = {}
    told = [dict(row) for row in fullest]
    for row in told:
        ends[row["variant"]] = row
    for row in current:
        end = ends.get(row["variant"])
        if end is None or row["first_at"] > end["last_at"]:
            told.append(row)
        elif row["last_at"] > end["last_at"]:
            end |= {"last_visit": row["last_visit"], "last_at": row["last_at"], "visits": max(end["visits"], row["visits"])}
    return sorted(told, key=lambda row: (row["variant"], row["first_at"])), False


def _texts(versions: Sequence[Row]) -> int:
    return sum(row["reading_id"] is not None for row in versions)


def _is_ahead(batch: Batch, versions: Sequence[Row]) -> bool:
    return all(row["capture_id"] in batch.ahead for row in versions if row["reading_id"] is not None)


def _count(batch: Batch, said: Reread | None) -> None:
    batch.retold.captures += said is not None
    batch.retold.unread += said is None


@cache
def _timelines() -> Any:
    version = table("version")
    mine = version.c.page_id.in_(bindparam("pages", expanding=True))
    return select(version).where(mine).order_by(version.c.variant, version.c.n)
