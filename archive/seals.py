"""A digest on every row that matters: SQLite has no page checksums, and finds one flipped bit in twenty by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.engine import Connection

from archive.digests import row_seal
from archive.models import Base

# Written after the row by other hands: the ledger's place of a capture, a decision to withhold it. The ledger checks these.
_OUTSIDE = {"id", "seal", "leaf", "withheld"}


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that is not as it was written."""

    table: str
    id: int
    what: str


def sealed_tables() -> tuple[Table, ...]:
    """The tables whose rows carry a seal."""
    return tuple(table for table in Base.metadata.sorted_tables if "seal" in table.c)


def seal(table: Table, values: Mapping[Any, Any]) -> int:
    """The seal of a row of this table. It finds damage; against forgery stands the ledger."""
    return row_seal(table.name, {name: values.get(name) for name in _columns(table.name)})


def check_seals(connection: Connection, *, chunk: int = 1000) -> Iterator[Broken]:
    """Make every seal again and name the rows whose seal differs."""
    for table in sealed_tables():
        last, query = -1, select(table).order_by(table.c.id).limit(chunk)
        while rows := connection.execute(query.where(table.c.id > last)).mappings().all():
            for row in rows:
                if seal(table, row) != row["seal"]:
                    yield Broken(table.name, row["id"], f"{table.name} row {row['id']} is not as it was written")
            last = rows[-1]["id"]


@cache
def _columns(table: str) -> tuple[str, ...]:
    return tuple(sorted(column.name for column in Base.metadata.tables[table].c if column.name not in _OUTSIDE))
