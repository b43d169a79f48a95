"""Pairs of real pages with a known verdict, from ../shared/change-pairs; skipped where that is absent."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from archive.cli.front import onrecord
from tests.shared_data import shared

SAMPLE = 20  # of the 200 pairs of digital-gov, by default


def compared(before: Path, after: Path, url: str | None = None) -> dict[str, Any]:
    words = ["compare", str(before), str(after), "--json", *(("--url", url) if url else ())]
    result = CliRunner().invoke(onrecord, words)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_compare_gives_the_manifests_verdict() -> None:
    folder = shared("change-pairs")
    with (folder / "MANIFEST.tsv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    wrong = []
    for row in rows:
        expected = "noise" if "noise" in row["verdict"] else "edited"
        found = compared(folder / row["before"], folder / row["after"])
        if found["verdict"] != expected:
            wrong.append((row["pair_id"], expected, found["verdict"], found["fields"]))
    assert len(rows) == 33
    assert len(wrong) <= 2, wrong


def digital_gov() -> tuple[Path, list[dict[str, Any]]]:
    folder = shared("change-pairs") / "digital-gov"
    with (folder / "truth.jsonl").open(encoding="utf-8") as lines:
        return folder, [json.loads(line) for line in lines]


def judged(folder: Path, rows: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    return [(row["truth"], compared(folder / row["before"], folder / row["after"], row["url"])["fields"]) for row in rows]


def test_a_redesign_of_the_frame_is_no_edit_of_the_body_and_an_edit_is_found_in_it() -> None:
    folder, rows = digital_gov()
    answers = judged(folder, random.Random(7).sample(rows, SAMPLE))
    missed = [truth for truth, fields in answers if truth == "edited" and "body" not in fields]
    invented = [truth for truth, fields in answers if truth != "edited" and "body" in fields]
    assert (len(missed), len(invented)) <= (1, 1)


@pytest.mark.long
def test_all_two_hundred_pairs_of_a_redesign() -> None:
    folder, rows = digital_gov()
    answers = judged(folder, rows)
    assert sum("body" in fields for truth, fields in answers if truth == "edited") >= 106
    assert sum("body" in fields for truth, fields in answers if truth != "edited") <= 3
    assert all("images" in fields for truth, fields in answers if truth == "caption")
