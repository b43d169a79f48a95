"""Which pages read under the run's rules as they did under older ones? They keep their timeline: nothing is told again, nor
written twice; versions and readings are of the rules in force from then on."""

from __future__ import annotations

from collections.abc import Sequence

from archive.as_before import AsBefore
from archive.ingest.batch import Batch
from archive.ingest.older import Older
from archive.ingest.rows import Row, update_rows


def keep_what_stands(batch: Batch, pages: Sequence[Row], told: Older) -> set[int]:
    """Pass on the timelines of pages of which every text reads as before, and say which (ids); the others are to be told
    again. None of them may have a timeline under the run's rules."""
    standing: set[int] = set()
    versions: list[Row] = []
    readings: dict[int, AsBefore] = {}
    batch.readings.expect(held.payload_id for held in told.held.values())
    for page in pages:
        found = _as_before(batch, page, told)
        if found is None:
            continue
        standing.add(page["id"])
        batch.forget(page)
        batch.retold.as_before += len(found)
        readings |= found
        versions += ({**row, "rules_id": batch.rules_id} for row in told.versions[page["id"]])
    update_rows(batch.connection, "version", versions, ("rules_id",))
    batch.readings.pass_on([(told.held[number], found) for number, found in readings.items()])
    return standing


def _as_before(batch: Batch, page: Row, told: Older) -> dict[int, AsBefore] | None:
    """Of each reading of a page that it reads the same; None when one does not, or cannot be read."""
    if page["id"] not in told.current:
        return None
    found: dict[int, AsBefore] = {}
    for row in told.versions[page["id"]]:
        if row["reading_id"] is None:
            continue
        held = told.held[row["reading_id"]]
        if batch.readings.known(held.payload_id, batch.rules_id, held.context) is not None:
            return None  # it was read under these rules before, apart from this timeline
        again = told.again(batch, page, row)
        if not isinstance(again, AsBefore) or again.reading_id != held.reading_id:
            return None
        found[held.reading_id] = again
    return found
