"""Is this machine fit to keep the archive, and is the archive in order? Each check is one function and one line.

A check that fails says what to do; those that `fix` can mend are mended when asked.
"""

from __future__ import annotations

import platform
import shutil
import sqlite3
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from archive import database
from archive.errors import OnrecordError
from archive.workspace import Workspace

LOW_DISK = 2_000_000_000  # bytes free: a warning
NO_DISK = 200_000_000  # bytes free: a crawl would soon stop
CLOCK_SLACK = timedelta(minutes=5)  # a capture this far in the future means that the clock was set back

Verdict = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check saw. `fixed`: it was out of order and is mended."""

    check: str
    verdict: Verdict
    message: str
    hint: str | None = None
    fixed: bool = False


def of_machine() -> Iterator[Finding]:
    """The checks that need no archive: Python, SQLite with full-text search, time zones."""
    yield Finding("python", "ok", f"python {platform.python_version()}")
    yield _sqlite()
    if zoneinfo.available_timezones():
        yield Finding("timezones", "ok", "time zones")
    else:
        yield Finding("timezones", "fail", "no time zone database", "install the system's tzdata, or: pip install tzdata")


def of_archive(workspace: Workspace, *, fix: bool = False) -> Iterator[Finding]:
    """The checks of one archive, in the order in which they depend on each other."""
    yield _disk(workspace)
    yield _schema(workspace, fix=fix)


def _sqlite() -> Finding:
    version = f"sqlite {sqlite3.sqlite_version}"
    with sqlite3.connect(":memory:") as connection:
        try:
            connection.execute("CREATE VIRTUAL TABLE words USING fts5(text)")
        except sqlite3.OperationalError:
            return Finding("sqlite", "fail", f"{version} without fts5", "use a Python whose SQLite has FTS5")
    return Finding("sqlite", "ok", f"{version} fts5")


def _disk(workspace: Workspace) -> Finding:
    free = shutil.disk_usage(workspace.root).free
    message = f"disk {free / 1e9:,.1f} GB free"
    if free < NO_DISK:
        return Finding("disk", "fail", message, "make room: a crawl stops when nothing can be written")
    if free < LOW_DISK:
        return Finding("disk", "warn", message, "make room soon")
    return Finding("disk", "ok", message)


def _schema(workspace: Workspace, *, fix: bool) -> Finding:
    known = database.known_revisions()[-1]
    try:
        database.check_schema(database.open_engine(workspace, readonly=True))
    except OnrecordError as error:
        if not fix or error.code not in ("schema.older", "record.empty"):
            hint = "onrecord doctor --fix" if error.code in ("schema.older", "record.empty") else error.hint
            return Finding("schema", "fail", error.message, hint)
        database.upgrade(workspace)
        return Finding("schema", "ok", f"db schema {known}", fixed=True)
    return Finding("schema", "ok", f"db schema {known}")
