"""How does one list of rows look as JSON, JSON lines, CSV, TSV or Markdown? Each writer streams row by row."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from archive.output.safe import json_text, one_line, spreadsheet_cell

Row = Mapping[str, Any]


class Sink(Protocol):
    """What is written to: a stream, a file, a pager."""

    def write(self, text: str, /) -> Any:
        """Take the text."""


def write_json(rows: Iterable[Row], _keys: Sequence[str], out: Sink) -> None:
    """One array, a row a line."""
    first = True
    for row in rows:
        out.write("[\n" if first else ",\n")
        out.write(json_text(dict(row)))
        first = False
    out.write("[]\n" if first else "\n]\n")


def write_jsonl(rows: Iterable[Row], _keys: Sequence[str], out: Sink) -> None:
    """One object a line (https://jsonlines.org)."""
    for row in rows:
        out.write(json_text(dict(row)) + "\n")


def write_csv(rows: Iterable[Row], keys: Sequence[str], out: Sink) -> None:
    """RFC 4180 with a header line and LF; cells that a spreadsheet would run are neutralised."""
    writer = csv.writer(out, lineterminator="\n")  # as W3C CSVW allows: CR would cling to the last cell in cut and grep
    writer.writerow(keys)
    for row in rows:
        writer.writerow([_csv_cell(row.get(key)) for key in keys])


def write_tsv(rows: Iterable[Row], keys: Sequence[str], out: Sink) -> None:
    """A header line and one line a row for cut, awk and sort: no tab or line break survives inside a cell."""
    out.write("\t".join(keys) + "\n")
    for row in rows:
        out.write("\t".join(one_line(cell_text(row.get(key))) for key in keys) + "\n")


def write_markdown(rows: Iterable[Row], keys: Sequence[str], out: Sink) -> None:
    """A GitHub-flavoured table."""
    out.write("| " + " | ".join(keys) + " |\n|" + " --- |" * len(keys) + "\n")
    for row in rows:
        cells = (one_line(cell_text(row.get(key))).replace("\\", "\\\\").replace("|", "\\|") for key in keys)
        out.write("| " + " | ".join(cells) + " |\n")


WRITERS: Mapping[str, Callable[[Iterable[Row], Sequence[str], Sink], None]] = {
    "json": write_json,
    "jsonl": write_jsonl,
    "csv": write_csv,
    "tsv": write_tsv,
    "md": write_markdown,
}


def cell_text(value: Any) -> str:
    """A value as the text of one cell: nothing for None, plain lists joined by "; ", deeper things as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple) and all(isinstance(item, str | int | float) for item in value):
        return "; ".join(cell_text(item) for item in value)
    if isinstance(value, list | tuple | dict):
        return json_text(value)
    return str(value)


def _csv_cell(value: Any) -> str:
    text = cell_text(value).encode("utf-8", "replace").decode("utf-8")
    return text if isinstance(value, int | float) else spreadsheet_cell(text)
