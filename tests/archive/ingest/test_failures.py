"""What stops a batch leaves nothing of it: not in the evidence, not in the record; and the next batch goes on."""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from archive import database, query
from archive.errors import OnrecordError
from archive.verify import verify
from archive.warc import WarcWriter
from archive.workspace import Workspace
from tests.archive.ingest.test_timeline import A2, A, B, history
from tests.archive.story import Portal


def sizes(store: Workspace) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in store.evidence.glob("*.warc.gz")}


def counts(store: Workspace) -> dict[str, int]:
    with database.session(store, readonly=True) as session:
        return query.totals(session)


def test_a_commit_that_fails_takes_the_evidence_back_too(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    portal.add(portal.shows(A))
    files, rows = sizes(portal.workspace), counts(portal.workspace)

    def full(connection: Any) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    engine = database.open_engine(portal.workspace)
    event.listen(engine, "commit", full)
    try:
        with pytest.raises((OnrecordError, sqlite3.OperationalError)):
            portal.add(portal.shows(A2), portal.shows(B))
    finally:
        event.remove(engine, "commit", full)
    assert (sizes(portal.workspace), counts(portal.workspace)) == (files, rows)
    (done, other) = portal.add(portal.shows(A2), portal.shows(B))
    assert (done.change, other.change) == ("edited", "new")


def test_a_commit_whose_answer_is_lost_keeps_its_evidence(portal: Portal) -> None:
    portal.add(portal.shows(A))
    engine = database.open_engine(portal.workspace)

    def lost(connection: Any) -> None:
        connection.connection.driver_connection.commit()  # it happened, and nobody hears of it
        raise ConnectionResetError

    event.listen(engine, "commit", lost)
    try:
        with pytest.raises(ConnectionResetError):
            portal.add(portal.shows(A2))
    finally:
        event.remove(engine, "commit", lost)
    assert history(portal.workspace, "/en/1") == [(1, "new", 1), (2, "edited", 1)]
    portal.add(portal.shows(B))
    portal.end()
    assert verify(portal.workspace).problems == []


def test_a_full_disk_for_the_evidence_is_one_clear_line_and_nothing_stays(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal.add(portal.shows(A))
    files, rows = sizes(portal.workspace), counts(portal.workspace)

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OnrecordError, match="No space left") as caught:
        portal.add(portal.shows(A2))
    monkeypatch.undo()
    assert caught.value.hint
    assert (sizes(portal.workspace), counts(portal.workspace)) == (files, rows)
    assert portal.add(portal.shows(A2))[0].change == "edited"


@pytest.mark.parametrize("step", range(0, 60, 6))
def test_a_failure_at_any_statement_leaves_the_record_whole(sqlite_workspace: Workspace, step: int) -> None:
    portal = Portal(sqlite_workspace)
    portal.add(portal.shows(A), portal.shows(B))
    rows = counts(sqlite_workspace)
    engine, seen = database.open_engine(sqlite_workspace), 0

    def dying(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        nonlocal seen
        seen += 1
        if seen > step:
            raise KeyboardInterrupt

    event.listen(engine, "before_cursor_execute", dying)
    visits = (portal.shows(A2), portal.missing("/en/2"), portal.redirects("/en/1", replace(A, url=A.url + "0")))
    try:
        failed = _fails(portal, *visits)
    finally:
        event.remove(engine, "before_cursor_execute", dying)
    if failed:
        assert counts(sqlite_workspace) == rows
    portal.add(portal.missing("/en/2"))
    portal.end()
    assert verify(sqlite_workspace).problems == []


def _fails(portal: Portal, *visits: Any) -> bool:
    try:
        portal.add(*visits)
    except KeyboardInterrupt:
        return True
    return False


def test_a_locked_record_is_waited_for(sqlite_workspace: Workspace) -> None:
    portal = Portal(sqlite_workspace)
    portal.add(portal.shows(A))
    ready = threading.Event()

    def hold(path: Path) -> None:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        ready.set()
        time.sleep(1.0)
        connection.execute("COMMIT")
        connection.close()

    holder = threading.Thread(target=hold, args=(sqlite_workspace.root / "archive.db",))
    holder.start()
    ready.wait()
    assert portal.add(portal.shows(A2))[0].change == "edited"
    holder.join()


def test_two_portals_are_crawled_at_once_into_one_record(store: Workspace) -> None:
    one, other = Portal(store), Portal(store)
    other.record = replace(other.record, slug="other-az")
    errors: list[OnrecordError] = []

    def crawl(portal: Portal) -> None:
        try:
            for number in range(8):
                portal.add(portal.shows(replace(A, url=f"{A.url}{number}")), portal.shows(replace(B, url=f"{B.url}{number}")))
            portal.end()
        except OnrecordError as error:
            errors.append(error)

    threads = [threading.Thread(target=crawl, args=(portal,)) for portal in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with database.session(store, readonly=True) as session:
        assert {row["portal"]: row["articles"] for row in query.portals(session)} == {"example-az": 16, "other-az": 16}


def test_a_run_that_was_never_begun_is_an_error(store: Workspace) -> None:
    portal = Portal(store).begin()
    portal.end()
    from archive.ingest import Ingest

    with pytest.raises(OnrecordError, match="begin it first"):
        Ingest(store).add([portal.shows(A)])


def test_the_run_counts_what_the_record_holds_of_it(portal: Portal) -> None:
    portal.at = datetime.now(UTC) - timedelta(minutes=1)
    portal.begin()
    portal.add(portal.shows(A), portal.shows(B), portal.fails("/en/9"))
    portal.add(portal.shows(A2), portal.missing("/en/2"), portal.missing("/en/3", 500, outcome="error"))
    summary = portal.end()
    assert (summary.visits, summary.new, summary.changed, summary.suspected_gone, summary.errors) == (6, 2, 1, 1, 2)
    assert summary.healthy and summary.bytes > 0


def test_a_flipped_bit_in_any_sealed_row_is_found(sqlite_workspace: Workspace) -> None:
    from archive.seals import check_seals, sealed_tables

    portal = Portal(sqlite_workspace)
    portal.add(portal.lists("/news", A.url), portal.shows(A), portal.shows(B))
    portal.add(portal.shows(A2), portal.redirects("/en/2", replace(B, url=B.url + "0")))
    engine = database.open_engine(sqlite_workspace)
    flips = 0
    for table in sealed_tables():
        for column in table.c:
            if column.name in ("id", "leaf", "withheld") or column.foreign_keys:
                continue
            with engine.connect() as connection, connection.begin() as transaction:
                row = connection.execute(
                    text(f'SELECT id, "{column.name}" AS value FROM "{table.name}" WHERE "{column.name}" IS NOT NULL LIMIT 1')
                ).first()
                if row is None:
                    continue
                if isinstance(row.value, int):
                    flipped: Any = row.value ^ 1
                elif isinstance(row.value, float):
                    flipped = row.value + 0.001
                else:
                    flipped = row.value[:-1] + chr(ord(row.value[-1]) ^ 1) if row.value else "x"
                    if row.value[:1] in "[{" and row.value:
                        flipped = row.value.replace('"', '"x', 1) if '"' in row.value else '["x"]'
                where = text(f'UPDATE "{table.name}" SET "{column.name}" = :value WHERE id = :id')
                try:
                    connection.execute(where, {"value": flipped, "id": row.id})
                except DBAPIError:  # a constraint found it first
                    transaction.rollback()
                    continue
                assert [broken.table for broken in check_seals(connection)] == [table.name], (table.name, column.name)
                transaction.rollback()
                flips += 1
    assert flips > 80
    with engine.connect() as connection:
        assert list(check_seals(connection)) == []


def test_a_page_read_again_and_again_has_one_row_a_visit_and_no_more(portal: Portal) -> None:
    portal.add(portal.shows(A))
    before = counts(portal.workspace)
    portal.add(portal.same(A))
    after = counts(portal.workspace)
    grown = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert grown == {"visit": 1, "capture": 1}
    assert history(portal.workspace, "/en/1") == [(1, "new", 2)]


def test_a_crawl_that_was_killed_is_told_as_interrupted_once_the_next_begins(portal: Portal) -> None:
    portal.add(portal.shows(A))
    portal.ingest = None  # the process is gone, the run was never closed
    portal.later()
    portal.add(portal.same(A))
    portal.end()
    with database.session(portal.workspace, readonly=True) as session:
        told = [(run["outcome"], run["reasons"]) for run in query.runs(session)]
    assert told == [("ok", []), ("interrupted", ["the process was killed"])]


def test_a_file_begun_for_a_run_that_never_came_to_be_is_put_aside_by_the_next(portal: Portal) -> None:
    portal.add(portal.shows(A))
    portal.end()
    writer = WarcWriter(portal.workspace.evidence, prefix=portal.record.slug)
    writer.begin_run({"isPartOf": "feedfacefeedface"})
    (begun,) = writer.sync()  # and here the process was killed, before its first commit
    opened = portal.workspace.evidence / begun.name.replace("-00001", "-00002")
    opened.touch()  # another one, killed between opening its file and writing to it
    report = verify(portal.workspace)
    assert report.problems == []
    assert all(any(name in notice for notice in report.notices) for name in (begun.name, opened.name))
    portal.later().add(portal.same(A))
    portal.end()
    assert not (portal.workspace.evidence / begun.name).exists() and not opened.exists()
    assert verify(portal.workspace).problems == []
