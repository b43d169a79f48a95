"""How a comparison is shown: words, columns, HTML, patches."""

from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path

import pytest

from archive.diffing import diff_text
from archive.diffing.views import as_html, html_side_by_side, removed_text, side_by_side, spans, unified, word_text


def block(old: str, new: str) -> dict[str, object]:
    return diff_text(old, new).blocks[0]


def test_words_are_marked_as_git_marks_them() -> None:
    assert word_text(block("It says 47 states.", "It says 46 states.")).plain == "It says [-47-]{+46+} states."


def test_without_marks_the_styles_alone_tell() -> None:
    text = word_text(block("It says 47 states.", "It says 46 states."), marks=False)
    assert text.plain == "It says 4746 states."
    assert [str(span.style) for span in text.spans if span.style] == ["removed", "added"]


def test_columns_hold_what_stood_and_what_stands() -> None:
    old, new = side_by_side(block("It says 47 states.", "It says 46 states."))
    assert (old.plain, new.plain) == ("It says 47 states.", "It says 46 states.")


def test_html_escapes_the_page_and_says_changes_with_ins_and_del() -> None:
    html = as_html(block("<b>47</b> & more", "<i>46</i> & more"))
    assert "<b>" not in html
    assert "<del>" in html
    assert "<ins>" in html
    assert "&amp; more" in html
    assert html_side_by_side(block("a 47", "a 46")) == ("a <del>47</del>", "a <ins>46</ins>")


def test_a_move_carries_its_number_in_html() -> None:
    one, two = "The minister thanked all delegates.", "Nobody asked about the budget."
    html = "".join(map(as_html, diff_text(f"{one}\n\n{two}", f"{two}\n\n{one}").blocks))
    assert '<del class="moved" data-move="1">' in html
    assert '<ins class="moved" data-move="1">' in html


def test_only_what_was_taken_away_is_removed_text() -> None:
    text = removed_text(block("It says 47 states will surely agree.", "It says 46 states agree."))
    assert text is not None
    assert text.plain == "47 … will surely"
    assert removed_text(block("a", "a b")) is None


def test_words_matching_by_chance_inside_a_rewritten_sentence_are_not_shown_as_kept() -> None:
    kept = [
        s
        for s in spans(block("All members of the board voted today", "No one in the room of any party spoke today"))
        if s.kind == "kept"
    ]
    assert [s.text.strip() for s in kept] == ["today"]


def test_a_unified_diff_is_what_patch_applies(tmp_path: Path) -> None:
    if shutil.which("patch") is None:
        pytest.skip("no patch program")
    for seed in range(60):
        rng = random.Random(seed)
        old = [rng.choice("abcdef\u2028x") for _ in range(rng.randrange(30))]
        new = [line for line in old if rng.random() > 0.1] + rng.choices("xyz", k=rng.randrange(3))
        texts = ["\n".join(lines) + ("\n" if lines and rng.random() < 0.5 else "") for lines in (old, new)]
        file = tmp_path / f"{seed}.txt"
        file.write_bytes(texts[0].encode())
        patch = unified(*texts)
        if patch:
            subprocess.run(["patch", "-s", str(file)], input=patch.encode(), check=True)
        assert (file.read_bytes() if file.exists() else b"") == texts[1].encode()


def test_equal_texts_have_no_unified_diff() -> None:
    assert unified("a\n", "a\n") == ""
