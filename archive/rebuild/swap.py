"""A rebuilt record takes the place of the live one, and brings along what no evidence holds: pauses and schedules."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, inspect, make_url, select, text, update
from sqlalchemy.exc import ProgrammingError

from archive.database import open_engine, translated
from archive.errors import UsageError
from archive.models import Base
from archive.workspace import Workspace

SCHEMA = "onrecord_rebuilt"  # PostgreSQL: where a rebuilt record stands until it takes the live one's place


def beside(workspace: Workspace, database: str | None = None) -> Workspace:
    """The same archive with another database: `database`, else an empty place beside the live one, which is a new file for
    SQLite and a schema of its own in the same PostgreSQL database."""
    live = workspace.settings.archive.database
    name = database or (_schema_beside(workspace) if "://" in live else f"{live}.rebuilt")
    settings = workspace.settings.archive.model_copy(update={"database": name})
    made = Workspace(workspace.root, workspace.settings.model_copy(update={"archive": settings}))
    if "://" not in name:
        for path in _files(workspace.root / name):
            path.unlink(missing_ok=True)
    return made


def _schema_beside(workspace: Workspace) -> str:
    """A URL under which every table is looked for, and made, in an empty schema."""
    try:
        with open_engine(workspace).begin() as connection:
            connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
            connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
    except ProgrammingError as error:
        hint = "GRANT CREATE ON DATABASE … to the archive's user, or: onrecord rebuild --into postgresql://…"
        raise UsageError("the database lets no schema be made beside the record", hint=hint) from error
    url = make_url(workspace.database_url).update_query_dict({"options": f"-csearch_path={SCHEMA}"})
    return url.render_as_string(hide_password=False)


def carry_over(live: Workspace, made: Workspace) -> int:
    """Copy pauses and schedules by the portals' names; how many schedules came along."""
    portal = Base.metadata.tables["portal"]
    with translated(), open_engine(live, readonly=True).connect() as old, open_engine(made).begin() as new:
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


def swap(live: Workspace, made: Workspace) -> str | None:
    """Put the rebuilt record in the live one's place; the old one stays beside it, under the name returned. None where
    there was no live record."""
    return (_swap_schemas if "://" in live.settings.archive.database else _swap_files)(live, made)


def forget(live: Workspace, kept: str) -> None:
    """Remove an old record that `swap` left beside."""
    if "://" in live.settings.archive.database:
        with translated(), open_engine(live).begin() as connection:
            connection.execute(text(f"DROP SCHEMA {kept} CASCADE"))
        return
    for path in _files((live.root / live.settings.archive.database).with_name(kept)):
        path.unlink(missing_ok=True)


def _swap_files(live: Workspace, made: Workspace) -> str | None:
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
    return kept.name if kept is not None else None


def _swap_schemas(live: Workspace, made: Workspace) -> str:
    """In one transaction: readers see the old record or the new one. Tables that are not ours stay where they are."""
    for readonly in (False, True):
        open_engine(made.database_url, readonly=readonly).dispose()
    kept = f"onrecord_before_{datetime.now(UTC):%Y%m%dt%H%M%Sz}"
    with translated(), open_engine(live).begin() as connection:
        here = connection.scalar(text("SELECT quote_ident(current_schema())"))
        names = inspect(connection).get_table_names(schema=SCHEMA)
        connection.execute(text(f"CREATE SCHEMA {kept}"))
        for name in names:
            connection.execute(text(f'ALTER TABLE IF EXISTS {here}."{name}" SET SCHEMA {kept}'))
            connection.execute(text(f'ALTER TABLE {SCHEMA}."{name}" SET SCHEMA {here}'))
        connection.execute(text(f"DROP SCHEMA {SCHEMA}"))
    return kept


def _files(path: Path) -> tuple[Path, Path, Path]:
    return path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")
