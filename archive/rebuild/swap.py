"""A rebuilt record takes the place of the live one, and brings along what no evidence holds: pauses and schedules."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, select, update

from archive.database import open_engine
from archive.errors import UsageError
from archive.models import Base
from archive.workspace import Workspace


def beside(workspace: Workspace, database: str | None = None) -> Workspace:
    """The same archive with another database: `database`, else a new file beside the live one. UsageError for PostgreSQL
    without one, since only its owner can make an empty database there."""
    live = workspace.settings.archive.database
    if database is None and "://" in live:
        raise UsageError("name an empty database: --into postgresql://…", hint="createdb onrecord_again")
    name = database or f"{live}.rebuilt"
    settings = workspace.settings.archive.model_copy(update={"database": name})
    made = Workspace(workspace.root, workspace.settings.model_copy(update={"archive": settings}))
    if "://" not in name:
        for path in _files(workspace.root / name):
            path.unlink(missing_ok=True)
    return made


def carry_over(live: Workspace, made: Workspace) -> int:
    """Copy pauses and schedules by the portals' names; how many schedules came along."""
    portal = Base.metadata.tables["portal"]
    with open_engine(live, readonly=True).connect() as old, open_engine(made).begin() as new:
        slugs = {row.id: row for row in old.execute(select(portal))}
        known = {row.slug: row.id for row in new.execute(select(portal))}
        for row in slugs.values():
            if row.slug in known:
                new.execute(update(portal).where(portal.c.slug == row.slug).values(paused=row.paused))
        return _schedules(old, new, {key: known[row.slug] for key, row in slugs.items() if row.slug in known})


def _schedules(old: Connection, new: Connection, portals: dict[int, int]) -> int:
    table = Base.metadata.tables["schedule"]
    count = 0
    for row in old.execute(select(table)).mappings():
        values = {name: value for name, value in row.items() if name != "id"}
        if row["portal_id"] in portals:
            new.execute(table.insert().values(values | {"portal_id": portals[row["portal_id"]]}))
            count += 1
    return count


def swap(live: Workspace, made: Workspace) -> Path | None:
    """Put the rebuilt file in the live one's place; the old one stays beside it. None where there was no live file."""
    current, fresh = live.root / live.settings.archive.database, made.root / made.settings.archive.database
    with open_engine(made).connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    kept: Path | None = None
    if current.exists():
        kept = current.with_name(f"{current.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
        for suffix, path in zip(("", "-wal", "-shm"), _files(current), strict=True):
            if path.exists():
                path.rename(f"{kept}{suffix}")
    for suffix, path in zip(("", "-wal", "-shm"), _files(fresh), strict=True):
        if path.exists():
            path.rename(f"{current}{suffix}")
    return kept


def _files(path: Path) -> tuple[Path, Path, Path]:
    return path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")
