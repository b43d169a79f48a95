"""What the long series last showed: `pytest --long` keeps a table of them in docs/reference/long-series.md.

A run of some of them (`make test-long PYTEST='-m long -k kill'`) renews their rows and leaves the others as they were.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

TABLE = Path(__file__).parents[1] / "docs" / "reference" / "long-series.md"
HEAD = """# The long series, as last run

CI runs a seeded tenth of each; `make test-long` runs all of them in full and renews this table. A figure is what the series
counted itself.

| series | room | result | figures | seconds | day |
|---|---|---|---|---|---|
"""
Row = tuple[str, ...]  # one cell each of series, room, result, figures, seconds, day


def row_of(report: pytest.TestReport) -> Row:
    """The row of one test: its name as a sentence, its parameters in brackets."""
    file, _, name = report.nodeid.partition("::")
    name, _, parameters = name.partition("[")
    series = name.removeprefix("test_").replace("_", " ") + (f" ({parameters[:-1]})" if parameters else "")
    figures = "; ".join(f"{key} {value}" for key, value in report.user_properties)
    return (
        re.sub(r"[|`\n\\]", " ", series)[:120],
        str(Path(file).parent.relative_to("tests")),
        report.outcome,
        figures,
        f"{report.duration:.0f}",
        f"{datetime.now(UTC):%Y-%m-%d}",
    )


def rows_in(text: str) -> dict[tuple[str, str], Row]:
    """The rows of a table that was written before."""
    found = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in text.splitlines() if line.startswith("| ")]
    return {(row[0], row[1]): row for row in found[1:] if len(row) == 6}


def renewed(text: str, rows: list[Row]) -> str:
    """The table `text` with `rows` in place of those of the same series."""
    held = rows_in(text) | {(row[0], row[1]): row for row in rows}
    ordered = sorted(held.values(), key=lambda row: (row[1], row[0]))
    return HEAD + "".join(f"| {' | '.join(row)} |\n" for row in ordered)


class Recorder:
    """Collects the long tests of a session, also those that other processes run for it."""

    def __init__(self) -> None:
        self._rows: list[Row] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test has run, or was skipped before it could."""
        if "long" in report.keywords and (report.when == "call" or (report.when == "setup" and not report.passed)):
            self._rows.append(row_of(report))

    def pytest_sessionfinish(self) -> None:
        """Write the table."""
        if self._rows:
            text = TABLE.read_text(encoding="utf-8") if TABLE.exists() else HEAD
            TABLE.write_text(renewed(text, self._rows), encoding="utf-8")
