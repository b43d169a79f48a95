"""Rows on their way into the database: cleaned, sealed, many at once, their ids handed back in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, bindparam, insert, update

from archive.models import Base
from archive.seals import seal

# PostgreSQL takes neither; the evidence keeps what was there.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_CHUNK = 500  # rows a statement; SQLite allows 32,766 parameters

Row = dict[str, Any]


def table(name: str) -> Table:
    """A table of the record by name."""
    return Base.metadata.tables[name]


def storable(value: Any) -> Any:
    """The value without NUL and lone surrogates, in texts at any depth."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value) if _UNSTORABLE.search(value) else value
    if isinstance(value, list):
        return [storable(item) for item in value]
    if isinstance(value, dict):
        return {key: storable(item) for key, item in value.items()}
    return value


def insert_rows(connection: Connection, name: str, rows: Sequence[Row]) -> list[int]:
    """Insert rows, sealed where the table has a seal; each row gets its `id`, and the ids come back in order."""
    target = table(name)
    sealed = "seal" in target.c
    ids: list[int] = []
    for row in rows:
        for key, value in row.items():
            row[key] = storable(value)
        if sealed:
            row["seal"] = seal(target, row)
    if len(rows) == 1:
        ids = [connection.execute(_insert_one(name), rows[0]).scalar_one()]
    for start in range(0, len(rows) if len(rows) > 1 else 0, _CHUNK):
        ids += connection.execute(_insert_many(name), list(rows[start : start + _CHUNK])).scalars().all()
    for row, number in zip(rows, ids, strict=True):
        row["id"] = number
    return ids


def update_rows(connection: Connection, name: str, rows: Sequence[Row], columns: tuple[str, ...]) -> None:
    """Write the named columns of rows that have an `id`, with a new seal over all of the row."""
    if not rows:
        return
    target = table(name)
    sealed = "seal" in target.c
    parameters = []
    for row in rows:
        for column in columns:
            row[column] = storable(row[column])
        if sealed:
            row["seal"] = seal(target, row)
        parameters.append({"row_id": row["id"]} | {f"new_{column}": row[column] for column in _written(name, columns)})
    connection.execute(_update(name, columns), parameters)


@cache
def _insert_one(name: str) -> Any:
    """Built once: making a statement costs SQLAlchemy more than running it costs SQLite."""
    return insert(table(name)).returning(table(name).c.id)


@cache
def _insert_many(name: str) -> Any:
    return insert(table(name)).returning(table(name).c.id, sort_by_parameter_order=True)


@cache
def _written(name: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    return (*columns, "seal") if "seal" in table(name).c else columns


@cache
def _update(name: str, columns: tuple[str, ...]) -> Any:
    target = table(name)
    values: dict[str, Any] = {column: bindparam(f"new_{column}") for column in _written(name, columns)}
    return update(target).where(target.c.id == bindparam("row_id")).values(values)
