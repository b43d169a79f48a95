"""Operations replay, are minimal between texts that share most words, and name what moved."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import LCSseq

from archive.diffing import opcodes, replay
from tests.archive.diffing.random_texts import pair

SURROGATES_TOO = st.text(alphabet=st.characters(), max_size=80)


def assert_replays(old: str, new: str) -> None:
    ops = opcodes(old, new)
    assert replay(ops, "old") == old
    assert replay(ops, "new") == new
    gone = sorted((op.move, op.text) for op in ops if op.tag == "-m")
    come = sorted((op.move, op.text) for op in ops if op.tag == "+m")
    assert gone == come, "every move is one pair of the same text"
    assert len({number for number, _ in gone}) == len(gone)
    assert all(op.text for op in ops)


@pytest.mark.parametrize("block", range(10))
def test_ten_thousand_random_pairs_replay_exactly(block: int) -> None:
    for seed in range(block * 1000, (block + 1) * 1000):
        assert_replays(*pair(seed))


@settings(max_examples=300, deadline=None)
@given(SURROGATES_TOO, SURROGATES_TOO)
def test_any_two_unicode_texts_replay_exactly(old: str, new: str) -> None:
    assert_replays(old, new)


def test_equal_texts_are_one_kept_operation_and_empty_texts_none() -> None:
    assert [(op.tag, op.text) for op in opcodes("One.\n\nTwo.", "One.\n\nTwo.")] == [("=", "One.\n\nTwo.")]
    assert opcodes("", "") == []


def test_a_changed_number_is_the_only_thing_marked_without_its_full_stop() -> None:
    ops = opcodes("The report names 47. It was read.", "The report names 46. It was read.")
    assert [(op.tag, op.text) for op in ops if op.tag != "="] == [("-", "47"), ("+", "46")]


def test_changed_blanks_between_equal_words_are_told_exactly() -> None:
    ops = opcodes("one two", "one\u00a0two")
    assert [(op.tag, op.text) for op in ops] == [("=", "one"), ("-", " "), ("+", "\u00a0"), ("=", "two")]


def test_a_combining_mark_is_not_cut_from_its_letter() -> None:
    ops = opcodes("cafe\u0301 noir", "cafe noir")
    assert [(op.tag, op.text) for op in ops if op.tag != "="] == [("-", "cafe\u0301"), ("+", "cafe")]


def test_words_of_a_script_without_blanks_are_compared_one_by_one() -> None:
    ops = opcodes("会议有四十七个成员国。", "会议有四十六个成员国。")
    assert [(op.tag, op.text) for op in ops if op.tag != "="] == [("-", "七"), ("+", "六")]


PARAGRAPHS = [
    "The ministry published its annual report on Monday in the capital.",
    "Members of the committee will meet again before the end of the year. They have not set a date.",
    "A spokesman said that the figures for the third quarter were not yet final.",
    "The next session is open to the public and will be broadcast.",
]


def test_a_moved_paragraph_is_one_move_and_no_word_counts_as_changed() -> None:
    old, new = "\n\n".join(PARAGRAPHS), "\n\n".join([*PARAGRAPHS[2:], *PARAGRAPHS[:2]])
    ops = opcodes(old, new)
    assert {op.tag for op in ops} <= {"=", "-m", "+m", "-", "+"}
    assert not [op.text for op in ops if op.tag in ("-", "+") and op.text.strip()]
    assert [op.tag for op in ops if op.move] in (["-m", "+m"], ["+m", "-m"])


def test_a_sentence_moved_within_its_paragraph_is_moved() -> None:
    one, two, three = "The minister thanked all delegates warmly.", "Nobody asked about the budget at all.", "He left."
    ops = opcodes(f"{one} {two} {three}", f"{two} {one} {three}")
    assert sum(op.tag == "+m" for op in ops) == 1
    assert not [op.text for op in ops if op.tag in ("-", "+") and op.text.strip()]


def test_a_sentence_edited_on_its_way_is_moved_but_for_the_edit() -> None:
    moved = PARAGRAPHS[2]
    old = "\n\n".join(PARAGRAPHS)
    new = "\n\n".join([moved.replace("third", "fourth"), *PARAGRAPHS[:2], PARAGRAPHS[3]])
    ops = opcodes(old, new)
    assert [op.text.strip() for op in ops if op.tag == "-" and op.text.strip()] == ["third"]
    assert [op.text.strip() for op in ops if op.tag == "+" and op.text.strip()] == ["fourth"]
    assert "the figures for the" in " ".join(op.text for op in ops if op.tag == "+m")


def test_short_equal_sentences_are_chance_not_moves() -> None:
    old = "Thank you. The committee met in spring.\n\nIt adjourned in autumn without result."
    new = "The committee met in spring.\n\nIt adjourned in autumn without result. Thank you."
    assert not [op for op in opcodes(old, new) if op.move]


WORDS = [f"w{n}" for n in range(400)]


def shuffled_article(rng: random.Random, count: int) -> list[list[str]]:
    weights = [1 / (n + 2) for n in range(len(WORDS))]
    return [[*rng.choices(WORDS, weights, k=rng.randrange(6, 25)), "end."] for _ in range(count)]


@pytest.mark.parametrize("seed", range(12))
def test_between_texts_sharing_four_fifths_of_their_words_the_operations_are_near_the_optimum(seed: int) -> None:
    rng = random.Random(seed)
    old = shuffled_article(rng, 60)
    new = [[rng.choice(WORDS) if rng.random() < 0.12 else word for word in sentence] for sentence in old]
    texts = ["\n\n".join(" ".join(sentence) for sentence in one) for one in (old, new)]
    ops = opcodes(*texts)
    changed = sum(len(op.text.split()) for op in ops if op.tag in ("-", "+"))
    one, other = (text.split() for text in texts)
    optimum = len(one) + len(other) - 2 * LCSseq.similarity(one, other)
    assert changed <= optimum * 1.02
    assert not [op for op in ops if op.move]


def test_between_unrelated_texts_words_matching_by_chance_are_given_up() -> None:
    rng = random.Random(1)
    old, new = ("\n\n".join(" ".join(s) for s in shuffled_article(rng, 40)) for _ in range(2))
    kept = [op.text for op in opcodes(old, new) if op.tag == "=" and op.text.strip()]
    assert len(kept) < 12
