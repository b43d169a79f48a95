"""Fixtures for all tests: a workspace in a temporary folder, on SQLite and on a private PostgreSQL server."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from archive import database, workspace
from archive.workspace import Workspace
from tests.long_series import Recorder

BINARIES = Path(os.environ.get("ONRECORD_TEST_POSTGRESQL", "/usr/lib/postgresql/15/bin"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--long`: the long series in full (make test-long)."""
    parser.addoption("--long", action="store_true", help="run the tests marked long too, and renew their table in docs")


def pytest_configure(config: pytest.Config) -> None:
    """The process that was asked for the long series keeps their table, not those that run tests for it."""
    if config.getoption("--long") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without --long the tests marked long are left out, not skipped: their seeded tenth runs under another name."""
    if config.getoption("--long"):
        return
    kept = [item for item in items if item.get_closest_marker("long") is None]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


@dataclass(frozen=True, slots=True)
class Demonstration:
    """A run of `onrecord demo`: the archive it kept, what it reported, its exit code, how long it took."""

    root: Path
    report: dict[str, Any]
    code: int
    seconds: float


def demonstrate(root: Path, seed: int = 1) -> Demonstration:
    """Run the demo; what it kept lies in `root`."""
    command = [sys.executable, "-m", "archive.cli", "demo", "--seed", str(seed), "--keep", str(root), "--json"]
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False)
    return Demonstration(root, json.loads(done.stdout), done.returncode, time.monotonic() - began)


@pytest.fixture(scope="session")
def demonstrated(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """The demo, run once: the tests that read its archive are of the xdist group "demo" and change nothing in it."""
    return demonstrate(tmp_path_factory.mktemp("demo") / "kept")


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine reaches a test."""
    for name in list(os.environ):
        if name.startswith("ONRECORD_") and not name.startswith(("ONRECORD_TEST_", "ONRECORD_SHARED")):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL server that is ours alone: no TCP port, a socket in a temporary folder, stopped by its pid."""
    if not (BINARIES / "initdb").exists():
        pytest.skip(f"no PostgreSQL binaries in {BINARIES}")
    owner = pwd.getpwnam("postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name)
    # A socket's path may be 107 bytes long, so not pytest's own folder; the server refuses to run as root.
    folder = Path(tempfile.mkdtemp(prefix="onrecord-pg-"))
    data = folder / "data"
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    identity = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    initdb = [BINARIES / "initdb", "-D", data, "-U", "onrecord", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    subprocess.run(initdb, check=True, capture_output=True, cwd="/", **identity)
    options = [
        "-c",
        "listen_addresses=",
        "-c",
        f"unix_socket_directories={folder}",
        "-c",
        "fsync=off",
        "-c",
        "max_connections=50",
    ]
    log = (folder / "log").open("wb")
    server = subprocess.Popen([BINARIES / "postgres", "-D", data, *options], stdout=log, stderr=log, cwd="/", **identity)
    try:
        url = f"postgresql+psycopg://onrecord@/postgres?host={folder}"
        _wait_for(url, server, folder / "log")
        yield url
    finally:
        server.send_signal(signal.SIGINT)  # fast shutdown
        server.wait(timeout=30)
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    engine = create_engine(url)
    for _ in range(150):
        try:
            with engine.connect():
                engine.dispose()
                return
        except OperationalError:
            if server.poll() is not None:
                pytest.fail(f"PostgreSQL did not start: {log.read_text()}")
            time.sleep(0.1)
    pytest.fail(f"PostgreSQL does not answer: {log.read_text()}")


@pytest.fixture(scope="session")
def migrated(postgresql: str) -> str:
    """The name of a database whose schema is built by migrations: the others are copies of it."""
    admin = create_engine(postgresql, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE migrated"))
    admin.dispose()
    engine = create_engine(postgresql.replace("/postgres?", "/migrated?"))
    with engine.connect() as connection:
        database.run_migrations(connection)
    engine.dispose()
    return "migrated"


@contextmanager
def new_database(server: str, template: str) -> Iterator[str]:
    """A database of its own on the server, a copy of another, dropped afterwards."""
    name = f"t{uuid.uuid4().hex[:12]}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    url = server.replace("/postgres?", f"/{name}?")
    yield url
    for readonly in (False, True):
        database.open_engine(url, readonly=readonly).dispose()
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def postgresql_url(postgresql: str, migrated: str) -> Iterator[str]:
    """The URL of a new database with the schema and no rows, dropped afterwards."""
    with new_database(postgresql, migrated) as url:
        yield url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file whose schema is built by migrations: the others are copies of it."""
    path = tmp_path_factory.mktemp("migrated") / "archive.db"
    with database.open_engine(f"sqlite:///{path}").connect() as connection:
        database.run_migrations(connection)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture
def empty_workspace(tmp_path: Path) -> Workspace:
    """A workspace on SQLite without a record."""
    return workspace.create(tmp_path / "archive")


@pytest.fixture
def sqlite_workspace(empty_workspace: Workspace, migrated_file: Path) -> Workspace:
    """A workspace on SQLite with the schema and no rows."""
    shutil.copy(migrated_file, empty_workspace.root / "archive.db")
    return empty_workspace


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace on each of the two databases, with the schema and no rows."""
    if request.param == "sqlite":
        made: Workspace = request.getfixturevalue("sqlite_workspace")
        return made
    monkeypatch.setenv("ONRECORD_DATABASE_URL", request.getfixturevalue("postgresql_url"))
    return workspace.create(tmp_path / "archive")


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def module_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """As `store`, one for all the tests of a module: for those that only ask."""
    root = tmp_path_factory.mktemp("module") / "archive"
    if request.param == "sqlite":
        made = workspace.create(root)
        shutil.copy(request.getfixturevalue("migrated_file"), made.root / "archive.db")
        yield made
        return
    server, template = request.getfixturevalue("postgresql"), request.getfixturevalue("migrated")
    with new_database(server, template) as url, pytest.MonkeyPatch.context() as patch:
        patch.setenv("ONRECORD_DATABASE_URL", url)
        yield workspace.create(root)
