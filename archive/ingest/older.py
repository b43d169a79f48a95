"""What stands in the record under older rules, and what its captures say under those of the run? Each is read once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select

from archive.as_before import Held
from archive.ingest.batch import Batch
from archive.ingest.rows import Row, table
from archive.ingest.unread import Reread, held_of, originals_of, read_again, unread


@dataclass(frozen=True, slots=True)
class Older:
    """The timelines of some pages: their versions in order, and where the bytes of each lie."""

    versions: dict[int, list[Row]]  # by page
    originals: dict[int, Row]  # by capture
    held: dict[int, Held]  # by reading

    def again(self, batch: Batch, page: Row, version: Row) -> Reread | None:
        """What a version with a text says now; None where it cannot be read: no reader, or its bytes are not there."""
        original = self.originals.get(version["capture_id"])
        if original is None:
            return None
        wanted = unread(batch.evidence, original, page["url"], self.held.get(version["reading_id"]))
        if wanted not in batch.said:
            if wanted in batch.reread:
                told = batch.reread[wanted]
            elif batch.reader is not None:
                told = read_again(wanted, batch.reader)
            else:
                return None
            batch.retold.captures += told is not None
            batch.retold.unread += told is None
            batch.said[wanted] = told
        return batch.said[wanted]


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
    originals = originals_of(batch.connection, {row["capture_id"] for row in rows if row["capture_id"] is not None})
    readings = {row["reading_id"] for row in rows if row["reading_id"] is not None}
    return Older(versions, originals, held_of(batch.connection, readings, batch.rules_id))


@cache
def _timelines() -> Any:
    version = table("version")
    mine = (version.c.page_id.in_(bindparam("pages", expanding=True)), version.c.rules_id == bindparam("rules"))
    return select(version).where(*mine).order_by(version.c.variant, version.c.n)
