"""The ledger against the record and against itself: signatures, tiles, entries, every older checkpoint."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from archive.errors import IntegrityError
from archive.ledger import Ledger, merkle
from archive.ledger.log import CHECKPOINT, FOLDER, entries
from archive.ledger.note import open_note
from archive.ledger.tiles import WIDTH, Tiles, tile_path
from archive.models import Base
from archive.verify.values import Problem, Report

_CHUNK = 4096


def check_ledger(ledger: Ledger, connection: Connection, report: Report, kept: tuple[str, ...] = ()) -> None:
    """Add what is wrong with the ledger. `kept`: notes that somebody outside has kept, which it must begin with."""
    try:
        head = ledger.head()
    except (IntegrityError, ValueError) as error:
        report.problems.append(Problem(f"{FOLDER}/{CHECKPOINT}", None, str(error)))
        return
    capture, checkpoint = Base.metadata.tables["capture"], Base.metadata.tables["checkpoint"]
    if head is None:
        if connection.scalar(select(func.count()).select_from(checkpoint)) or kept:
            report.problems.append(Problem(f"{FOLDER}/{CHECKPOINT}", None, "the checkpoint is missing"))
        return
    report.size, report.root = head.size, head.checkpoint.root.hex()
    tiles = ledger.tiles(head.size)
    _check_entries(tiles, connection, report)
    try:
        if merkle.root(tiles.node, head.size) != head.checkpoint.root:
            report.problems.append(Problem(f"{FOLDER}/{CHECKPOINT}", None, "the root is not that of the tiles"))
        for row in connection.execute(select(checkpoint).order_by(checkpoint.c.size)):
            _check_older(row.note, row.size, row.root, ledger.key().verifier, tiles, report)
        for note in kept:
            try:
                old = open_note(note, ledger.key().verifier)
            except IntegrityError as error:
                report.problems.append(Problem(FOLDER, None, f"a checkpoint kept outside: {error}"))
                continue
            if old.size > head.size or merkle.root(tiles.node, old.size) != old.root:
                report.problems.append(
                    Problem(FOLDER, old.size, "the ledger does not begin with the checkpoint kept outside: it was rewritten")
                )
    except IntegrityError as error:
        report.problems.append(Problem(FOLDER, None, str(error)))
    numbered = connection.scalar(select(func.count()).where(capture.c.leaf.is_not(None))) or 0
    if numbered < head.size:
        report.problems.append(Problem(FOLDER, numbered, f"{head.size} leaves, but only {numbered} captures with a number"))


def _check_older(note: str, size: int, root: str, verifier: str, tiles: Tiles, report: Report) -> None:
    try:
        old = open_note(note, verifier)
        if (old.size, old.root.hex()) != (size, root) or merkle.root(tiles.node, size) != old.root:
            report.problems.append(Problem(FOLDER, size, "the ledger does not begin with its own older checkpoint"))
    except (IntegrityError, ValueError) as error:
        report.problems.append(Problem(FOLDER, size, f"checkpoint of size {size}: {error}"))


def _check_entries(tiles: Tiles, connection: Connection, report: Report) -> None:
    """Tiles of entries, tiles of hashes and the rows of the record must say the same, leaf by leaf."""
    for start in range(0, tiles.size, _CHUNK):
        end = min(start + _CHUNK, tiles.size)
        said = entries(connection, start, end)
        for tile in range(start // WIDTH, -(-end // WIDTH)):
            first = tile * WIDTH
            width = min(WIDTH, tiles.size - first)
            try:
                kept = Tiles(tiles.folder, first + width).entries(first)
                for n, entry in enumerate(kept, first):
                    mine = said[n - start] if n - start < len(said) else None
                    if entry != mine:
                        path = f"{FOLDER}/{tile_path('entries', tile, width)}"
                        report.problems.append(Problem(path, n, f"leaf {n} is not what the record says of its capture"))
                    elif tiles.node(0, n) != merkle.leaf_hash(entry):
                        path = f"{FOLDER}/{tile_path(0, tile, width)}"
                        report.problems.append(Problem(path, n, f"the hash of leaf {n} is not that of its entry"))
            except (IntegrityError, ValueError, OSError) as error:
                report.problems.append(Problem(f"{FOLDER}/{tile_path('entries', tile, width)}", first, str(error)))
    _check_rows(tiles, report)


def _check_rows(tiles: Tiles, report: Report) -> None:
    """Hashes of the upper rows follow from the row below."""
    row, width = 1, tiles.size // WIDTH
    while width:
        for index in range(width):
            try:
                halves = tiles.node(8 * row - 1, 2 * index), tiles.node(8 * row - 1, 2 * index + 1)
                wrong = None if merkle.node_hash(*halves) == tiles.node(8 * row, index) else "a hash does not follow from below"
            except IntegrityError as error:
                wrong = str(error)
            if wrong:
                path = tile_path(row, index // WIDTH, min(WIDTH, width - index // WIDTH * WIDTH))
                report.problems.append(Problem(f"{FOLDER}/{path}", index, wrong))
        row, width = row + 1, width // WIDTH
