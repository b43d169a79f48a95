"""`onrecord compare`: two saved copies of a page."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive.cli.front import onrecord

BODY = "".join(
    f"<p>{line}</p>"
    for line in (
        "The ministry said on Monday that all of the 47 member states had agreed to the text of the resolution on water.",
        "Delegates are to meet again in the capital before the end of the year, and the talks will be open to the press.",
        "Nobody from the opposition had spoken against the plan, which the council had put forward during the summer.",
    )
)
PAGE = (
    "<html lang=en><head><title>47 states agree - Ministry</title></head><body><nav><a href='/'>Home</a></nav>"
    f"<article><h1>47 states agree</h1>{BODY}</article><footer>Visitors: 1204</footer></body></html>"
)


def run(folder: Path, old: str | bytes, new: str | bytes, *flags: str) -> Result:
    names = []
    for name, text in (("a.html", old), ("b.html", new)):
        (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
        names.append(str(folder / name))
    return CliRunner().invoke(onrecord, ["compare", *names, *flags])


def told(folder: Path, old: str | bytes, new: str | bytes, *flags: str) -> dict[str, Any]:
    result = run(folder, old, new, "--json", *flags)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.mark.parametrize(
    ("old", "new", "verdict", "field"),
    [
        ("47 member states", "46 member states", "edited", "body"),
        ("<h1>47 states", "<h1>46 states", "edited", "headline"),
        ("Visitors: 1204", "Visitors: 1377", "noise", None),
        ("<p>Delegates", "<p class='x'>\n  Delegates", "noise", None),
        ("press.", "press;", "noise", None),
        ("the plan", "<a href='/plan'>the plan</a>", "edited", "links"),
    ],
)
def test_the_verdict_is_about_the_publishers_words(tmp_path: Path, old: str, new: str, verdict: str, field: str | None) -> None:
    found = told(tmp_path, PAGE, PAGE.replace(old, new), "--url", "https://gov.example/news/1")
    assert found["verdict"] == verdict
    assert (field in found["fields"]) if field else found["fields"] == []


def test_the_same_bytes_are_unchanged_also_when_packed(tmp_path: Path) -> None:
    found = told(tmp_path, PAGE, gzip.compress(PAGE.encode()))
    assert found["verdict"] == "unchanged"
    assert found["from"]["sha256"] == found["to"]["sha256"]


def test_a_block_page_is_no_edit(tmp_path: Path) -> None:
    blocked = (
        "<html><head><title>Access Denied</title></head><body><h1>Access Denied</h1>You don't have permission to access this "
        "server. Reference #18.2d351ab8.1557333295.a4e16ab</body></html>"
    )
    assert told(tmp_path, PAGE, blocked)["verdict"] == "blocked"


def test_a_page_without_an_article_is_compared_as_a_whole(tmp_path: Path) -> None:
    page = "<ul><li><a href='/a'>Link a</a></li><li><a href='/b'>Link b</a></li></ul>"
    assert told(tmp_path, page, page.replace("Link b", "Link c"))["verdict"] == "edited"


def test_people_see_the_words_that_changed(tmp_path: Path) -> None:
    result = run(tmp_path, PAGE, PAGE.replace("47 member", "46 member"))
    assert "[-47-]{+46+}" in result.stdout
    assert result.stdout.startswith("edited")


def test_exit_code_says_edited_where_asked(tmp_path: Path) -> None:
    assert run(tmp_path, PAGE, PAGE.replace("47 member", "46 member"), "--exit-code").exit_code == 6
    assert run(tmp_path, PAGE, PAGE, "--exit-code").exit_code == 0


def test_a_missing_file_and_a_damaged_one_are_told_in_a_line(tmp_path: Path) -> None:
    missing = CliRunner().invoke(onrecord, ["compare", str(tmp_path / "no.html"), str(tmp_path / "no.html")])
    assert missing.exit_code == 3
    assert run(tmp_path, PAGE, b"\x1f\x8b\x08damaged").exit_code == 2
