"""The record's database: engines, pragmas, schema check and upgrade, sessions. SQLite or PostgreSQL, one code path."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from sqlalchemy import URL, Connection, Engine, NullPool, QueuePool, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError
from sqlalchemy.orm import Session

from archive.errors import Busy, IntegrityError, NotFound, OnrecordError
from archive.workspace import Workspace

BUSY_SECONDS = 30
KEPT = 4  # connections that stay open, each with up to 32 MB of the record in memory
_UPGRADE_LOCK, _WRITER_LOCK = 7_236_410_951, 7_236_410_952  # any numbers, the same in every process: advisory locks


def open_engine(place: Workspace | str, *, readonly: bool = False, kept: bool = False) -> Engine:
    """An engine for a workspace or a database URL. A read-only one cannot write, whatever is sent to it. With `kept` its
    connections stay open among sessions, and what they read stays in memory: for a process that answers many questions.

    SQLite: WAL, foreign keys on, NORMAL (a commit survives a crash of the process; of the machine at worst the last ones
    are lost, which the evidence holds and `recover` finds), and 30 seconds of patience with another writer.
    """
    return _engine(place if isinstance(place, str) else place.database_url, readonly, kept)


@contextmanager
def session(workspace: Workspace, *, readonly: bool = False, kept: bool = False) -> Iterator[Session]:
    """A session on the record of a workspace, committed when the block ends well and rolled back when it does not.

    A writing session first brings an older schema up to date; a read-only one says how. A read-only session holds no
    transaction open: each question sees what is committed then, and a crawl's whole length keeps nothing from being
    tidied. `kept` is for `open_engine`. Errors of the database come out as OnrecordError.
    """
    engine = open_engine(workspace, readonly=readonly, kept=kept)
    with translated():
        if readonly:
            check_schema(engine)
        else:
            upgrade(workspace)
        with Session(engine, expire_on_commit=False) as opened:
            if readonly:
                yield opened
            else:
                with opened.begin():
                    yield opened


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that is the record's only writer, committed when the block ends well. On SQLite BEGIN IMMEDIATE sees
    to that; on PostgreSQL a lock does, so that two crawls do not both find a payload missing and insert it."""
    with translated(), engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITER_LOCK})
        yield connection


def check_schema(engine: Engine) -> None:
    """Say in one line when the record was made by a newer or an older onrecord, or is not there."""
    found, known = _revision(engine), known_revisions()
    if found == known[-1]:
        return
    if found is None:
        raise NotFound("the archive's record is empty: nothing was crawled yet", hint="onrecord crawl", code="record.empty")
    if found in known:
        raise OnrecordError(
            f"the record has schema {found}, this onrecord wants {known[-1]}",
            hint="the next crawl brings it up to date, or: onrecord doctor --fix",
            code="schema.older",
        )
    raise _newer(found, known[-1])


def upgrade(workspace: Workspace) -> None:
    """Bring the schema to the newest; a whole step at a time, so that an interrupted upgrade leaves old or new."""
    found, known = _revision(open_engine(workspace, readonly=True)), known_revisions()
    if found == known[-1]:
        return
    if found is not None and found not in known:
        raise _newer(found, known[-1])
    with translated(), open_engine(workspace).connect() as connection:
        run_migrations(connection)


def run_migrations(connection: Connection, revision: str = "head") -> None:
    """`alembic upgrade`, on a connection, with a configuration built in code so that it works out of a wheel."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "archive:migrations")
    config.set_main_option("path_separator", "os")
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
        command.upgrade(config, revision)


@lru_cache(maxsize=1)
def known_revisions() -> tuple[str, ...]:
    """The schema revisions this onrecord knows, oldest first: the numbers its migrations' file names begin with."""
    folder = resources.files("archive.migrations") / "versions"
    return tuple(sorted(item.name.split("_")[0] for item in folder.iterdir() if item.name[:4].isdigit()))


@contextmanager
def translated() -> Iterator[None]:
    """Errors of the database as errors a person can act on."""
    try:
        yield
    except DBAPIError as error:
        raise _explained(error) from error


def _newer(found: str, newest: str) -> OnrecordError:
    return OnrecordError(
        f"this archive was written by a newer onrecord: schema {found}, this one knows {newest}",
        hint="pip install -U onrecord",
        code="schema.newer",
    )


def _revision(engine: Engine) -> str | None:
    with translated():
        if engine.dialect.name == "sqlite" and not _exists(engine):
            return None
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
            return found


def _exists(engine: Engine) -> bool:
    path = engine.url.database or ""
    if path.startswith("file:"):
        path = unquote(path.removeprefix("file:"))
    return path == ":memory:" or Path(path).is_file()


def _explained(error: DBAPIError) -> OnrecordError:
    words = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
    low = words.lower()
    if "locked" in low or "busy" in low:
        return Busy(f"the record is locked by another process for over {BUSY_SECONDS} seconds", hint="wait for it, or stop it")
    if "full" in low or "no space" in low:
        return OnrecordError(
            f"cannot write the record: {words}",
            hint="nothing acknowledged is lost: make room, then crawl again",
            code="record.write",
        )
    if "malformed" in low or "not a database" in low:
        return IntegrityError(f"the record is damaged: {words}", hint="onrecord rebuild makes it again from the evidence")
    if isinstance(error, OperationalError):
        return OnrecordError(f"the record's database gave up: {words}", hint="onrecord doctor", code="record.unavailable")
    return OnrecordError(f"the record's database refused: {words}", code="record.refused")


@lru_cache(maxsize=16)
def _engine(url: str, readonly: bool, kept: bool) -> Engine:
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url, readonly, kept)
    connect_args: dict[str, Any] = {"connect_timeout": 10}
    if not readonly:
        return create_engine(url, pool_pre_ping=True, connect_args=connect_args)
    named = make_url(url).query.get("options", "")  # of the URL, which connect_args would replace
    connect_args["options"] = f"{named} -c default_transaction_read_only=on".strip()
    return create_engine(url, pool_pre_ping=True, connect_args=connect_args, isolation_level="AUTOCOMMIT")


def _sqlite(url: str, readonly: bool, kept: bool) -> Engine:
    database = make_url(url).database or ""
    place = URL.create("sqlite", database=database)
    if readonly:
        place = URL.create("sqlite", database=f"file:{quote(database)}", query={"mode": "ro", "uri": "true"})
    pool: dict[str, Any] = {"poolclass": NullPool}
    if kept:  # the last one used is the next one, for it has the most in memory
        pool = {"poolclass": QueuePool, "pool_size": KEPT, "max_overflow": -1, "pool_use_lifo": True, "pool_recycle": 600}
    engine = create_engine(place, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False}, **pool)

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin and commit behind our back (DDL included)
        pragmas = ["foreign_keys=ON", f"busy_timeout={int(BUSY_SECONDS * 1000)}", f"cache_size=-{32_000 if kept else 16_000}"]
        pragmas += ["query_only=ON"] if readonly else ["journal_mode=WAL", "synchronous=NORMAL", "journal_size_limit=67108864"]
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A deferred transaction that reads and then writes fails at once when another wrote in between; IMMEDIATE waits.
        if not readonly:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    if kept:
        _follow(engine, Path(database))
    return engine


def _follow(engine: Engine, path: Path) -> None:
    """A kept connection is to the file that lay there: where another lies now (`rebuild` swaps records), that one is opened."""

    def file() -> tuple[int, int] | None:
        try:
            found = path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    @event.listens_for(engine, "connect")
    def _remember(_connection: Any, record: Any) -> None:
        record.info["file"] = file()

    @event.listens_for(engine, "checkout")
    def _compare(_connection: Any, record: Any, _proxy: Any) -> None:
        if record.info["file"] != file():
            raise DisconnectionError("another record lies there now")
