"""Where do the bytes of an old version lie, what does the record hold of them, and what do they say now?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from archive.as_before import Held, as_before
from archive.ingest.rows import Row, in_parts, table
from archive.ingest.values import Reader
from archive.records import Locator
from archive.unread import Reread, Unread, entity_of


@dataclass(slots=True)
class ReadAhead:
    """What a capture says, read before it was needed; one for all versions that show it."""

    held: Held | None
    said: Reread | None  # None: it cannot be read
    counted: bool = False


def originals_of(connection: Connection, capture_ids: Iterable[int]) -> dict[int, Row]:
    """Of each capture the first whole capture of the payload that it showed: a revisit holds no body of its own."""
    shown: dict[int, int | None] = {}
    for some in in_parts(capture_ids):
        shown |= dict(connection.execute(_shown(), {"captures": some}).all())
    found: dict[int, Row] = {}
    for some in in_parts({number for number in shown.values() if number is not None}):
        rows = connection.execute(_originals(), {"payloads": some}).mappings()
        found |= {row["payload_id"]: dict(row) for row in rows}
    return {number: found[shown_by] for number, shown_by in shown.items() if shown_by in found}


def held_of(connection: Connection, reading_ids: Iterable[int], now: int, extractor: str) -> dict[int, Held]:
    """What the record holds of readings that are compared with what their captures say under the rules with the id `now`, read
    by this extractor."""
    found: dict[int, Held] = {}
    for some in in_parts(reading_ids):
        rows = connection.execute(_held(), {"readings": some}).mappings()
        found |= {row["reading_id"]: Held(**row, now=now, extractor_now=extractor) for row in rows}
    return found


def unread(evidence: Path, capture: Row, url: str, held: Held | None = None) -> Unread:
    """A capture (as `originals_of` gives it) to be read as a page's; compared with what is held of these bytes only."""
    place = Locator(capture["name"], capture["offset"], capture["length"], capture["sha256"])
    mine = held is not None and held.payload_id == capture["payload_id"]
    return Unread(evidence, place, url, capture["at"], held if mine else None)


def read_again(wanted: Unread, reader: Reader) -> Reread | None:
    """Read a capture under the reader's rules; None where its bytes are not there."""
    found = entity_of(wanted)
    if found is None:
        return None
    body, content_type = found
    told = reader(body, url=wanted.url, content_type=content_type, at=wanted.at)
    return (wanted.held and as_before(told, wanted.held)) or told


@cache
def _shown() -> Any:
    """Statements are built once: building costs more than running."""
    capture = table("capture")
    return select(capture.c.id, capture.c.payload_id).where(capture.c.id.in_(bindparam("captures", expanding=True)))


@cache
def _originals() -> Any:
    capture, payload, warc = map(table, ("capture", "payload", "warc"))
    order = func.row_number().over(partition_by=capture.c.payload_id, order_by=(capture.c.at, capture.c.id)).label("nth")
    whole = (
        select(capture.c.id, order)
        .where(capture.c.payload_id.in_(bindparam("payloads", expanding=True)))
        .where(capture.c.record == "response", capture.c.truncated.is_(None))
        .subquery()
    )
    return (
        select(capture, warc.c.name, payload.c.sha256.label("payload_sha256"))
        .join(whole, (whole.c.id == capture.c.id) & (whole.c.nth == 1))
        .join(warc, warc.c.id == capture.c.warc_id)
        .join(payload, payload.c.id == capture.c.payload_id)
    )


@cache
def _held() -> Any:
    reading = table("reading")
    others = (reading.c[name] for name in ("payload_id", "context", "rules_id", "extractor", "textprint", "bodyprint", "seal"))
    wanted = reading.c.id.in_(bindparam("readings", expanding=True))
    return select(reading.c.id.label("reading_id"), *others).where(wanted)
