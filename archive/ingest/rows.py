"""Rows on their way into the database: cleaned, sealed, many at once, their ids handed back in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, bindparam, func, insert, select, text, update

from archive.models import Base
from archive.seals import seal
from archive.storable import storable

_CHUNK = 500  # rows a statement
_IDS = 10_000
_SEQUENCE = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")

Row = dict[str, Any]


def table(name: str) -> Table:
    """A table of the record by name."""
    return Base.metadata.tables[name]


def in_parts(ids: Iterable[int]) -> Iterator[list[int]]:
    """Ids in lists that a statement takes: SQLite has room for 32,766 parameters, PostgreSQL for 65,535."""
    every = sorted(ids)
    for start in range(0, len(every), _IDS):
        yield every[start : start + _IDS]


def insert_rows(connection: Connection, name: str, rows: Sequence[Row]) -> list[int]:
    """Insert rows, sealed where the table has a seal; each row gets its `id`, and the ids come back in order."""
    if not rows:
        return []
    ids = numbers(connection, name, len(rows))
    for row, number in zip(rows, ids, strict=True):
        for key, value in row.items():
            row[key] = storable(value)
        row["id"] = number
    insert_new(connection, name, rows)
    return ids


def insert_new(connection: Connection, name: str, rows: Sequence[Row]) -> None:
    """Insert storable rows that have their ids."""
    target = table(name)
    if "seal" in target.c:
        for row in rows:
            row["seal"] = seal(target, row)
    columns = [column.name for column in target.c if column.name in rows[0]]
    parameters = [{column: row[column] for column in columns} for row in rows]
    for start in range(0, len(parameters), _CHUNK):
        connection.execute(_insert(name), parameters[start : start + _CHUNK])


def numbers(connection: Connection, name: str, count: int, *, after: int = 0) -> list[int]:
    """Ids for rows that are about to be inserted by the record's only writer; `after`: the last that is taken already.

    SQLite would take the next after the largest itself; PostgreSQL's come from the table's sequence, which others use too.
    """
    if connection.dialect.name == "postgresql":
        taken = connection.execute(_SEQUENCE, {"name": name, "count": count})
        return list(taken.scalars())
    first = max(connection.execute(_largest(name)).scalar() or 0, after) + 1
    return list(range(first, first + count))


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
def _insert(name: str) -> Any:
    """Built once: making a statement costs SQLAlchemy more than running it costs SQLite."""
    return insert(table(name))


@cache
def _largest(name: str) -> Any:
    return select(func.max(table(name).c.id))


@cache
def _written(name: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    return (*columns, "seal") if "seal" in table(name).c else columns


@cache
def _update(name: str, columns: tuple[str, ...]) -> Any:
    target = table(name)
    values: dict[str, Any] = {column: bindparam(f"new_{column}") for column in _written(name, columns)}
    return update(target).where(target.c.id == bindparam("row_id")).values(values)
