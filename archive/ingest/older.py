"""What stands in the record under older rules, and what its captures say under those of the run? Each is read once."""

from __future__ import annotations

from collections.abc import Sequence
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
    """The timelines of some pages: their versions in order, and where the bytes of each lie."""

    versions: dict[int, list[Row]]  # by page
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
    """The timelines under which these pages stand."""
    by_rules: dict[int, list[int]] = {}
    for page in pages:
        by_rules.setdefault(page["rules_id"], []).append(page["id"])
    versions: dict[int, list[Row]] = {}
    for rules_id, numbers in by_rules.items():
        for row in batch.connection.execute(_timelines(), {"pages": numbers, "rules": rules_id}).mappings():
            versions.setdefault(row["page_id"], []).append(dict(row))
    rows = [row for page in versions.values() for row in page]
    told = Older(versions, {}, {one.held.reading_id: one.held for one in batch.ahead.values() if one.held})
    readings = {row["reading_id"] for row in rows} - {None, *told.held}
    if readings:
        told.held.update(held_of(batch.connection, readings, batch.rules_id))
    told.find_originals(batch, [page for page in pages if not _is_ahead(batch, versions.get(page["id"], ()))])
    return told


def _is_ahead(batch: Batch, versions: Sequence[Row]) -> bool:
    return all(row["capture_id"] in batch.ahead for row in versions if row["reading_id"] is not None)


def _count(batch: Batch, said: Reread | None) -> None:
    batch.retold.captures += said is not None
    batch.retold.unread += said is None


@cache
def _timelines() -> Any:
    version = table("version")
    mine = (version.c.page_id.in_(bindparam("pages", expanding=True)), version.c.rules_id == bindparam("rules"))
    return select(version).where(*mine).order_by(version.c.variant, version.c.n)
