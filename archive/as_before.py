"""Does a capture read under other rules as it did before? Told by the seal of the reading's row, so that a worker process can
answer without the old text, and its new reading need not travel nor be written."""

from __future__ import annotations

from dataclasses import dataclass

from archive.digests import row_seals
from archive.records import Reading
from archive.storable import storable
from archive.stored import reading_row


@dataclass(frozen=True, slots=True)
class Held:
    """The reading that the record holds of a capture: what its row says beside the text, and the rules it is read by now."""

    reading_id: int
    payload_id: int
    context: str
    rules_id: int
    extractor: str
    textprint: str
    bodyprint: str  # equal where the textprint is: both are of headline and body
    seal: int
    now: int  # id of the rules in force
    extractor_now: str


@dataclass(frozen=True, slots=True)
class AsBefore:
    """It reads as that reading in every column; the seal of its row under the rules in force."""

    reading_id: int
    seal: int


def as_before(told: Reading, held: Held) -> AsBefore | None:
    """None where anything but rules and extractor is another."""
    if told.textprint != held.textprint or told.extractor != held.extractor_now:
        return None
    row = reading_row(told, held.payload_id, held.rules_id, held.context, bodyprint=held.bodyprint)
    row = {name: storable(value) for name, value in row.items()}
    older = {"extractor": held.extractor, "rules_id": held.rules_id}
    newer = {"extractor": held.extractor_now, "rules_id": held.now}
    before, now = row_seals("reading", row, older, newer)
    return AsBefore(held.reading_id, now) if before == held.seal else None
