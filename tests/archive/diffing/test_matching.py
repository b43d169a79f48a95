"""The longest common subsequence: exact below the bound, near it above, in bounded memory."""

from __future__ import annotations

import random

import pytest
from rapidfuzz.distance import LCSseq

from archive.diffing import matching
from archive.diffing.matching import matches


def check(old: list[str], new: list[str]) -> int:
    kept = 0
    at_i = at_j = 0
    for i, j, length in matches(old, new):
        assert i >= at_i
        assert j >= at_j
        assert old[i : i + length] == new[j : j + length]
        at_i, at_j = i + length, j + length
        kept += length
    return kept


@pytest.mark.parametrize("seed", range(30))
def test_matches_are_a_longest_common_subsequence(seed: int) -> None:
    rng = random.Random(seed)
    old, new = ([rng.choice("abcdefgh") for _ in range(rng.randrange(80))] for _ in range(2))
    assert check(old, new) == LCSseq.similarity(old, new)


@pytest.mark.parametrize("seed", range(6))
def test_lists_over_the_bound_are_cut_and_lose_next_to_nothing(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(seed)
    old = [rng.choice("abcdefgh") for _ in range(3000)]
    new = [x for x in old if rng.random() > 0.01]
    for _ in range(30):
        new.insert(rng.randrange(len(new)), rng.choice("abcdefgh"))
    best = LCSseq.similarity(old, new)
    monkeypatch.setattr(matching, "MAX_BITS", 100_000)
    assert check(old, new) >= best * 0.99


def test_a_list_without_anything_unique_still_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "MAX_BITS", 1000)
    old, new = ["a", "b"] * 500, ["b", "a"] * 480
    assert check(old, new) > 900


def test_nothing_in_common_is_no_match() -> None:
    assert matches(["a"], ["b"]) == []
    assert matches([], ["b"]) == []
