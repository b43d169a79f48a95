"""What the evidence needs before a run, during it and after it: repair, index, ledger. Called by `archive.ingest`."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import re
import time
from collections.abc import Iterator

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DBAPIError

from archive.cdxj import Index
from archive.copies.step import bring_all_up
from archive.errors import IntegrityError, OnrecordError
from archive.ingest.captures import store_files
from archive.ledger import Head, Ledger
from archive.ledger.authorities import authorities
from archive.models import Base
from archive.verify.files import file_sha256
from archive.verify.unknown import unknown_files
from archive.warc import Repair, WarcFile, manifest, recover
from archive.workspace import Workspace

log = logging.getLogger(__name__)
INDEX_SECONDS = 10.0  # of a run between two looks of the index at what came
LEDGER_SECONDS = 600.0  # of a run between two checkpoints
REST = 20  # times as long as it took, until it is done again
WITNESS_SECONDS = 10.0  # that a crawl's end waits for time stamping authorities, which are asked side by side


def before_run(workspace: Workspace, engine: Engine, portal: str) -> list[Repair]:
    """Repair what an earlier, interrupted run of this portal left: torn tails and files that were never acknowledged.

    The caller holds the portal's lock, so no other process writes to these files. IntegrityError when acknowledged bytes
    are missing: then nothing may be written before somebody has looked.
    """
    with engine.connect() as connection:
        mine = _open_files(connection, portal)
    leftovers = frozenset(name for name, left in unknown_files(workspace, engine).items() if left and belongs_to(name, portal))
    repairs = recover(workspace.evidence, mine, leftovers)
    lost = [item for item in repairs if item.what.endswith("missing")]
    if lost:
        raise IntegrityError(
            f"{lost[0].warc}: {lost[0].what}: {lost[0].bytes} acknowledged bytes are not there",
            hint="onrecord verify names everything; onrecord repair mends from a copy",
        )
    for item in repairs:
        log.warning("evidence repaired: %s:%d: %s, %d bytes (%s)", item.warc, item.offset, item.what, item.bytes, item.aside)
    if mine:
        closed = [
            WarcFile(name, size, len(manifest.load(workspace.evidence, name)), file_sha256(workspace.evidence / name, size))
            for name, size in mine.items()
        ]
        with engine.begin() as connection:
            store_files(connection, closed)
    return repairs


def during_run(workspace: Workspace, engine: Engine) -> int:
    """Bring the CDXJ index up to what is acknowledged; how many lines came."""
    warc = Base.metadata.tables["warc"]
    with _index_lock(workspace), engine.connect() as connection:
        rows = connection.execute(select(warc.c.name, warc.c.bytes))
        acknowledged = {str(name): int(size) for name, size in rows}
        return Index(workspace.evidence).catch_up(acknowledged)


class Upkeep:
    """Brings index and ledger up while a run goes on, so that a kill leaves little for the next one and the end is short.

    Called by the writer between two batches. The index follows every few seconds; the ledger, whose every checkpoint is
    kept for good, every few minutes. Neither takes more than a twentieth of the writer's time.
    """

    def __init__(self, workspace: Workspace, engine: Engine) -> None:
        self._workspace = workspace
        self._engine = engine
        self._index_due = time.monotonic() + INDEX_SECONDS
        self._ledger_due = time.monotonic() + LEDGER_SECONDS

    def between_batches(self) -> None:
        """Do what is due. What fails is logged and left to the end of the run: the batches before it are committed."""
        began = time.monotonic()
        try:
            if began >= self._index_due:
                during_run(self._workspace, self._engine)
                self._index_due = _next(began, INDEX_SECONDS)
            if began >= self._ledger_due:
                with self._engine.begin() as connection:
                    Ledger(self._workspace).extend(connection)
                self._ledger_due = _next(began, LEDGER_SECONDS)
        except (OSError, DBAPIError, OnrecordError) as error:
            log.warning("index and ledger are not brought up during the run: %s", error)
            self._index_due = self._ledger_due = _next(began, LEDGER_SECONDS)


def _next(began: float, pause: float) -> float:
    now = time.monotonic()
    return now + max(pause, REST * (now - began))


def after_run(workspace: Workspace, engine: Engine) -> Head | None:
    """Index, ledger and copies take in what the run brought; returns the ledger's new head."""
    during_run(workspace, engine)
    with engine.begin() as connection:
        head = Ledger(workspace).extend(connection)
    for copied in bring_all_up(workspace):
        if copied.error:
            log.warning("the copy %s is out of step: %s", copied.location, copied.error)
    return head


def witness(workspace: Workspace, engine: Engine) -> list[str]:
    """Have the newest checkpoint stamped by the authorities of the settings; what went wrong, a line for each.

    A crawl calls it last of all and tells the lines as warnings: a missing time stamp makes no capture worse.
    """
    ledger = Ledger(workspace)
    head = ledger.head()
    asked = authorities(workspace.settings)
    if head is None or not asked:
        return []
    from archive.ledger import timestamps  # takes a moment to load

    stamped = timestamps.stamp(head, asked, timeout=WITNESS_SECONDS)
    if any(item.token for item in stamped):
        with engine.begin() as connection:
            timestamps.keep(ledger, connection, head, stamped)
    return [f"no time stamp from {item.authority}: {item.error}" for item in stamped if item.token is None]


def belongs_to(name: str, portal: str) -> bool:
    """Whether a WARC file was begun by a run of this portal, as its name says."""
    return re.fullmatch(re.escape(portal) + r"-\d{17}-\d+-\d{5}\.warc\.gz", name) is not None


def _open_files(connection: Connection, portal: str) -> dict[str, int]:
    warc = Base.metadata.tables["warc"]
    rows = connection.execute(select(warc.c.name, warc.c.bytes).where(warc.c.state == "open")).all()
    return {name: size for name, size in rows if belongs_to(name, portal)}


@contextlib.contextmanager
def _index_lock(workspace: Workspace) -> Iterator[None]:
    """One process at a time merges the index; the others wait, it takes a moment."""
    folder = workspace.root / ".locks"
    folder.mkdir(exist_ok=True)
    handle = os.open(folder / "index.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
