"""A visit as the steps of a batch see it: with its rows, and its reading where that is one of content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive.ingest.evidence import Kept
from archive.records import Reading, Visit

_READ_KINDS = ("page", "not_html")


@dataclass(frozen=True, slots=True)
class Seen:
    """A visit with its rows: what was kept of it, hop by hop, and the ids of captures and payloads."""

    visit: Visit
    visit_id: int
    kept: Sequence[Kept]
    capture_ids: Sequence[int]
    payload_ids: Sequence[int | None]

    @property
    def reading(self) -> Reading | None:
        """The reading, where it is one of content."""
        reading = self.visit.reading
        return reading if reading is not None and reading.kind in _READ_KINDS else None

    @property
    def truncated(self) -> bool:
        """Whether the last answer was cut off: kept, but never compared."""
        return bool(self.kept) and (self.kept[-1].exchange.truncated is not None or not self.kept[-1].message.complete)
