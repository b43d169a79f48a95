"""`onrecord shell`: a prompt on a version of the archive, which is never asked of its server."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.conftest import Demonstration

pytestmark = pytest.mark.xdist_group("demo")


def onrecord(done: Demonstration, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "archive.cli", "-C", str(done.root), *words]
    return subprocess.run(command, input=typed, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False)


def edited(done: Demonstration) -> str:
    rows = json.loads(onrecord(done, "changes", "--kind", "edited", "--json").stdout)
    return str(next(row["page"] for row in rows if "headline" in row["fields"]))


def test_selectors_and_readings_of_two_versions_are_at_hand(demonstrated: Demonstration) -> None:
    key = edited(demonstrated)
    code = "print(row['version'], response.css('h1::text').get().strip() == reading.article.headline, portal.about.id)"
    told = [onrecord(demonstrated, "shell", f"{key}@{n}", "-c", code).stdout.strip() for n in (1, 2)]
    assert told == ["1 True demo", "2 True demo"]


def test_the_prompt_names_what_is_at_hand(demonstrated: Demonstration) -> None:
    done = onrecord(demonstrated, "shell", edited(demonstrated), typed="response.status\n")
    assert "200" in done.stdout
    assert "reading.article" in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("nosuch",), 3, "no page 'nosuch'"),
        (("https://nowhere.invalid/", "-c", "1"), 1, "does not answer"),
    ],
)
def test_what_cannot_be_had_is_one_line(demonstrated: Demonstration, words: tuple[str, ...], code: int, said: str) -> None:
    done = onrecord(demonstrated, "shell", *words)
    assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (code, True, False)


def test_a_statement_that_fails_is_one_line(demonstrated: Demonstration) -> None:
    done = onrecord(demonstrated, "shell", edited(demonstrated), "-c", "response.nothing")
    assert (done.returncode, "AttributeError" in done.stderr, "Traceback" in done.stderr) == (2, True, False)
