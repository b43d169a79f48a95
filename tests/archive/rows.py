"""Two records compared row by row, ids aside: an id is replaced by what its row says."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from archive.database import open_engine
from archive.models import Base
from archive.workspace import Workspace

APART = {"seal"}  # made over ids too
NO_RECORD = {"schedule", "due_run"}  # not part of what a rebuild brings back


def canonical(workspace: Workspace) -> dict[str, list[str]]:
    """Every table's rows as canonical JSON, sorted."""
    with open_engine(workspace, readonly=True).connect() as connection:
        return _canonical(connection)


def _canonical(connection: Connection) -> dict[str, list[str]]:
    rows: dict[str, dict[Any, dict[str, Any]]] = {}
    tables = {table.name: table for table in Base.metadata.sorted_tables if table.name not in NO_RECORD}
    for name, table in tables.items():
        found = connection.execute(select(table)).mappings().all()
        key = "id" if "id" in table.c else None
        rows[name] = {row[key] if key else n: dict(row) for n, row in enumerate(found)}
    names: dict[tuple[str, Any], str] = {}

    def name_of(table_name: str, key: Any, depth: int = 0) -> str:
        if (table_name, key) not in names:
            names[table_name, key] = "(cycle)"
            text = row_text(table_name, rows[table_name][key])
            names[table_name, key] = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        return names[table_name, key]

    def row_text(table_name: str, row: dict[str, Any]) -> str:
        said: dict[str, Any] = {}
        for column in tables[table_name].c:
            value = row[column.name]
            if column.name in APART or (column.name == "id" and column.primary_key):
                continue
            targets = [key.column.table.name for key in column.foreign_keys]
            if targets and value is not None and targets[0] in rows:
                value = f"{targets[0]}:{name_of(targets[0], value)}"
            said[column.name] = value.isoformat() if isinstance(value, datetime) else value
        return json.dumps(said, sort_keys=True, ensure_ascii=False)

    return {name: sorted(row_text(name, row) for row in rows[name].values()) for name in tables}
