"""Where the bytes of an old version lie, and how they are read again; a value that travels to a worker process."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, func, select

from archive.errors import IntegrityError
from archive.ingest.rows import Row, table
from archive.ingest.values import Reader
from archive.message import decoded, parse_response
from archive.records import Locator, Reading
from archive.warc import read_record

_LIMIT = 64 * 1024 * 1024  # bytes of a decoded body


@dataclass(frozen=True, slots=True)
class Unread:
    """A capture that is to be read again: where its record lies, and the page and time it was asked for."""

    evidence: Path
    locator: Locator
    url: str
    at: datetime


def originals_of(connection: Connection, capture_ids: Iterable[int]) -> dict[int, Row]:
    """Of each capture the first whole capture of the payload that it showed: a revisit holds no body of its own."""
    capture, payload, warc = map(table, ("capture", "payload", "warc"))
    wanted = select(capture.c.id, capture.c.payload_id).where(capture.c.id.in_(list(capture_ids)))
    shown: dict[int, int | None] = dict(connection.execute(wanted).all())
    order = func.row_number().over(partition_by=capture.c.payload_id, order_by=(capture.c.at, capture.c.id)).label("nth")
    whole = (
        select(capture.c.id, order)
        .where(capture.c.payload_id.in_({number for number in shown.values() if number is not None}))
        .where(capture.c.record == "response", capture.c.truncated.is_(None))
        .subquery()
    )
    originals = (
        select(capture, warc.c.name, payload.c.sha256.label("payload_sha256"))
        .join(whole, (whole.c.id == capture.c.id) & (whole.c.nth == 1))
        .join(warc, warc.c.id == capture.c.warc_id)
        .join(payload, payload.c.id == capture.c.payload_id)
    )
    found = {row["payload_id"]: dict(row) for row in connection.execute(originals).mappings()}
    return {number: found[shown_by] for number, shown_by in shown.items() if shown_by in found}


def unread(evidence: Path, capture: Row, url: str) -> Unread:
    """A capture (as `originals_of` gives it) to be read as a page's."""
    return Unread(
        evidence, Locator(capture["name"], capture["offset"], capture["length"], capture["sha256"]), url, capture["at"]
    )


def entity_of(wanted: Unread) -> tuple[bytes, str | None] | None:
    """The body without any coding and its Content-Type; None where the record is missing or damaged (`verify` tells it)."""
    try:
        message = parse_response(read_record(wanted.evidence, wanted.locator).block)
    except IntegrityError:
        return None
    return decoded(message, _LIMIT).body, message.header("Content-Type")


def read_again(wanted: Unread, reader: Reader) -> Reading | None:
    """Read a capture under the reader's rules; None where its bytes are not there."""
    found = entity_of(wanted)
    if found is None:
        return None
    body, content_type = found
    return reader(body, url=wanted.url, content_type=content_type, at=wanted.at)
