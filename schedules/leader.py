"""Which scheduler of a store leads: one holds the lock, the others stand by and take over when it is let go.

SQLite: `flock` on a file of the archive, which the kernel lets go when the process dies. PostgreSQL: a session-level
advisory lock, which the server lets go when the connection dies.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from archive import database
from archive.errors import Busy
from archive.workspace import Workspace

_LOCK = 7_236_410_952  # any number, the same in every process; names the scheduler's lock within a PostgreSQL database
_BUSY = "another scheduler leads this archive"


class Lead(Protocol):
    """Held leadership."""

    def holds(self) -> bool:
        """Whether the lock is still ours."""
        ...


class _FileLead:
    def holds(self) -> bool:
        """A file lock lasts as long as the process."""
        return True


class _ServerLead:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def holds(self) -> bool:
        """The lock went with the connection if the server does not answer on it."""
        try:
            self._connection.execute(text("SELECT 1"))
        except DBAPIError:
            return False
        return True


@contextmanager
def lead(workspace: Workspace) -> Iterator[Lead]:
    """Lead while inside; Busy when another scheduler does."""
    if workspace.database_url.startswith("sqlite"):
        with workspace.lock("scheduler", _BUSY):
            yield _FileLead()
        return
    engine = database.open_engine(workspace).execution_options(isolation_level="AUTOCOMMIT")
    with database.translated(), engine.connect() as connection:
        label = f"onrecord scheduler {os.getpid()} {socket.gethostname()}"
        connection.execute(text("SELECT set_config('application_name', :label, false)"), {"label": label[:63]})
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _LOCK}):
            raise Busy(f"{_BUSY} ({leader(workspace) or 'just now'})")
        connection.detach()  # closed at the end, not given back to the pool: the lock ends with it at the latest
        try:
            yield _ServerLead(connection)
        finally:
            # The server notices a closed connection a moment later: until then the next scheduler would find a leader.
            with contextlib.suppress(DBAPIError):
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})


def leader(workspace: Workspace) -> str | None:
    """Who leads now ("pid 4121"), or None when no scheduler is alive."""
    if workspace.database_url.startswith("sqlite"):
        try:
            with workspace.lock("scheduler", _BUSY):
                return None
        except Busy as busy:
            return busy.message.removeprefix(_BUSY).strip(" ()") or "pid unknown"
    query = text(
        "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid "
        "WHERE l.locktype = 'advisory' AND l.granted AND (l.classid::bigint << 32) + l.objid::bigint = :key "
        "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    with database.translated(), database.open_engine(workspace, readonly=True).connect() as connection:
        name: str | None = connection.scalar(query, {"key": _LOCK})
    return None if name is None else name.replace("onrecord scheduler", "pid", 1)
