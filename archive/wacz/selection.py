"""Which WARC records belong to a selection of captures: answers, requests, and the originals that revisits stand on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from archive.models import Base
from archive.records import Locator
from archive.warc import Record, read_record
from archive.workspace import Workspace

_SECRET = re.compile(rb"^(?:cookie|authorization|proxy-authorization):", re.IGNORECASE | re.MULTILINE)
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Chosen:
    """A capture of the selection, and where its records lie."""

    id: int
    url: str
    at: datetime
    status: int
    payload: str | None
    response: Locator
    request: Locator | None


def choose(connection: Connection, captures: Iterable[int]) -> list[Chosen]:
    """The captures, the originals of revisits among them added, in the order of their instants; withheld ones left out."""
    capture = Base.metadata.tables["capture"]
    wanted = set(captures)
    revisits = [number for number in _rows(connection, wanted) if number.record == "revisit"]
    payloads = {row.payload_id for row in revisits if row.payload_id is not None}
    keys = {row.urlkey for row in revisits if row.payload_id is None}
    for part in _parts(sorted(payloads)):
        query = select(capture.c.id).where(capture.c.payload_id.in_(part), capture.c.record == "response")
        wanted |= set(connection.scalars(query))
    for part in _parts(sorted(keys)):
        query = select(capture.c.id).where(capture.c.urlkey.in_(part), capture.c.record == "response", capture.c.status == 200)
        wanted |= set(connection.scalars(query))
    found = [
        Chosen(
            row.id,
            row.url,
            row.at,
            row.status,
            row.payload,
            Locator(row.file, row.offset, row.length, row.sha256),
            Locator(row.file, row.request_offset, row.request_length, "") if row.request_offset is not None else None,
        )
        for row in _rows(connection, wanted)
    ]
    return sorted(found, key=lambda item: (item.at, item.id))


def records(workspace: Workspace, chosen: Sequence[Chosen]) -> Iterator[Record]:
    """Their records, answer before request. A request with a cookie or a password is left out: it is nobody's business."""
    for item in chosen:
        yield read_record(workspace.evidence, item.response)
        if item.request is not None:
            request = read_record(workspace.evidence, item.request)
            if not _SECRET.search(request.block):
                yield request


def _rows(connection: Connection, numbers: set[int]) -> list[Any]:
    capture, payload, warc = (Base.metadata.tables[name] for name in ("capture", "payload", "warc"))
    query = (
        select(capture, payload.c.sha256.label("payload"), warc.c.name.label("file"))
        .join(warc, warc.c.id == capture.c.warc_id)
        .outerjoin(payload, payload.c.id == capture.c.payload_id)
        .where(capture.c.withheld.is_(False))
    )
    return [row for part in _parts(sorted(numbers)) for row in connection.execute(query.where(capture.c.id.in_(part)))]


def _parts(values: list[int] | list[str]) -> Iterator[list[int] | list[str]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
