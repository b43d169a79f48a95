"""Typed claims and the score they give a change."""

from __future__ import annotations

import pytest

from archive.diffing import diff_text
from archive.diffing.claims import Claim, claims
from archive.diffing.significance import significance


def of(old: str, new: str) -> list[Claim]:
    return claims(diff_text(old, new).blocks)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("It names 47 states.", "It names 46 states.", Claim("number", "47", "46")),
        ("About 250 people came.", "About 25% people came.", Claim("number", "250", "25%")),
        ("Apply by 30 June 2026.", "Apply by 31 July 2026.", Claim("date", "30 June 2026", "31 July 2026")),
        ("Owners must apply.", "Owners may apply.", Claim("modal", "must", "may")),
        ("The bill will not pass.", "The bill will pass.", Claim("negation", "not", "")),
        ("The fine for Tion was paid.", "The fine for Tiong was paid.", Claim("name", "Tion", "Tiong")),
        ("Министр должен ответить.", "Министр не должен ответить.", Claim("negation", "", "не")),
        ("İmza 26 noyabr 2018 atılıb.", "İmza 27 noyabr 2018 atılıb.", Claim("date", "26 noyabr 2018", "27 noyabr 2018")),
    ],
)
def test_a_change_of_a_claim_is_typed(old: str, new: str, expected: Claim) -> None:
    assert of(old, new) == [expected]


def test_a_claim_that_only_moved_about_in_its_paragraph_changed_nothing() -> None:
    assert of("In 2018, 47 states met.", "There met 47 states in 2018.") == []


def test_rewording_has_no_claim() -> None:
    assert of("They quickly agreed to it.", "They swiftly agreed to it.") == []


def score(old: str, new: str) -> tuple[float, str]:
    return significance(diff_text(old, new).blocks)


def test_one_number_outranks_hundreds_of_reworded_words_and_says_why() -> None:
    small, why = score("It costs 250,000 euro.", "It costs 25,000 euro.")
    large, _ = score(" ".join(["lorem"] * 300), " ".join(["ipsum"] * 300))
    assert small > large
    assert "250,000 → 25,000" in why


def test_the_score_stays_between_nothing_and_one() -> None:
    assert 0 < score("a small thing", "a smaller thing")[0] < 0.3
    assert score("1 2 3 4 not must 5 6 7 8 9", "9 1 may 33 44 55 66 77 88 99 never")[0] <= 1.0
