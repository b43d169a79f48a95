from __future__ import annotations

from crawler.demo.excerpt import excerpt


def test_one_word_is_shown_between_a_few_words_of_its_sentence() -> None:
    ops = [["=", "a b c d e f "], ["-", "old"], ["+", "new"], ["=", " g h i j k l"]]
    assert excerpt(ops) == [("=", "… c d e f"), ("-", "old"), ("+", "new"), ("=", "g h i j …")]


def test_edits_a_word_apart_are_shown_together_and_a_distant_one_is_not() -> None:
    ops = [["-", "1"], ["+", "2"], ["=", " of "], ["-", "3"], ["+", "4"], ["=", " one two three four five "], ["+", "far"]]
    assert excerpt(ops) == [("-", "1"), ("+", "2"), ("=", "of"), ("-", "3"), ("+", "4"), ("=", "one two three four …")]


def test_a_long_addition_is_cut() -> None:
    (piece,) = excerpt([["+", " ".join("abcdefghijklmnopq")]])
    assert piece == ("+", "a b c d e f g h i j …")


def test_a_move_is_told_from_a_removal() -> None:
    assert excerpt([["-m", "1", "these words moved"]]) == [("m", "these words moved")]


def test_no_change_has_no_excerpt() -> None:
    assert excerpt([["=", "same"]]) == []
