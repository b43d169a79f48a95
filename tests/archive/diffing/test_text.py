"""A text's changed paragraphs: where they stand, that they replay, how many words."""

from __future__ import annotations

import json

import pytest

from archive.diffing import apply, diff_text
from tests.archive.diffing.random_texts import pair

OLD = "First paragraph stays.\n\nThe report says 47 member states agreed.\n\nA third one follows here."


@pytest.mark.parametrize("block", range(4))
def test_blocks_turn_either_text_into_the_other_exactly(block: int) -> None:
    for seed in range(block * 1000, (block + 1) * 1000):
        old, new = pair(seed)
        blocks = diff_text(old, new).blocks
        assert apply(old, blocks) == new
        assert apply(new, blocks, reverse=True) == old


def test_only_the_changed_paragraph_is_a_block_with_its_number() -> None:
    diff = diff_text(OLD, OLD.replace("47", "46"))
    (block,) = diff.blocks
    assert (block["field"], block["para"], block["old_para"], block["span"]) == ("body", 2, 2, [1, 1])
    assert block["ops"] == [
        ["=", "The report says "],
        ["-", "47"],
        ["+", "46"],
        ["=", " member states agreed."],
    ]
    assert (diff.words_added, diff.words_removed) == (1, 1)


def test_a_removed_paragraph_is_a_block_of_the_old_text_alone() -> None:
    first, second, third = OLD.split("\n\n")
    (block,) = diff_text(OLD, f"{first}\n\n{third}").blocks
    assert block["span"] == [1, 0]
    assert block["old_para"] == 2
    assert block["ops"] == [["-", second]]


def test_an_added_paragraph_is_a_block_of_the_new_text_alone_also_at_the_end() -> None:
    (block,) = diff_text(OLD, OLD + "\n\nA fourth.").blocks
    assert (block["para"], block["span"], block["ops"]) == (4, [0, 1], [["+", "A fourth."]])


def test_a_moved_paragraph_is_named_with_where_it_left_and_where_it_came_to() -> None:
    first, second, third = OLD.split("\n\n")
    diff = diff_text(OLD, f"{third}\n\n{first}\n\n{second}")
    (move,) = diff.moves
    assert move.text == third
    assert (move.from_para, move.to_para) == (3, 1)
    assert (diff.words_added, diff.words_removed, diff.words_moved) == (0, 0, 5)


def test_a_paragraph_edited_and_one_added_after_it_are_two_blocks() -> None:
    first, second, third = OLD.split("\n\n")
    new = "\n\n".join([first, second.replace("47", "46"), "Entirely new words stand between.", third])
    assert [block["span"] for block in diff_text(OLD, new).blocks] == [[1, 1], [0, 1]]


def test_blocks_are_plain_json() -> None:
    diff = diff_text(OLD, OLD.replace("47", "46 \ud800"))
    assert json.loads(json.dumps(diff.blocks)) == list(diff.blocks)


def test_equal_texts_have_no_blocks() -> None:
    assert diff_text(OLD, OLD).blocks == ()
