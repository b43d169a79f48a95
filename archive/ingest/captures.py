"""Captures, payloads and WARC files as rows: the record's index of the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from archive.ingest.evidence import Kept
from archive.ingest.rows import Row, insert_rows, table, update_rows
from archive.urls import urlkey
from archive.warc import WarcFile


def store_files(connection: Connection, files: Iterable[WarcFile]) -> None:
    """How the WARC files stand: what lies beyond `bytes` was never acknowledged."""
    warc = table("warc")
    latest = {file.name: file for file in files}
    if not latest:
        return
    known = {row["name"]: dict(row) for row in connection.execute(select(warc).where(warc.c.name.in_(list(latest)))).mappings()}
    new: list[Row] = []
    for name, file in latest.items():
        row = known.get(name, {"name": name})
        row |= {
            "bytes": file.bytes,
            "records": file.records,
            "sha256": file.sha256,
            "state": "closed" if file.sha256 else "open",
        }
        if name not in known:
            new.append(row)
    insert_rows(connection, "warc", new)
    update_rows(connection, "warc", list(known.values()), ("bytes", "records", "sha256", "state"))


@dataclass(frozen=True, slots=True)
class Stored:
    """The ids of a batch's captures and payloads, visit by visit and hop by hop; and which payloads were not there before."""

    captures: list[list[int]]
    payloads: list[list[int | None]]
    new: frozenset[int]


def store_captures(connection: Connection, kept: Sequence[Sequence[Kept]], visit_ids: Sequence[int]) -> Stored:
    """Write the captures of a batch."""
    payloads, new = _store_payloads(connection, [item for row in kept for item in row])
    warc = table("warc")
    names = {item.response.warc for row in kept for item in row}
    files = dict(connection.execute(select(warc.c.name, warc.c.id).where(warc.c.name.in_(list(names)))).all())
    rows = [
        _capture_row(item, visit_id, hop, payloads.get(item.payload or ""), files[item.response.warc])
        for visit_id, hops in zip(visit_ids, kept, strict=True)
        for hop, item in enumerate(hops)
    ]
    ids = iter(insert_rows(connection, "capture", rows))
    numbers = [[next(ids) for _ in hops] for hops in kept]
    return Stored(numbers, [[payloads.get(item.payload or "") for item in hops] for hops in kept], new)


def _store_payloads(connection: Connection, kept: Sequence[Kept]) -> tuple[dict[str, int], frozenset[int]]:
    payload = table("payload")
    wanted = {item.payload: item for item in kept if item.payload is not None}
    known: dict[str, int] = dict(
        connection.execute(select(payload.c.sha256, payload.c.id).where(payload.c.sha256.in_(list(wanted)))).all()
    )
    rows: list[Row] = [
        {"sha256": sha256, "bytes": len(item.message.entity), "media": item.message.media}
        for sha256, item in wanted.items()
        if sha256 not in known
    ]
    new = insert_rows(connection, "payload", rows)
    return known | {row["sha256"]: row["id"] for row in rows}, frozenset(new)


def _capture_row(item: Kept, visit_id: int, hop: int, payload_id: int | None, warc_id: int) -> Row:
    exchange, message = item.exchange, item.message
    return {
        "visit_id": visit_id,
        "hop": hop,
        "url": exchange.url,
        "urlkey": urlkey(exchange.url),
        "at": exchange.at,
        "status": message.status,
        "location": message.location,
        "media": message.media,
        "etag": message.header("ETag"),
        "last_modified": message.header("Last-Modified"),
        "payload_id": payload_id,
        "record": item.record,
        "uri": item.uri,
        "digest": item.digest,
        "fidelity": exchange.fidelity,
        "truncated": exchange.truncated or (None if message.complete else "disconnect"),
        "warc_id": warc_id,
        "offset": item.response.offset,
        "length": item.response.length,
        "sha256": item.response.sha256,
        "request_offset": item.request.offset if item.request else None,
        "request_length": item.request.length if item.request else None,
        "leaf": None,
        "withheld": False,
    }
