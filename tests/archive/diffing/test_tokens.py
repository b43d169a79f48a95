"""Words in every script; blanks are never lost."""

from __future__ import annotations

import pytest

from archive.diffing.sentences import sentences
from archive.diffing.tokens import chunks, count_words, tokens
from tests.archive.diffing.random_texts import pair


@pytest.mark.parametrize("cut", [chunks, tokens])
def test_parts_and_blanks_joined_are_the_text_again(cut) -> None:  # type: ignore[no-untyped-def]
    for seed in range(2000):
        for text in pair(seed):
            words, blanks = cut(text)
            assert len(words) == len(blanks)
            assert "".join(word + blank for word, blank in zip(words, blanks, strict=True)) == text


def test_sentences_joined_are_the_text_again() -> None:
    for seed in range(2000):
        for text in pair(seed):
            assert "".join(sentences(text)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The U.S. Senate met. It rose.", ["The U.S. Senate met. ", "It rose."]),
        ("Mr. Smith spoke to Dr. A. Jones. All left.", ["Mr. Smith spoke to Dr. A. Jones. ", "All left."]),
        ("Growth was 1.5 per cent. So what?", ["Growth was 1.5 per cent. ", "So what?"]),
        ("one item\ntwo item", ["one item\n", "two item"]),
        ("会议结束。代表离开。", ["会议结束。", "代表离开。"]),
        ("“It is over.” She left.", ["“It is over.” ", "She left."]),
        ("им. Ленина. Потом ушли.", ["им. Ленина. ", "Потом ушли."]),
    ],
)
def test_sentences_end_where_readers_end_them(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("250,000 people, -1.5 degrees", ["250,000", "people", ",", "-1.5", "degrees"]),
        ("cafe\u0301!", ["cafe\u0301", "!"]),
        ("नीति", ["नीति"]),
        ("don’t (stop)", ["don’t", "(", "stop", ")"]),
        ("四七", ["四", "七"]),
    ],
)
def test_tokens_are_whole_words_and_single_marks(text: str, expected: list[str]) -> None:
    assert tokens(text)[0] == expected


@pytest.mark.parametrize(("text", "words"), [("one — two, three.", 3), ("", 0), ("...", 0), ("四七 b", 3), ("250 000", 2)])
def test_marks_are_not_counted_as_words(text: str, words: int) -> None:
    assert count_words(text) == words
