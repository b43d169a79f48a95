"""Damage mended from good copies: records and files by their digests, ledger and index made again, rows from a snapshot."""

from __future__ import annotations

import shutil

from sqlalchemy import Connection, select

from archive import custody
from archive.cdxj import Index
from archive.copies.mend_files import mend_file, put_aside
from archive.copies.mend_rows import mend_database
from archive.copies.places import open_place
from archive.copies.step import locations
from archive.copies.values import Mended
from archive.database import open_engine
from archive.ledger import Ledger, merkle
from archive.ledger.log import CHECKPOINT, VERIFIER, entries
from archive.ledger.tiles import Tiles
from archive.models import Base
from archive.records import Locator
from archive.verify import Report, verify
from archive.verify.record import load_rows
from archive.warc import manifest
from archive.workspace import Workspace


def repair(workspace: Workspace, report: Report | None = None) -> tuple[list[Mended], Report]:
    """Mend what `verify` finds, as far as good copies go; returns the repairs and what `verify` says afterwards.

    Nothing damaged is thrown away: it moves to `aside/`. Every repair is written to the custody log.
    """
    found = report or verify(workspace)
    places = [open_place(location) for location in locations(workspace)]
    mended: list[Mended] = []
    if _is_sqlite(workspace):
        mended += mend_database(workspace, places)
    engine = open_engine(workspace)
    files = {problem.file for problem in found.problems}
    with engine.connect() as connection:
        warc = Base.metadata.tables["warc"]
        rows = {row["name"]: dict(row) for row in connection.execute(select(warc)).mappings()}
    for name, row in sorted(rows.items()):
        listed = f"{manifest.FOLDER}/{name}.tsv"
        if name in files or listed in files:
            mended += mend_file(workspace, places, name, row, _captures(workspace, name))
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


def _captures(workspace: Workspace, name: str) -> set[Locator]:
    with open_engine(workspace, readonly=True).connect() as connection:
        return {row.locator for (file, _), row in load_rows(connection).items() if file == name}


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
    put_aside(workspace, ledger.folder)
    fresh.replace(ledger.folder)
    return [Mended("ledger", "tiles and checkpoint", "made again from the record; the root is the signed one")]


def _is_sqlite(workspace: Workspace) -> bool:
    return "://" not in workspace.settings.archive.database
