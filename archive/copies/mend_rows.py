"""Damaged rows of an SQLite record taken from a snapshot of the same state; an unreadable file replaced as a whole."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, select, update
from sqlalchemy.exc import DBAPIError

from archive.copies.mend_files import put_aside
from archive.copies.places import Place
from archive.copies.step import GENERATIONS, RECORD
from archive.copies.values import Mended
from archive.database import open_engine
from archive.models import Base
from archive.seals import seal, sealed_tables
from archive.workspace import Workspace


def mend_database(workspace: Workspace, places: list[Place]) -> list[Mended]:
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
        put_aside(workspace, path)
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
