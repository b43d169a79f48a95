from __future__ import annotations

import io
from typing import Any

import pytest
from rich.cells import cell_len
from rich.text import Text

from archive.output.screen import Column, Screen, print_table, screen

ROWS: list[dict[str, Any]] = [
    {"page": "a1f3c9", "state": "live", "headline": "Бүдcə " * 20, "seen": "24 Nov 21:04", "note": ""},
    {"page": "77d0e2", "state": "gone", "headline": "日本語の見出し" * 10, "seen": "24 Nov 21:05", "note": ""},
]
COLUMNS = [
    Column("page"),
    Column("note", optional=True),
    Column("state"),
    Column("headline", grow=True),
    Column("seen", style="dim"),
]


def printed(rows: Any, columns: Any = COLUMNS, width: int = 80) -> list[str]:
    out = io.StringIO()
    console = screen(out, color=False, terminal=True)
    console.width = width
    print_table(rows, columns, console)
    return out.getvalue().splitlines()


@pytest.mark.parametrize("width", [24, 30, 40, 60, 80, 200])
def test_a_table_fits_and_never_cuts_an_id(width: int) -> None:
    lines = printed(ROWS, width=width)
    assert len(lines) == 3
    assert all(cell_len(line.rstrip()) <= max(width, 30) for line in lines)
    assert lines[1].startswith("a1f3c9  ")


def test_a_narrow_table_drops_what_is_dim_first() -> None:
    assert "seen" in printed(ROWS, width=80)[0]
    assert "seen" not in printed(ROWS, width=30)[0]
    assert "state" in printed(ROWS, width=30)[0]


def test_a_column_that_says_nothing_is_left_out() -> None:
    assert "note" not in printed(ROWS)[0]
    assert "note" in printed([{**ROWS[0], "note": "x"}])[0]


def test_a_list_of_any_length_keeps_its_columns_and_has_one_head() -> None:
    rows = ({**ROWS[n % 2], "headline": f"Headline {n:04d}"} for n in range(1203))
    lines = printed(rows)
    assert len(lines) == 1204
    assert len({line.index("Headline") for line in lines[1:]}) == 1


def test_markup_of_a_page_is_no_markup_here() -> None:
    assert "[bold]x[/bold] :smile:" in printed([{**ROWS[0], "headline": "[bold]x[/bold] :smile:"}])[1]


def test_whatever_prints_what_acts_is_made_visible() -> None:
    out = io.StringIO()
    console = screen(out, color=True, terminal=True)
    assert isinstance(console, Screen)
    console.print(Text("\x1b]0;pwned\x07 \u202e", style="added"))
    console.print("\x9b31m")
    assert "pwned" in out.getvalue()
    assert not {"\x07", "\u202e", "\x9b"} & set(out.getvalue())
    assert "\x1b]" not in out.getvalue()
    assert "\x1b[" in out.getvalue(), "our own colours stay"


def test_off_a_terminal_no_line_is_wrapped() -> None:
    out = io.StringIO()
    screen(out, color=False, terminal=False).print("word " * 1000)
    assert out.getvalue().count("\n") == 1


def test_what_stands_below_a_row_is_whole_and_takes_nothing_from_it() -> None:
    rows: list[dict[str, Any]] = [
        {"run": "a1f3c9", "why": "only 0 of 145 visits were answered: robots.txt could not be read \x1b[31m"},
        {"run": "77d0e2", "why": ""},
        {"run": "5fdc6d", "why": "interrupted"},
    ]
    columns = [Column("run"), Column("why", below=True)]
    lines = [line.rstrip() for line in printed(rows, columns, width=40)]
    assert lines[:2] == ["run", "a1f3c9"]
    assert " ".join(line.strip() for line in lines[2:4]).startswith("only 0 of 145 visits were answered: robots.txt could not")
    assert all(len(line) <= 40 for line in lines)
    assert [line for line in lines if not line.startswith(" ")] == ["run", "a1f3c9", "77d0e2", "5fdc6d"]
    assert lines[-1] == "  interrupted"
    assert "\x1b" not in "".join(lines)
