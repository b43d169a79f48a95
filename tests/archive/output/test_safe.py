from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.output.safe import json_text, one_line, spreadsheet_cell, visible

ACTING = {
    *map(chr, range(0x20)),
    *map(chr, range(0x7F, 0xA0)),
    *"\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
}


@given(st.text())
def test_no_acting_character_reaches_a_terminal(text: str) -> None:
    assert not (ACTING - {"\n", "\t"}) & set(visible(text))


@given(st.text())
def test_a_cell_is_one_line(text: str) -> None:
    assert not ACTING & set(one_line(text))


def test_words_of_every_script_pass_unchanged() -> None:
    text = "Bakı şəhəri — «Минск»,\tالعربية 日本語 👩‍👩‍👧\n"
    assert visible(text) == text


def test_an_escape_sequence_is_shown_instead_of_obeyed() -> None:
    assert visible("\x1b]0;pwned\x07 \x9b31m \u202etxt") == "␛]0;pwned␇ \\x9b31m \\u202etxt"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_json_says_the_value_and_can_always_be_encoded(value: object) -> None:
    text = json_text(value)
    text.encode("utf-8")
    assert json.loads(text) == value
    assert not ACTING & set(text)


def test_a_lone_surrogate_survives_json() -> None:
    assert json.loads(json_text("a\ud800b").encode()) == "a\ud800b"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1"])
def test_a_formula_is_text_in_a_spreadsheet(text: str) -> None:
    assert spreadsheet_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["", "words", "'quoted", "1-2", " =1"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert spreadsheet_cell(text) == text
