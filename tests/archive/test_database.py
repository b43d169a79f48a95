"""The schema is built by migrations alone, agrees with the models, and a wrong one is told in one line."""

from __future__ import annotations

import multiprocessing
import shutil
import sqlite3
import threading
import time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from archive import database
from archive.errors import Busy, IntegrityError, NotFound, OnrecordError
from archive.models import Base
from archive.workspace import Workspace


def test_models_and_migrations_agree(store: Workspace) -> None:
    with database.open_engine(store, readonly=True).connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_object": lambda item, name, kind, reflected, other: not str(name).startswith("reading_fts"),
            },
        )
        assert compare_metadata(context, Base.metadata) == []


def test_a_second_upgrade_changes_nothing(store: Workspace) -> None:
    database.upgrade(store)
    database.check_schema(database.open_engine(store, readonly=True))


def test_known_revisions_are_those_of_alembic() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", "archive:migrations")
    script = ScriptDirectory.from_config(config)
    assert [item.revision for item in reversed(list(script.walk_revisions()))] == list(database.known_revisions())


def test_an_archive_of_a_newer_onrecord_is_told_in_one_line_and_left_alone(store: Workspace) -> None:
    with database.open_engine(store).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
    with pytest.raises(OnrecordError, match="written by a newer onrecord: schema 0999") as caught:
        database.check_schema(database.open_engine(store, readonly=True))
    assert caught.value.code == "schema.newer"
    assert "\n" not in caught.value.message
    assert caught.value.hint
    with pytest.raises(OnrecordError, match="newer"), database.session(store):
        pass


def test_an_archive_without_a_record_says_so(empty_workspace: Workspace) -> None:
    with pytest.raises(NotFound, match="nothing was crawled yet"), database.session(empty_workspace, readonly=True):
        pass


def test_a_writing_session_makes_the_schema(empty_workspace: Workspace) -> None:
    with database.session(empty_workspace) as session:
        assert session.execute(text("SELECT count(*) FROM page")).scalar() == 0


def test_a_read_only_session_cannot_write(store: Workspace) -> None:
    with pytest.raises(OnrecordError), database.session(store, readonly=True) as session:
        session.execute(text("DELETE FROM page"))


def test_a_kept_connection_reads_what_was_written_since(store: Workspace) -> None:
    for number in (1, 2):
        with database.session(store) as writing:
            writing.execute(text(f"INSERT INTO work (key) VALUES ('{number}')"))
        with database.session(store, readonly=True, kept=True) as reading:
            assert reading.execute(text("SELECT count(*) FROM work")).scalar() == number
    with pytest.raises(OnrecordError), database.session(store, readonly=True, kept=True) as reading:
        reading.execute(text("DELETE FROM work"))


def test_a_kept_connection_keeps_nothing_from_being_tidied(sqlite_workspace: Workspace) -> None:
    with database.session(sqlite_workspace) as writing:
        writing.execute(text("INSERT INTO work (key) VALUES ('1'), ('2')"))
    with database.session(sqlite_workspace, readonly=True, kept=True) as reading:
        assert reading.execute(text("SELECT key FROM work ORDER BY key")).scalars().first() == "1"
    with sqlite3.connect(sqlite_workspace.root / "archive.db") as other:
        assert other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    assert (sqlite_workspace.root / "archive.db-wal").stat().st_size == 0


def test_a_kept_connection_follows_to_the_record_that_was_put_in_the_place_of_its_own(sqlite_workspace: Workspace) -> None:
    fresh = shutil.copy(sqlite_workspace.root / "archive.db", sqlite_workspace.root / "fresh.db")
    with database.session(sqlite_workspace) as writing:
        writing.execute(text("INSERT INTO work (key) VALUES ('old')"))
    for kept, count in ((sqlite_workspace.root / "archive.db", 1), (Path(fresh), 0)):
        if count == 0:
            for part in sqlite_workspace.root.glob("archive.db*"):
                part.rename(part.with_name(f"before-{part.name}"))
            kept.rename(sqlite_workspace.root / "archive.db")
        with database.session(sqlite_workspace, readonly=True, kept=True) as reading:
            assert reading.execute(text("SELECT count(*) FROM work")).scalar() == count
    (sqlite_workspace.root / "archive.db").unlink()
    with pytest.raises(NotFound), database.session(sqlite_workspace, readonly=True, kept=True):
        pass


def test_sqlite_is_opened_with_the_pragmas_that_keep_it_safe(sqlite_workspace: Workspace) -> None:
    with database.session(sqlite_workspace) as session:
        found = {
            name: session.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 30_000}


def test_a_read_only_session_keeps_no_snapshot_open(sqlite_workspace: Workspace) -> None:
    with database.session(sqlite_workspace, readonly=True) as reading:
        assert reading.execute(text("SELECT count(*) FROM portal")).scalar() == 0
        with database.session(sqlite_workspace) as session:
            session.execute(
                text("INSERT INTO portal(slug, home, name, tz, robots, paused) VALUES ('a','h','n','UTC','obey',0)")
            )
        assert reading.execute(text("SELECT count(*) FROM portal")).scalar() == 1


def test_a_damaged_file_is_an_integrity_failure(sqlite_workspace: Workspace) -> None:
    path = sqlite_workspace.root / "archive.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(IntegrityError, match="damaged"):
        database.check_schema(database.open_engine(sqlite_workspace, readonly=True))


def _hold(path: Path, ready: threading.Event, seconds: float) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    ready.set()
    time.sleep(seconds)
    connection.execute("COMMIT")
    connection.close()


def test_a_writer_waits_for_another_and_then_writes(sqlite_workspace: Workspace) -> None:
    ready = threading.Event()
    holder = threading.Thread(target=_hold, args=(sqlite_workspace.root / "archive.db", ready, 1.5))
    holder.start()
    ready.wait()
    with database.session(sqlite_workspace) as session:
        session.execute(text("INSERT INTO portal(slug, home, name, tz, robots, paused) VALUES ('a','h','n','UTC','obey',0)"))
    holder.join()
    with database.session(sqlite_workspace, readonly=True) as session:
        assert session.execute(text("SELECT count(*) FROM portal")).scalar() == 1


def test_a_writer_that_waited_too_long_says_so(sqlite_workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    database._engine.cache_clear()
    ready = threading.Event()
    holder = threading.Thread(target=_hold, args=(sqlite_workspace.root / "archive.db", ready, 1.0))
    holder.start()
    ready.wait()
    with pytest.raises(Busy, match="locked by another process"), database.session(sqlite_workspace) as session:
        session.execute(text("SELECT 1"))
    holder.join()
    database._engine.cache_clear()


def _upgrade(root: Path) -> None:
    from archive import workspace

    database.upgrade(workspace.open_at(root))


def test_two_processes_that_upgrade_at_once_make_one_schema(empty_workspace: Workspace) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_upgrade, args=(empty_workspace.root,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0]
    database.check_schema(database.open_engine(empty_workspace, readonly=True))


def test_an_upgrade_that_fails_midway_leaves_nothing(empty_workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = database.open_engine(empty_workspace)
    real = type(engine.dialect).do_execute
    count = 0

    def dying(self: object, cursor: object, statement: str, parameters: object, context: object = None) -> None:
        nonlocal count
        count += "CREATE TABLE" in statement
        if count == 12:
            raise KeyboardInterrupt
        real(self, cursor, statement, parameters, context)  # type: ignore[arg-type]

    monkeypatch.setattr(type(engine.dialect), "do_execute", dying)
    with pytest.raises(KeyboardInterrupt):
        database.upgrade(empty_workspace)
    monkeypatch.undo()
    with sqlite3.connect(empty_workspace.root / "archive.db") as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    database.upgrade(empty_workspace)
    database.check_schema(database.open_engine(empty_workspace, readonly=True))
