"""Versions as JSON lines, CSV and Parquet. Each writer takes any number of rows and returns how many it wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from archive.export.columns import FIELDS, LINK_NAMES, NAMES, flat, table_schema
from archive.output.formats import write_csv, write_jsonl
from archive.output.safe import json_text
from archive.output.times import localised

_GROUP = 5000  # rows of a Parquet row group
Row = Mapping[str, Any]


class Counted:
    """Passes rows on and counts them."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            self.count += 1
            yield row


def jsonl(rows: Iterable[Row], path: Path) -> int:
    """Whole objects, as `show --json` prints them, one a line."""
    counted = Counted(rows)
    with path.open("w", encoding="utf-8", newline="\n") as out:
        write_jsonl((localised(row, None) for row in counted), (), out)
    return counted.count


def csv(rows: Iterable[Row], path: Path, *, excel: bool = False) -> int:
    """Flat rows with a header. `excel`: with the byte order mark by which Excel knows UTF-8."""
    counted = Counted(rows)
    with path.open("w", encoding="utf-8-sig" if excel else "utf-8", errors="replace", newline="") as out:
        write_csv((_links_as_json(localised(flat(row), None)) for row in counted), NAMES, out)
    return counted.count


def parquet(rows: Iterable[Row], path: Path) -> int:
    """Flat rows, typed, compressed with zstd; the columns' meanings are in the file's metadata."""
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    link = pa.struct([(name, pa.string()) for name in LINK_NAMES])
    types = {
        "string": pa.string(),
        "integer": pa.int64(),
        "datetime": pa.timestamp("us", tz="UTC"),
        "list": pa.list_(pa.string()),
        "links": pa.list_(link),
    }
    columns = [pa.field(field.name, types[field.kind], metadata={"description": field.description}) for field in FIELDS]
    schema = pa.schema(columns, metadata={"table_schema": json_text(table_schema())})
    count = 0
    iterator = iter(rows)
    with ParquetWriter(path, schema, compression="zstd") as writer:
        while group := [_typed(flat(row)) for row in islice(iterator, _GROUP)]:
            writer.write_table(pa.Table.from_pylist(group, schema=schema))
            count += len(group)
    return count


def _links_as_json(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "links": json_text(row["links"])}


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    """Texts that can be encoded, times in UTC."""
    return {name: _value(value) for name, value in row.items()}


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(value, list):
        return [_value(item) for item in value]
    if isinstance(value, dict):
        return {name: _value(item) for name, item in value.items()}
    return value
