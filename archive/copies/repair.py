"""Damage mended from good copies: records and files by their digests, ledger and index made again, rows from a snapshot."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, select, update
from sqlalchemy.exc import DBAPIError

from archive import custody
from archive.cdxj import Index
from archive.copies.places import Place, open_place
from archive.copies.step import GENERATIONS, RECORD, locations
from archive.database import open_engine
from archive.ledger import Ledger, merkle
from archive.ledger.log import CHECKPOINT, VERIFIER, entries
from archive.ledger.tiles import Tiles
from archive.models import Base
from archive.records import Locator
from archive.seals import seal, sealed_tables
from archive.verify import Report, verify
from archive.verify.files import file_sha256
from archive.warc import manifest, whole_until
from archive.warc.recovery import ASIDE
from archive.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Mended:
    """One repair: what was mended, and from where."""

    file: str
    what: str
    source: str


def repair(workspace: Workspace, report: Report | None = None) -> tuple[list[Mended], Report]:
    """Mend what `verify` finds, as far as good copies go; returns the repairs and what `verify` says afterwards.

    Nothing damaged is thrown away: it moves to `aside/`. Every repair is written to the custody log.
    """
    found = report or verify(workspace)
    places = [open_place(location) for location in locations(workspace)]
    mended: list[Mended] = []
    if _is_sqlite(workspace):
        mended += _mend_database(workspace, places)
    engine = open_engine(workspace)
    files = {problem.file for problem in found.problems}
    with engine.connect() as connection:
        warc = Base.metadata.tables["warc"]
        rows = {row["name"]: dict(row) for row in connection.execute(select(warc)).mappings()}
    for name, row in sorted(rows.items()):
        listed = f"{manifest.FOLDER}/{name}.tsv"
        if name in files or listed in files:
            mended += _mend_file(workspace, places, name, row, {item.locator for item in _captures(workspace, name)})
    if any(file.startswith("ledger") for file in files):
        with engine.begin() as connection:
            mended += _mend_ledger(workspace, connection)
    if "index" in files or mended:
        index = Index(workspace.evidence)
        index.clear()
        with engine.connect() as connection:
            index.catch_up({row.name: row.bytes for row in connection.execute(select(warc.c.name, warc.c.bytes))})
    for item in mended:
        custody.note(workspace, "repaired", file=item.file, mended=item.what, source=item.source)
    return mended, verify(workspace)


def _captures(workspace: Workspace, name: str) -> Sequence[Any]:
    from archive.verify.record import load_rows

    with open_engine(workspace, readonly=True).connect() as connection:
        return [row for (file, _), row in load_rows(connection).items() if file == name]


def _mend_file(
    workspace: Workspace, places: list[Place], name: str, row: dict[str, Any], captures: set[Locator]
) -> list[Mended]:
    """Put a WARC file together again, record by record, from whatever holds each record as it was."""
    path = workspace.evidence / name
    if path.exists() and path.stat().st_size == row["bytes"] and row["sha256"] == file_sha256(path, row["bytes"]):
        manifest.path_of(workspace.evidence, name).unlink(missing_ok=True)
        manifest.complete(workspace.evidence, name, row["bytes"])
        return [Mended(f"{manifest.FOLDER}/{name}.tsv", "the list of records", "made again from the file")]
    part = path.with_name(f".{name}.part")
    sources: set[str] = set()
    listed = manifest.load(workspace.evidence, name)
    if not listed or listed[-1].offset + listed[-1].length != row["bytes"]:
        listed = []
    with part.open("wb") as file:
        for locator in listed:
            data = _good_bytes(path, places, name, locator, sources)
            if data is None:
                break
            file.write(data)
        else:
            if not listed:
                _whole_copy(places, name, row, file, sources)
    whole = part.stat().st_size == row["bytes"] and (
        row["sha256"] == file_sha256(part, row["bytes"])
        if row["sha256"]
        else all(_holds(part, item) for item in captures) and whole_until(part) == row["bytes"]
    )
    if not whole:
        part.unlink()
        return []
    _put_aside(workspace, path)
    part.replace(path)
    manifest.path_of(workspace.evidence, name).unlink(missing_ok=True)
    manifest.complete(workspace.evidence, name, row["bytes"])
    return [Mended(name, "records", ", ".join(sorted(sources)) or "the file itself")]


def _good_bytes(path: Path, places: list[Place], name: str, locator: Locator, sources: set[str]) -> bytes | None:
    if path.exists():
        with path.open("rb") as file:
            file.seek(locator.offset)
            data = file.read(locator.length)
        if hashlib.sha256(data).hexdigest() == locator.sha256:
            return data
    for place in places:
        found = place.get(f"evidence/{name}", locator.offset, locator.length)
        if found is not None and hashlib.sha256(found).hexdigest() == locator.sha256:
            sources.add(place.location)
            return found
    return None


def _whole_copy(places: list[Place], name: str, row: dict[str, Any], file: Any, sources: set[str]) -> None:
    for place in places:
        data = place.get(f"evidence/{name}", 0, row["bytes"])
        if data is not None and len(data) == row["bytes"]:
            if row["sha256"] and hashlib.sha256(data).hexdigest() != row["sha256"]:
                continue
            file.write(data)
            sources.add(place.location)
            return


def _holds(path: Path, locator: Locator) -> bool:
    with path.open("rb") as file:
        file.seek(locator.offset)
        return hashlib.sha256(file.read(locator.length)).hexdigest() == locator.sha256


def _put_aside(workspace: Workspace, path: Path) -> None:
    if not path.exists():
        return
    aside = workspace.evidence / ASIDE
    aside.mkdir(exist_ok=True)
    number = 1
    while (target := aside / f"{path.name}.damaged.{number}").exists():
        number += 1
    shutil.move(path, target)


def _mend_ledger(workspace: Workspace, connection: Connection) -> list[Mended]:
    """Make the tiles again from the record; they are right only if they lead to a checkpoint that was signed."""
    ledger = Ledger(workspace)
    checkpoint = Base.metadata.tables["checkpoint"]
    row = connection.execute(select(checkpoint).order_by(checkpoint.c.size.desc()).limit(1)).first()
    if row is None:
        return []
    fresh = ledger.folder.with_name(".ledger.part")
    shutil.rmtree(fresh, ignore_errors=True)
    tiles = Tiles(fresh, 0)
    tiles.append(entries(connection, 0, row.size))
    if tiles.size != row.size or merkle.root(tiles.node, row.size).hex() != row.root:
        shutil.rmtree(fresh)
        return []
    (fresh / VERIFIER).write_text(f"{ledger.key().verifier}\n", encoding="utf-8")
    (fresh / CHECKPOINT).write_text(row.note, encoding="utf-8")
    ledger.write_checkpoints(connection, fresh)
    _put_aside(workspace, ledger.folder)
    fresh.replace(ledger.folder)
    return [Mended("ledger", "tiles and checkpoint", "made again from the record; the root is the signed one")]


def _is_sqlite(workspace: Workspace) -> bool:
    return "://" not in workspace.settings.archive.database


def _mend_database(workspace: Workspace, places: list[Place]) -> list[Mended]:
    """Rows whose seal is broken, from the newest snapshot of the present state; a file SQLite cannot read, as a whole."""
    path = workspace.root / workspace.settings.archive.database
    mended: list[Mended] = []
    for place in places:
        for number in range(GENERATIONS):
            data = place.get(RECORD if number == 0 else f"{RECORD}.{number}")
            if data is None:
                continue
            snapshot = workspace.root / ".record.from-copy"
            snapshot.write_bytes(data)
            try:
                if _readable(snapshot):
                    mended += _from_snapshot(workspace, path, snapshot, place.location)
            finally:
                snapshot.unlink()
    return mended


def _from_snapshot(workspace: Workspace, path: Path, snapshot: Path, source: str) -> list[Mended]:
    if not _readable(path):
        _put_aside(workspace, path)
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        shutil.copy(snapshot, path)
        return [Mended(path.name, "the whole record", source)]
    engine = create_engine(f"sqlite:///{snapshot}")
    try:
        with engine.connect() as good, open_engine(workspace).begin() as live:
            if _last_run(good) != _last_run(live):
                return []  # older than the record: its rows may be right, but not any more
            return [
                Mended(path.name, f"{table} row {number}", source)
                for table, number in _broken_rows(live)
                if _copy_row(good, live, table, number)
            ]
    except DBAPIError:
        return []
    finally:
        engine.dispose()


def _broken_rows(connection: Connection) -> list[tuple[str, int]]:
    return [
        (table.name, number)
        for table in sealed_tables()
        for number in connection.scalars(select(table.c.id)).all()
        if not _sealed(connection, table, number)
    ]


def _sealed(connection: Connection, table: Any, number: int) -> bool:
    try:
        row = connection.execute(select(table).where(table.c.id == number)).mappings().first()
        return row is not None and seal(table, row) == row["seal"]
    except (ValueError, TypeError, OverflowError):
        return False


def _copy_row(good: Connection, live: Connection, name: str, number: int) -> bool:
    table = Base.metadata.tables[name]
    if not _sealed(good, table, number):
        return False
    row = dict(good.execute(select(table).where(table.c.id == number)).mappings().one())
    live.execute(update(table).where(table.c.id == number).values(row))
    return True


def _last_run(connection: Connection) -> Any:
    run = Base.metadata.tables["run"]
    return connection.execute(select(run.c.uid, run.c.ended_at).order_by(run.c.id.desc()).limit(1)).first()


def _readable(path: Path) -> bool:
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
            (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        connection.close()
    except sqlite3.Error:
        return False
    return bool(said == "ok")
