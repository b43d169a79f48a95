from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from archive.errors import UsageError
from archive.output import FORMATS, Output
from archive.output.screen import Column

ROWS: list[dict[str, Any]] = [{"page": "a1", "at": datetime(2018, 11, 26, 14, 40, 11, 5, tzinfo=UTC)}]
KEYS = ("page", "at")


@pytest.mark.parametrize("kind", FORMATS)
def test_instants_are_moved_to_the_zone_asked_for_in_every_format(capsys: pytest.CaptureFixture[str], kind: Any) -> None:
    Output(format=kind, tz=ZoneInfo("Asia/Baku")).rows(ROWS, KEYS)
    assert "2018-11-26T18:40:11+04:00" in capsys.readouterr().out


def test_rows_may_come_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    Output(format="jsonl").rows(({"page": str(n), "at": None} for n in range(3)), KEYS)
    assert [json.loads(line)["page"] for line in capsys.readouterr().out.splitlines()] == ["0", "1", "2"]


def test_columns_choose_and_order_fields(capsys: pytest.CaptureFixture[str]) -> None:
    Output(format="csv", columns=("at", "page")).rows(ROWS, KEYS)
    assert capsys.readouterr().out == "at,page\n2018-11-26T14:40:11+00:00,a1\n"


def test_columns_stand_also_in_place_of_the_table_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    Output(format="table", columns=("at",)).rows(ROWS, KEYS, [Column("page")])
    assert "a1" not in capsys.readouterr().out


def test_an_unknown_column_names_the_known() -> None:
    with pytest.raises(UsageError) as caught:
        Output(columns=("pages",)).rows(ROWS, KEYS)
    assert caught.value.message == "no column 'pages'; did you mean page?"
    assert caught.value.hint == "columns: page, at"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("json", '{"page":"a1"}\n'),
        ("jsonl", '{"page":"a1"}\n'),
        ("csv", "page\na1\n"),
        ("tsv", "page\na1\n"),
        ("md", "| key | value |\n| --- | --- |\n| page | a1 |\n"),
        (None, "drawn\n"),
        ("table", "drawn\n"),
    ],
)
def test_one_object_speaks_every_format(capsys: pytest.CaptureFixture[str], kind: Any, expected: str) -> None:
    Output(format=kind).one({"page": "a1"}, lambda screen: screen.print("drawn"))
    assert capsys.readouterr().out == expected


@pytest.mark.parametrize(
    ("choice", "environ", "colored"),
    [
        ("auto", {}, False),
        ("always", {"NO_COLOR": "1"}, True),
        ("never", {}, False),
    ],
)
def test_colour_follows_flag_then_environment_then_terminal(
    monkeypatch: pytest.MonkeyPatch, choice: Any, environ: dict[str, str], colored: bool
) -> None:
    import sys

    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert Output(color=choice).colored(sys.stdout) is colored
