"""What a text says, apart from how it is set."""

from __future__ import annotations

import pytest

from archive.diffing.wording import wording


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a - b", "a-b"),
        ("2018-2019", "2018–2019"),
        ("don’t", "don't"),
        ("x, y; z.", "x y z"),
        ("“Yes”", '"Yes"'),
        ("end.Next", "end. Next"),
        ("• one", "one"),
        ("a/b", "a / b"),
        ("naïve", "nai\u0308ve"),
        ("co\u00adoperate", "cooperate"),
        ("- 5 items", "5 items"),
        ("** **You", "You"),
        ("250\u00a0000", "250 000"),
    ],
)
def test_typography_says_the_same(one: str, other: str) -> None:
    assert wording(one) == wording(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("-5 C", "5 C"),
        ("1.5", "15"),
        ("5%", "5"),
        ("$5", "€5"),
        ("foo < bar", "foo bar"),
        ("Ministers", "Minister's"),
        ("10:30", "1030"),
        ("1/2", "12"),
        ("a/b", "a, b"),
        ("as a _, I want", "as a, I want"),
        ("must", "may"),
        ("minister", "Minister"),
    ],
)
def test_a_word_number_or_sign_says_something_else(one: str, other: str) -> None:
    assert wording(one) != wording(other)
