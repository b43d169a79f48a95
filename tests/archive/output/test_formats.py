from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from archive.output.formats import WRITERS, cell_text

KEYS = ("page", "headline", "sections", "words", "from")
ROWS: list[dict[str, Any]] = [
    {"page": "a1", "headline": 'He said "no",\nthen left', "sections": ["A", "B"], "words": -14, "from": None},
    {"page": "b2", "headline": "=cmd|' /C calc'!A0", "sections": [], "words": 0, "from": {"n": 1}},
]


def written(name: str, rows: list[dict[str, Any]]) -> str:
    out = io.StringIO()
    WRITERS[name](iter(rows), KEYS, out)
    return out.getvalue()


def test_json_is_one_array_of_the_rows() -> None:
    assert json.loads(written("json", ROWS)) == ROWS


@pytest.mark.parametrize(
    ("name", "expected"), [("json", "[]\n"), ("jsonl", ""), ("csv", "page,headline,sections,words,from\n")]
)
def test_an_empty_list_is_valid(name: str, expected: str) -> None:
    assert written(name, []) == expected


def test_json_lines_is_one_object_a_line() -> None:
    assert [json.loads(line) for line in written("jsonl", ROWS).splitlines()] == ROWS


def test_csv_reads_back_with_its_line_breaks_and_neutralised_formulas() -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv", ROWS), newline="")))
    assert rows[0] == {"page": "a1", "headline": 'He said "no",\nthen left', "sections": "A; B", "words": "-14", "from": ""}
    assert rows[1]["headline"] == "'=cmd|' /C calc'!A0"


def test_tsv_has_as_many_fields_in_every_line() -> None:
    lines = written("tsv", [{**ROWS[0], "headline": "a\tb\r\nc\x1b[31m"}, ROWS[1]]).splitlines()
    assert [line.count("\t") for line in lines] == [4, 4, 4]
    assert "a b c␛[31m" in lines[1]


def test_markdown_escapes_the_bar() -> None:
    assert "| a \\| b |" in written("md", [{**ROWS[0], "headline": "a | b"}])


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (True, "true"), ([1, 2], "1; 2"), ([{"a": 1}], '[{"a":1}]'), (0.5, "0.5")]
)
def test_a_cell_says_its_value(value: object, text: str) -> None:
    assert cell_text(value) == text
