"""`onrecord portal`: what there is, whether it still holds, and what is read out of a page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crawler.commands.calls import Here, onrecord
from tests.crawler.small_portal import SmallPortal, archive_of, small_portal


@pytest.fixture
def portal() -> Iterator[SmallPortal]:
    with small_portal(8) as served:
        yield served


@pytest.fixture
def archive(tmp_path: Path, portal: SmallPortal) -> Path:
    return archive_of(tmp_path, portal)


@pytest.fixture
def here(archive: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(archive, monkeypatch, capsys)


def test_portals_are_listed_and_shown(here: Here) -> None:
    rows = json.loads(here("portal", "list", "--json").stdout)
    assert [(row["portal"], row["sections"], row["paused"]) for row in rows] == [("small", 1, False)]
    shown = json.loads(here("portal", "show", "small", "--json").stdout)
    assert shown["portal"]["id"] == "small"
    assert here("portal", "show", "small").stdout.startswith("schema = 1")


def test_doctor_names_a_portal_file_that_cannot_be_read(archive: Path) -> None:
    assert "✓ portal files: 1" in onrecord(archive, "doctor").stdout
    path = archive / "portals" / "small.toml"
    path.write_text(path.read_text() + "x = = 3\n")
    done = onrecord(archive, "doctor", "--json")
    assert done.returncode != 0
    (found,) = [row for row in json.loads(done.stdout) if row["check"] == "portals"]
    assert (found["verdict"], found["hint"]) == ("fail", "onrecord portal edit small")
    assert "small.toml:" in found["message"]


def test_a_portal_that_fits_passes_every_check(archive: Path) -> None:
    done = onrecord(archive, "portal", "check", "small")
    assert done.returncode == 0, done.stdout
    assert "✓ section “News”: lists 4 articles, goes on" in done.stdout
    assert "✗" not in done.stdout


def test_a_check_that_fails_says_how_to_mend_it_and_ends_with_4(archive: Path, portal: SmallPortal) -> None:
    rows = "".join(f'<li><a href="/en/fp/{n}/">Statement number {n} of the ministry</a></li>' for n in range(100, 110))
    portal.put("/en/news/", f"<!doctype html><html lang=en><title>News</title><ul>{rows}</ul></html>")
    done = onrecord(archive, "portal", "check", "small", "--json")
    assert done.returncode == 4
    failed = next(row for row in json.loads(done.stdout) if row["check"] == "section")
    assert failed["ok"] is False
    assert failed["detail"] == "0 of 10 links match [articles].url"
    assert r"/fp/(?P<id>\d+)" in failed["hint"]


def test_the_breadcrumb_that_a_section_promises_is_looked_for_on_its_articles(archive: Path, portal: SmallPortal) -> None:
    path = archive / "portals" / "small.toml"
    path.write_text(path.read_text().replace('url = "/en/news/"\n', 'url = "/en/news/"\npath = ["Home", "News"]\n'))
    done = onrecord(archive, "portal", "check", "small")
    assert done.returncode == 4
    assert "✗ path “News”: no breadcrumb on" in done.stdout
    page = portal.answers["/en/news/1"]
    page.body = page.body.replace(b"<main>", b"<main><p class=breadcrumb><a href=/>Home</a> / <a href=/en/news/>News</a></p>")
    done = onrecord(archive, "portal", "check", "small")
    assert (done.returncode, "✓ path “News”: Home › News" in done.stdout) == (0, True), done.stdout


def test_a_paused_portal_rests_until_resumed(here: Here) -> None:
    def paused() -> bool:
        return json.loads(here("portal", "list", "--json").stdout)[0]["paused"]

    assert here("portal", "pause", "small").returncode == 0
    assert paused()
    assert "was paused already" in here("portal", "pause", "small").stderr
    assert here("portal", "resume", "small").returncode == 0
    assert not paused()


def test_a_portal_can_be_described_by_hand(here: Here) -> None:
    assert here("portal", "new", "hand", "https://hand.example.az/").returncode == 0
    assert here("portal", "show", "hand").returncode == 0
    assert here("portal", "new", "hand", "https://hand.example.az/").returncode == 2


def test_removing_asks_and_keeps_without_an_answer(archive: Path, here: Here) -> None:
    assert here("portal", "remove", "small").returncode == 2
    assert (archive / "portals" / "small.toml").exists()
    assert here("portal", "remove", "small", "--yes").returncode == 0
    assert not (archive / "portals" / "small.toml").exists()


def test_an_edit_is_checked_when_the_editor_closes(archive: Path, here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    path = archive / "portals" / "small.toml"
    monkeypatch.setenv("EDITOR", "sed -i s/schema.=.1/schemq=1/")
    done = here("portal", "edit", "small")
    assert done.returncode == 2
    assert "small.toml:1: unknown key schemq" in done.stderr
    monkeypatch.setenv("EDITOR", "sed -i s/schemq=1/schema=1/")
    assert here("portal", "edit", "small").returncode == 0
    assert path.read_text(encoding="utf-8").startswith("schema=1")


def test_a_page_is_tried_from_the_web_and_from_a_file_alike(archive: Path, here: Here, portal: SmallPortal) -> None:
    url = f"{portal.base}/en/news/3"
    (archive / "page.html").write_bytes(portal.answers["/en/news/3"].body)
    from_web = json.loads(onrecord(archive, "portal", "try", url, "--json").stdout)
    from_file = json.loads(here("portal", "try", "--file", "page.html", "--url", url, "--json").stdout)
    assert from_web["headline"] == "Statement number 3 of the ministry"
    assert from_web["portal"] == "small"
    assert from_file == from_web


def test_a_saved_page_needs_no_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], portal: SmallPortal
) -> None:
    (tmp_path / "page.html").write_bytes(portal.answers["/en/news/3"].body)
    words = ("portal", "try", "--file", "page.html", "--url", "https://gov.example/1", "--json")
    done = Here(tmp_path, monkeypatch, capsys)(*words)
    assert json.loads(done.stdout)["headline"] == "Statement number 3 of the ministry"
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["try"], 2, "give a URL"),
        (["try", "--file", "none.html"], 3, "no file"),
        (["check", "smal"], 3, "did you mean small?"),
        (["show", "../../etc/passwd"], 3, "no portal"),
    ],
)
def test_a_mistake_is_one_line(here: Here, words: list[str], code: int, message: str) -> None:
    done = here("portal", *words)
    assert (done.returncode, message in done.stderr) == (code, True), done.stderr
    assert "Traceback" not in done.stderr
