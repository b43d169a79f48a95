"""One file that shows, to somebody without this software, that a capture was in the archive at a time."""

from __future__ import annotations

import base64
from typing import Any

from sqlalchemy import Connection, select

from archive.errors import NotFound, OnrecordError
from archive.ledger import merkle, standalone
from archive.ledger.log import Ledger, entries
from archive.models import Base
from archive.warc import read_member
from archive.warc.record import warc_date
from archive.workspace import Workspace


def prove(workspace: Workspace, connection: Connection, capture_id: int, *, since: tuple[int, ...] = ()) -> dict[str, Any]:
    """The proof of a capture, as JSON data in the form `onrecord-proof/1`.

    `since`: sizes of older checkpoints that somebody kept, to be shown as beginnings of the present ledger. NotFound when
    there is no such capture; OnrecordError when the ledger has not taken it in yet.
    """
    capture, warc = Base.metadata.tables["capture"], Base.metadata.tables["warc"]
    row = connection.execute(
        select(capture, warc.c.name.label("file")).join(warc, warc.c.id == capture.c.warc_id).where(capture.c.id == capture_id)
    ).one_or_none()
    if row is None:
        raise NotFound(f"no capture {capture_id}")
    ledger = Ledger(workspace)
    head = ledger.head()
    if head is None or row.leaf is None or row.leaf >= head.size:
        raise OnrecordError("the ledger has not taken in this capture yet", hint="onrecord ledger show", code="ledger.behind")
    tiles = ledger.tiles()
    (said,) = entries(connection, row.leaf, row.leaf + 1)
    proof: dict[str, Any] = {
        "format": standalone.FORMAT,
        "limits": standalone.LIMITS,
        "url": row.url,
        "captured_at": warc_date(row.at),
        "entry": said.decode("utf-8", "surrogatepass"),
        "index": row.leaf,
        "inclusion": [_text(step) for step in merkle.inclusion(tiles.node, row.leaf, head.size)],
        "checkpoint": head.note,
        "verifier": ledger.key().verifier,
        "record": _text(read_member(workspace.evidence, row.file, row.offset, row.length)),
        "tokens": tokens(connection, head.size),
    }
    if row.request_offset is not None and row.request_length is not None:
        proof["request"] = _text(read_member(workspace.evidence, row.file, row.request_offset, row.request_length))
    if since:
        proof["consistency"] = [
            {"size": size, "path": [_text(step) for step in merkle.consistency(tiles.node, size, head.size)]}
            for size in since
            if 0 < size < head.size
        ]
    return {**proof, "sum": standalone.sum_of(proof)}


def tokens(connection: Connection, size: int) -> list[dict[str, Any]]:
    """The time stamp tokens of a checkpoint."""
    table = Base.metadata.tables["checkpoint"]
    found: list[dict[str, Any]] | None = connection.scalar(select(table.c.tokens).where(table.c.size == size))
    return found or []


def checkpoints(connection: Connection) -> list[dict[str, Any]]:
    """Every checkpoint that was signed, oldest first, with the number of its time stamps."""
    table = Base.metadata.tables["checkpoint"]
    rows = connection.execute(select(table).order_by(table.c.size))
    return [{"size": row.size, "root": row.root, "time_stamps": len(row.tokens)} for row in rows]


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
