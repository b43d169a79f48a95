"""Is this machine fit to keep the archive, and is the archive in order? Each check is one function and one line.

A check that fails says what to do; those that `fix` can mend are mended when asked.
"""

from __future__ import annotations

import ipaddress
import platform
import shutil
import sqlite3
import zoneinfo
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import entry_points
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from archive import database, query
from archive.errors import Busy, OnrecordError
from archive.keeping import before_run, belongs_to
from archive.ledger import Ledger
from archive.ledger.authorities import ENOUGH, authorities
from archive.ledger.proof import checkpoints
from archive.output.times import span
from archive.troubles import troubles
from archive.workspace import FILE, Workspace

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
    schema = _schema(workspace, fix=fix)
    yield schema
    if schema.verdict == "fail":
        return
    now = datetime.now(UTC)
    with database.session(workspace, readonly=True) as record:
        newest = query.newest_visit(record)
        rhythms = query.rhythms(record, now)
        ill = troubles(record, now)
        running, files = query.running(record), query.open_files(record)
    yield _clock(now, newest)
    yield _contact(workspace, [rhythm.home for rhythm in rhythms])
    for rhythm in rhythms:
        mine = {name: size for name, size in files.items() if belongs_to(name, rhythm.portal)}
        if mine or rhythm.portal in running:
            yield _interrupted(workspace, rhythm.portal, mine, ended=rhythm.portal not in running, fix=fix)
    if (witnesses := _witnesses(workspace, [rhythm.home for rhythm in rhythms])) is not None:
        yield witnesses
    for trouble in ill:
        yield Finding(trouble.kind, "warn", trouble.message, trouble.hint)
    for check in entry_points(group="onrecord.checks"):
        yield from check.load()(workspace)


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


def _clock(now: datetime, newest: datetime | None) -> Finding:
    """Captures are ordered by their own numbers, but an edit's time is only as good as the clock."""
    if newest is not None and newest > now + CLOCK_SLACK:
        ahead = newest - now
        return Finding(
            "clock", "fail", f"clock: the newest visit lies {span(ahead.total_seconds())} in the future", "set the clock (NTP)"
        )
    return Finding("clock", "ok", f"clock {now:%Y-%m-%d %H:%M} UTC")


def _contact(workspace: Workspace, homes: Sequence[str]) -> Finding:
    """Who crawls public hosts says who he is."""
    contact = workspace.settings.crawl.contact
    if contact or workspace.settings.crawl.user_agent:
        return Finding("contact", "ok", f"User-Agent contact {contact or workspace.settings.crawl.user_agent}")
    if homes and all(_private(home) for home in homes):
        return Finding("contact", "ok", "no User-Agent contact, and no public portal")
    return Finding("contact", "warn", "no User-Agent contact", f'set [crawl] contact = "you@example.org" in {FILE}')


def _witnesses(workspace: Workspace, homes: Sequence[str]) -> Finding | None:
    """Who besides this archive saw the ledger as it is; without a witness, a proof is the operator's word."""
    head = Ledger(workspace).head()
    if head is None:
        return None
    with database.open_engine(workspace, readonly=True).connect() as connection:
        stamps = {item["size"]: item["time_stamps"] for item in checkpoints(connection)}
    held = stamps.get(head.size, 0)
    if held >= ENOUGH:
        return Finding("witnesses", "ok", f"the newest checkpoint has {held} time stamps")
    asked = authorities(workspace.settings)
    if workspace.settings.evidence.timestamps is None and (not asked or all(_private(home) for home in homes)):
        return Finding("witnesses", "ok", "no time stamps: no public portal")
    if not asked:
        hint = f'[evidence] timestamps = ["digicert", "sectigo"] in {FILE}, or keep what `onrecord ledger show` prints'
        return Finding("witnesses", "warn", "no authority stamps the checkpoints", hint)
    unseen = head.size - max((size for size, count in stamps.items() if count >= ENOUGH), default=0)
    what = f"the newest checkpoint has {held} of {ENOUGH} time stamps: {unseen:,} captures without a witness"
    return Finding("witnesses", "warn", what, "onrecord ledger timestamp")


def _private(home: str) -> bool:
    host = urlsplit(home).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _interrupted(workspace: Workspace, portal: str, files: Mapping[str, int], *, ended: bool, fix: bool) -> Finding:
    """What a killed crawl leaves: bytes that were written but never acknowledged. Nothing acknowledged is in them."""
    try:
        with workspace.lock(f"crawl-{portal}", f"{portal} is being crawled"):
            sizes = {name: _size(workspace.evidence / name) for name in files}
            lost = [name for name, size in files.items() if sizes[name] < size]
            if lost:
                return Finding("evidence", "fail", f"{lost[0]}: acknowledged bytes are missing", "onrecord verify")
            torn = sum(sizes[name] - size for name, size in files.items())
            if ended and not torn:
                return Finding("evidence", "ok", f"evidence of {portal}: whole")
            message = f"a crawl of {portal} was interrupted; {torn:,} bytes were never acknowledged"
            if not fix:
                return Finding("evidence", "warn", message, "the next crawl puts them aside, or: onrecord doctor --fix")
            before_run(workspace, database.open_engine(workspace), portal)
            return Finding("evidence", "ok", message, fixed=True)
    except Busy as error:
        return Finding("evidence", "ok", error.message)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
