"""Sentences by hash through versions: which were born, which died."""

from __future__ import annotations

from archive.diffing import hashed, stretches


def test_a_moved_sentence_lives_on_and_a_changed_one_dies_and_is_born() -> None:
    old = "One stands. Two stands. Three stands.\n\nFour stands."
    new = "Four stands.\n\nOne stands. Two fell. Three stands."
    found = stretches(old, new)
    assert [one.text for one in found.died] == ["Two stands."]
    assert [one.text for one in found.born] == ["Two fell."]
    assert len(found.order) == 4


def test_of_equal_sentences_the_last_one_dies() -> None:
    found = stretches("Yes. Yes. Yes.", "Yes. Yes.")
    assert [(one.text, one.nth) for one in found.died] == [("Yes.", 2)]


def test_a_first_version_bears_all_and_a_removed_page_loses_all() -> None:
    assert len(stretches(None, "One. Two.").born) == 2
    assert len(stretches("One. Two.", None).died) == 2


def test_spacing_does_not_make_another_sentence() -> None:
    assert hashed("One  stands.\n")[0].hash == hashed("One stands.")[0].hash


def test_lone_surrogates_can_be_hashed() -> None:
    assert hashed("a \ud800 b")[0].text == "a \ud800 b"
