"""What counts as the same words."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.digests import normalise, row_digest, row_seal, row_seals, textprint
from archive.records import Article, Aside, Block, Image, RelatedLink, StatedDate

ARTICLE = Article(
    url="http://example.az/1",
    headline="47 member states agree",
    articleBody="Baku, 26 November 2018 – The report says so.\n\nSecond paragraph.",
    blocks=(Block("paragraph", "Baku, 26 November 2018 – The report says so."),),
    datePublished=StatedDate("2018-11-26", "26 November 2018", "dateline", 0.9),
    links=(RelatedLink("body", "http://example.az/2", "here"),),
    images=(Image("http://example.az/i.jpg", "The hall"),),
    asides=(Aside("related", "Related articles", "One"),),
    authors=("A. Author",),
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a  b\n\tc", "a b c"),
        ("minis\u00adter", "minister"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("cafe\u0301", "caf\u00e9"),
        ("a\u00a0b", "a b"),
    ],
)
def test_what_a_reader_cannot_see_is_no_difference(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


def test_letters_and_persian_joiners_are_a_difference() -> None:
    assert normalise("Bakı") != normalise("Baki")
    assert normalise("می\u200cخواهم") != normalise("میخواهم")


@pytest.mark.parametrize(
    "edit",
    [
        {"headline": "46 member states agree"},
        {"articleBody": ARTICLE.articleBody.replace("so", "not so")},
        {"datePublished": StatedDate("2018-11-27", "27 November 2018", "dateline", 0.9)},
        {"dateModified": StatedDate("2018-11-27", "2018-11-27", "meta", 1.0)},
        {"links": (RelatedLink("body", "http://example.az/3", "here"),)},
        {"images": (Image("http://example.az/j.jpg", "The hall"),)},
        {"images": ()},
        {"asides": (Aside("related", "Related articles", "Two"),)},
        {"authors": ("B. Author",)},
        {"publisherNote": "Corrected"},
    ],
)
def test_an_edit_of_any_field_changes_the_print(edit: dict[str, object]) -> None:
    assert textprint(replace(ARTICLE, **edit)) != textprint(ARTICLE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "edit",
    [
        {"articleBody": ARTICLE.articleBody.replace("\n\n", " \n\n  ")},
        {"blocks": ()},
        {"url": "https://www.example.az/1/"},
        {"datePublished": StatedDate("2018-11-26", "26.11.2018", "meta", 0.7)},
    ],
)
def test_spacing_and_how_a_date_was_found_are_no_edit(edit: dict[str, object]) -> None:
    assert textprint(replace(ARTICLE, **edit)) == textprint(ARTICLE)  # type: ignore[arg-type]


def test_a_row_digest_does_not_depend_on_the_order_of_keys() -> None:
    assert row_digest({"a": 1, "b": "ə"}) == row_digest({"b": "ə", "a": 1})
    assert row_digest({"a": 1}) != row_digest({"a": "1"})


def test_words_are_told_apart_as_split_does() -> None:
    """The short way to a line of words must give what splitting gives, at every white space there is."""
    spaces = [chr(number) for number in range(0x110000) if chr(number).isspace()]
    for space in spaces:
        for text in (
            f"a{space}b",
            f"a{space}{space}b",
            f"{space}a",
            f"a{space}",
            f"ə{space}b",
            f"ə{space}\u2009{space}b",
            space,
        ):
            assert normalise(text) == " ".join(text.split()), ascii(text)


@given(st.text("ab ə–\n\t\u00a0\u200b\u2028\u00ad\u0301e"))
def test_words_are_what_composing_leaving_out_and_splitting_gives(text: str) -> None:
    seen = "".join(mark for mark in unicodedata.normalize("NFC", text) if mark not in "\u200b\u00ad")
    assert normalise(text) == " ".join(seen.split())


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.none() | st.text() | st.integers() | st.lists(st.text()), min_size=1),
    st.sets(st.sampled_from("abcdef"), min_size=1),
)
def test_seals_of_rows_that_are_mostly_alike_are_those_of_the_rows(row: dict[str, Any], names: set[str]) -> None:
    row |= dict.fromkeys(names - set(row), "ə")
    others = [{name: f"{name} {number}" for name in names} for number in range(3)]
    assert row_seals("reading", row, *others) == [row_seal("reading", row | other) for other in others]
