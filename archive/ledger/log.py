"""The ledger of an archive: every capture becomes a leaf, in the order in which captures were committed.

The database gives each capture its number first; the tiles follow from it; the signed checkpoint comes last. Whatever a
crash interrupts, the next `extend` finishes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, text, update

from archive.errors import IntegrityError
from archive.ledger import merkle
from archive.ledger.note import Checkpoint, Key, load_key, open_note, parse_checkpoint
from archive.ledger.tiles import Tiles
from archive.models import Base
from archive.warc.record import warc_date
from archive.workspace import Workspace

FOLDER = "ledger"
KEY = "ledger.key"
CHECKPOINT = "checkpoint"
VERIFIER = "verifier"
CHECKPOINTS = "checkpoints"  # every head ever signed, and its time stamps: the record can be made again from them
_CHUNK = 20_000
_WRITER_LOCK = 7_236_410_952  # PostgreSQL: one process at a time extends the ledger (SQLite: BEGIN IMMEDIATE)


@dataclass(frozen=True, slots=True)
class Head:
    """A signed head: the checkpoint and the note it came in."""

    checkpoint: Checkpoint
    note: str

    @property
    def size(self) -> int:
        """Number of leaves."""
        return self.checkpoint.size


def entry(*, url: str, at: datetime, record: str, payload: str | None) -> bytes:
    """What a leaf says: the address, the instant, the sha256 of the record's gzip member, and of the payload."""
    data = {"at": warc_date(at), "payload": payload, "record": record, "url": url}
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


class Ledger:
    """The ledger in `<evidence>/ledger`, signed with `<workspace>/ledger.key`."""

    def __init__(self, workspace: Workspace) -> None:
        self.folder: Path = workspace.evidence / FOLDER
        self._key_path = workspace.root / KEY
        self._origin = f"onrecord/{workspace.root.name or 'archive'}".replace(" ", "-").replace("+", "-")

    def key(self) -> Key:
        """The signing key; made on first use."""
        return load_key(self._key_path, self._origin)

    def head(self) -> Head | None:
        """The newest checkpoint on disk, its signature checked against `verifier`; None when there is none yet."""
        try:
            note = (self.folder / CHECKPOINT).read_text(encoding="utf-8")
            verifier = (self.folder / VERIFIER).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        return Head(open_note(note, verifier), note)

    def tiles(self, size: int | None = None) -> Tiles:
        """The tiles of the newest head, or of an older size."""
        head = self.head()
        return Tiles(self.folder, (head.size if head else 0) if size is None else size)

    def keep_tokens(self, connection: Connection, size: int, tokens: Sequence[dict[str, Any]]) -> None:
        """Keep the time stamps of a checkpoint, in the record and beside its note."""
        table = Base.metadata.tables["checkpoint"]
        _put(self.folder / CHECKPOINTS / f"{size}.tokens.json", json.dumps(list(tokens), indent=1, sort_keys=True))
        connection.execute(update(table).where(table.c.size == size).values(tokens=list(tokens)))

    def write_checkpoints(self, connection: Connection, folder: Path) -> None:
        """Write every checkpoint that the record holds, and its time stamps, into a ledger's folder."""
        table = Base.metadata.tables["checkpoint"]
        for row in connection.execute(select(table)):
            _put(folder / CHECKPOINTS / str(row.size), row.note)
            if row.tokens:
                _put(folder / CHECKPOINTS / f"{row.size}.tokens.json", json.dumps(row.tokens, indent=1, sort_keys=True))

    def restore(self, connection: Connection) -> int:
        """Give the captures of a record made again their numbers, and bring back every checkpoint; leaves numbered."""
        head = self.head()
        if head is None:
            return 0
        capture, checkpoint = Base.metadata.tables["capture"], Base.metadata.tables["checkpoint"]
        payload = Base.metadata.tables["payload"]
        places: dict[bytes, list[int]] = {}
        for number, said in enumerate(self.tiles(head.size).entries()):
            places.setdefault(said, []).append(number)
        rows = connection.execute(
            select(capture.c.id, capture.c.url, capture.c.at, capture.c.sha256, payload.c.sha256.label("payload"))
            .outerjoin(payload, payload.c.id == capture.c.payload_id)
            .order_by(capture.c.id)
        )
        numbered = []
        for row in rows:
            found = places.get(entry(url=row.url, at=row.at, record=row.sha256, payload=row.payload))
            if found:
                numbered.append({"key": row.id, "number": found.pop(0)})
        if numbered:
            _set_leaves(connection, numbered)
        for path in sorted((self.folder / CHECKPOINTS).glob("[0-9]*")):
            if path.name.isdecimal():
                note = path.read_text(encoding="utf-8")
                kept = path.with_name(f"{path.name}.tokens.json")
                tokens = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else []
                said_head = parse_checkpoint(note.rpartition("\n\n")[0])
                row_values = {"size": said_head.size, "root": said_head.root.hex(), "note": note, "tokens": tokens}
                connection.execute(checkpoint.insert().values(row_values))
        return len(numbered)

    def extend(self, connection: Connection, *, extra: Sequence[str] = ()) -> Head | None:
        """Take in the captures that have no leaf yet, write tiles, sign a checkpoint, and keep it in the record.

        Call it inside the transaction that is committed next, by the archive's only writer. `extra`: extension lines of
        the checkpoint, such as a public random beacon ("not before"). None when the record holds no capture at all.
        """
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITER_LOCK})
        _number(connection)
        capture = Base.metadata.tables["capture"]
        total = connection.scalar(select(func.count()).where(capture.c.leaf.is_not(None))) or 0
        head = self.head()
        size = head.size if head else 0
        if total < size:
            raise IntegrityError(
                f"the ledger has {size} leaves, the record only {total}",
                hint="the record is older than the evidence: onrecord rebuild",
                code="integrity.ledger",
            )
        if total == size and not extra:
            return head
        tiles = Tiles(self.folder, size)
        for start in range(size, total, _CHUNK):
            tiles.append(entries(connection, start, min(start + _CHUNK, total)))
        return self._sign(connection, tiles, extra) if total else None

    def _sign(self, connection: Connection, tiles: Tiles, extra: Sequence[str]) -> Head:
        key = self.key()
        checkpoint = Checkpoint(key.origin, tiles.size, merkle.root(tiles.node, tiles.size), tuple(extra))
        note = key.sign(checkpoint.text)
        _put(self.folder / VERIFIER, f"{key.verifier}\n")
        _put(self.folder / CHECKPOINTS / str(checkpoint.size), note)
        _put(self.folder / CHECKPOINT, note)
        table = Base.metadata.tables["checkpoint"]
        row: dict[str, Any] = {"root": checkpoint.root.hex(), "note": note}
        if connection.execute(update(table).where(table.c.size == checkpoint.size).values(row)).rowcount == 0:
            connection.execute(table.insert().values(size=checkpoint.size, tokens=[], **row))
        return Head(checkpoint, note)


def _put(path: Path, text: str) -> None:
    """Replace a small file as a whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def entries(connection: Connection, start: int, end: int) -> list[bytes]:
    """The entries of leaves `start` to `end` as the record has them."""
    capture, payload = Base.metadata.tables["capture"], Base.metadata.tables["payload"]
    rows = connection.execute(
        select(capture.c.url, capture.c.at, capture.c.sha256, payload.c.sha256.label("payload"))
        .outerjoin(payload, payload.c.id == capture.c.payload_id)
        .where(capture.c.leaf >= start, capture.c.leaf < end)
        .order_by(capture.c.leaf)
    )
    return [entry(url=row.url, at=row.at, record=row.sha256, payload=row.payload) for row in rows]


def _number(connection: Connection) -> None:
    """Give each capture without a leaf the next number, in the order of their ids."""
    capture = Base.metadata.tables["capture"]
    last = connection.scalar(select(func.max(capture.c.leaf)))
    start = 0 if last is None else last + 1
    fresh = connection.scalars(select(capture.c.id).where(capture.c.leaf.is_(None)).order_by(capture.c.id)).all()
    if not fresh:
        return
    numbered = [{"key": key, "number": start + n} for n, key in enumerate(fresh)]
    _set_leaves(connection, numbered)


def _set_leaves(connection: Connection, numbered: list[dict[str, int]]) -> None:
    capture = Base.metadata.tables["capture"]
    connection.execute(update(capture).where(capture.c.id == bindparam("key")).values(leaf=bindparam("number")), numbered)
