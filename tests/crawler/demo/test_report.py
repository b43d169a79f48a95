from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from archive.output.screen import Screen, screen
from crawler.demo import report
from crawler.demo.demonstration import Step
from crawler.demo.truth import Comparison

EDIT = {
    "kind": "edited", "page": "a1", "url": "http://127.0.0.1:9/en/economy/view/1", "headline": "H" * 120, "fields": ["body"],
    "words_added": 1, "words_removed": 1, "declared": "no", "significance": 0.5, "from": 1, "to": 2,
    "blocks": [{"field": "body", "ops": [["=", "the report "], ["-", "said"], ["+", "stated"], ["=", " that"]]}],
}  # fmt: skip
GONE = {**EDIT, "kind": "gone", "url": "http://127.0.0.1:9/en/economy/view/2", "fields": []}


def step(*, missing: tuple[dict[str, Any], ...] = ()) -> Step:
    return Step(2, 1.5, {"visits": 7}, [EDIT, GONE], Comparison(2, missing, ()))


def printed(function: Any, *args: Any) -> str:
    out = io.StringIO()
    console: Screen = screen(out, color=False, terminal=False)
    function(*args, console)
    return out.getvalue()


def test_a_step_shows_its_counts_and_the_words_of_an_edit_within_80_columns() -> None:
    text = printed(report.print_step, step())
    assert "Edition 2, 27 Nov 2018" in text
    assert "7 pages asked · 1 edited · 1 gone" in text
    assert "the report [-said-] {+stated+} that" in text
    assert "body: +1 -1 words, not declared by the page" in text
    assert max(len(line) for line in text.splitlines()) <= 80


def test_what_is_missing_is_named_and_the_verdict_says_how_many() -> None:
    missing = {"kind": "moved", "url": "http://127.0.0.1:9/x", "fields": [], "detail": "301"}
    assert "missing  moved /x (301)" in printed(report.print_step, step(missing=(missing,)))
    assert "Found 2 of the 3 changes of the truth and 0 beyond it" in printed(
        report.print_verdict, [step(missing=(missing,))], None
    )


def test_an_exact_run_says_so_and_names_commands_for_the_archive_that_was_kept() -> None:
    text = printed(report.print_verdict, [step()], Path("kept"))
    assert "Found exactly the 2 changes of the truth" in text
    assert "onrecord -C kept changes --kind edited,gone" in text
