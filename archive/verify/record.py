"""The record against the evidence: sealed rows, every capture's row and record, the CDXJ index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, text

from archive.cdxj import Index, line_of
from archive.models import Base
from archive.records import Locator
from archive.seals import check_seals, seal, sealed_tables
from archive.verify.values import Problem, Report
from archive.warc import Record, target_uri
from archive.warc.record import warc_date

_SAMPLE = 50  # lines of one kind that are named before the rest is counted


@dataclass(frozen=True, slots=True)
class CaptureRow:
    """What the record says of a capture."""

    id: int
    url: str
    at: datetime
    uri: str
    record: str
    locator: Locator
    request: tuple[int, int] | None


@dataclass
class Seen:
    """What was read out of the WARC files: lines for the index, and which captures' records were there and fit."""

    rows: dict[tuple[str, int], CaptureRow]
    report: Report
    lines: list[str] = field(default_factory=list)
    fitting: set[int] = field(default_factory=set)

    def __call__(self, record: Record) -> None:
        """Take up a record that is as it was written."""
        if (line := line_of(record)) is not None:
            self.lines.append(line)
        if record.type not in ("response", "revisit"):
            return
        locator = record.locator
        row = self.rows.get((locator.warc, locator.offset))
        if row is None:
            self.report.problems.append(Problem(locator.warc, locator.offset, f"a {record.type} that the record does not know"))
        elif wrong := _differs(row, record):
            self.report.problems.append(Problem(locator.warc, locator.offset, f"capture row {row.id}: {wrong}"))
        else:
            self.fitting.add(row.id)


def load_rows(connection: Connection) -> dict[tuple[str, int], CaptureRow]:
    """Every capture's row by file and offset."""
    capture, warc = Base.metadata.tables["capture"], Base.metadata.tables["warc"]
    query = select(capture, warc.c.name.label("file")).join(warc, warc.c.id == capture.c.warc_id)
    found: dict[tuple[str, int], CaptureRow] = {}
    for row in connection.execute(query):
        request = (row.request_offset, row.request_length) if row.request_offset is not None else None
        locator = Locator(row.file, row.offset, row.length, row.sha256)
        found[row.file, row.offset] = CaptureRow(row.id, row.url, row.at, row.uri, row.record, locator, request)
    return found


def _differs(row: CaptureRow, record: Record) -> str | None:
    pairs: list[tuple[str, Any, Any]] = [
        ("address", target_uri(row.url), record.target),
        ("time", warc_date(row.at), record.header("WARC-Date")),
        ("record id", row.uri, record.uri),
        ("type", row.record, record.type),
        ("length", row.locator.length, record.locator.length),
        ("sha256", row.locator.sha256, record.locator.sha256),
    ]
    return next((f"{name} {mine!r}, in the evidence {theirs!r}" for name, mine, theirs in pairs if mine != theirs), None)


def check_database(connection: Connection, name: str, report: Report) -> None:
    """SQLite's own check, then the seal of every row that matters."""
    if connection.dialect.name == "sqlite":
        for (said,) in connection.execute(text("PRAGMA integrity_check(20)")):
            if said != "ok":
                report.problems.append(Problem(name, None, f"SQLite: {said}"))
    try:
        report.problems.extend(Problem(name, broken.id, broken.what) for broken in check_seals(connection))
    except (ValueError, TypeError, OverflowError):  # a value that cannot even be read, such as damaged JSON
        report.problems.extend(_check_row_by_row(connection, name))


def _check_row_by_row(connection: Connection, name: str) -> Iterator[Problem]:
    for table in sealed_tables():
        for number in connection.scalars(select(table.c.id).order_by(table.c.id)).all():
            try:
                row = connection.execute(select(table).where(table.c.id == number)).mappings().one()
                whole = seal(table, row) == row["seal"]
            except (ValueError, TypeError, OverflowError):
                whole = False
            if not whole:
                yield Problem(name, number, f"{table.name} row {number} is not as it was written")


def check_index(index: Index, lines: list[str], report: Report) -> None:
    """The index must hold exactly the lines that the records make."""
    wanted = sorted(set(lines), key=str.encode)
    missing = 0
    for side, text_line in _differences(wanted, index.lines()):
        missing += 1
        if missing <= _SAMPLE:
            said = "the index lacks" if side == "evidence" else "no record for"
            report.problems.append(Problem("index", None, f"{said}: {text_line[:200]}"))
    if missing > _SAMPLE:
        report.problems.append(Problem("index", None, f"and {missing - _SAMPLE} lines more"))


def _differences(evidence: list[str], index: Iterator[str]) -> Iterator[tuple[str, str]]:
    left, right = iter(evidence), index
    one, two = next(left, None), next(right, None)
    while one is not None or two is not None:
        if one == two:
            one, two = next(left, None), next(right, None)
        elif two is None or (one is not None and one.encode() < two.encode()):
            yield "evidence", str(one)
            one = next(left, None)
        else:
            yield "index", two
            two = next(right, None)
