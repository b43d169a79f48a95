"""Which rows of a batch wait to be written? They have their ids, so that others point at them; all go in at once, in order.

A statement costs SQLAlchemy more than SQLite: a page that was written row by row took nine of them.
"""

from __future__ import annotations

from sqlalchemy import Connection

from archive.ingest.rows import Row, insert_new, numbers
from archive.storable import storable

# Each after what it points at. No row of these tables is inserted by any other hand.
_ORDER = ("reading", "link", "work", "version", "change", "stretch")
_BLOCK = 32  # ids that are taken at once
_WITHOUT_ID = frozenset({"link"})


class Pending:
    """The rows of a batch that are not written yet."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._free: dict[str, list[int]] = {}  # last first
        self._rows: dict[str, dict[int, Row]] = {name: {} for name in _ORDER}

    def add(self, name: str, row: Row) -> int:
        """Let a row wait; it gets its `id`. It may be changed until it is written."""
        for key, value in row.items():
            row[key] = storable(value)
        rows = self._rows[name]
        number = len(rows) if name in _WITHOUT_ID else self._number(name)
        if name not in _WITHOUT_ID:
            row["id"] = number
        rows[number] = row
        return number

    def get(self, name: str, number: int) -> Row | None:
        """The row with this id, where it still waits."""
        return self._rows[name].get(number)

    def settle(self) -> None:
        """Write what waits: to be called before the database is asked about rows of this batch, and at its end."""
        for name, rows in self._rows.items():
            if rows:
                insert_new(self._connection, name, list(rows.values()))
                rows.clear()

    def _number(self, name: str) -> int:
        free = self._free.setdefault(name, [])
        if not free:
            free.extend(reversed(numbers(self._connection, name, _BLOCK, after=self._last(name))))
        return free.pop()

    def _last(self, name: str) -> int:
        return max(self._rows[name], default=0)
