"""`onrecord add`: from an address to a file that a crawl can use; mistakes are one line and write nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.crawler.commands.calls import ENV, Here, onrecord
from tests.crawler.small_portal import SmallPortal, small_portal


def added(folder: Path, portal: SmallPortal, *words: str) -> dict[str, Any]:
    done = onrecord(folder, "add", portal.base, "--yes", "--delay", "0s", "--json", *words)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def portal() -> Iterator[SmallPortal]:
    with small_portal(8) as served:
        for number in range(1, 9):  # its articles state a date, as articles do
            page = served.answers[f"/en/news/{number}"]
            page.body = page.body.replace(b"<h1>", b'<time itemprop="datePublished" datetime="2018-11-26">26 Nov</time><h1>')
        yield served


def test_one_command_makes_an_archive_and_a_file_that_a_crawl_can_use(tmp_path: Path, portal: SmallPortal) -> None:
    found = added(tmp_path, portal)
    assert found["articles"]["pattern"] == r"^/(?P<lang>en)/news/(?P<id>\d+)/?$"
    assert [section["url"] for section in found["sections"]] == [f"{portal.base}/en/news/"]
    assert found["languages"] == ["en"]
    assert len(found["articles"]["samples"]) == 5
    text = Path(found["file"]).read_text(encoding="utf-8")
    assert "# auto: the shape shared by most links outside the menus (5/5 samples)" in text
    assert 'url = "/en/news/" # auto: shows 4 articles' in text
    assert "# sample: /en/news/" in text
    crawled = onrecord(tmp_path, "crawl", "--json")
    assert crawled.returncode == 0, crawled.stderr
    assert json.loads(crawled.stdout)[0]["new"] == 8


def test_robots_is_obeyed_and_no_more_is_asked_than_allowed(tmp_path: Path, portal: SmallPortal) -> None:
    portal.put("/", portal.answers["/"].body + b"<a href='/secret/'>Secret news of the ministry</a>")
    found = added(tmp_path, portal, "--max-requests", "12")
    assert "/secret/" not in portal.paths()
    assert len(portal.asked) <= found["requests"] <= 12


def test_a_known_portal_is_refreshed_on_request_only_and_keeps_hand_edits(tmp_path: Path, portal: SmallPortal) -> None:
    path = Path(added(tmp_path, portal)["file"])
    asked = len(portal.asked)
    again = onrecord(tmp_path, "add", portal.base, "--yes", "--delay", "0s")
    assert (again.returncode, "--refresh" in again.stderr, len(portal.asked)) == (2, True, asked)
    edited = path.read_text(encoding="utf-8").replace('delay = "0s"', 'delay = "7s"')
    path.write_text(edited, encoding="utf-8")
    portal.put("/robots.txt", f"User-agent: *\nSitemap: {portal.base}/sitemap.xml")
    portal.put("/sitemap.xml", f"<urlset><url><loc>{portal.base}/en/news/1</loc></url></urlset>")
    shown = onrecord(tmp_path, "add", portal.base, "--refresh", "--delay", "0s")
    assert '+sitemaps = ["/sitemap.xml"]' in shown.stdout
    assert path.read_text(encoding="utf-8") == edited  # nobody said yes
    added(tmp_path, portal, "--refresh")
    text = path.read_text(encoding="utf-8")
    assert 'sitemaps = ["/sitemap.xml"]' in text
    assert 'delay = "7s"' in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["ftp://x.example/"], "not an http(s) address"),
        (["https://gov.example/", "--delay", "0s"], "for private addresses only"),
        (["https://gov.example/", "--delay", "soon"], "not a duration"),
        (["https://gov.example/", "--id", "../up"], "not a portal id"),
    ],
)
def test_a_mistake_is_one_line_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    done = Here(tmp_path, monkeypatch, capsys)("add", *words, "--yes")
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_portal_that_does_not_answer_is_one_line_and_leaves_nothing_behind(tmp_path: Path) -> None:
    done = onrecord(tmp_path, "add", "http://127.0.0.1:1/", "--delay", "0s", "--yes", "--json")
    assert done.returncode == 1
    assert json.loads(done.stderr)["error"]["code"] == "portal.unreachable"
    assert "connection refused" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_private_addresses_need_the_setting(tmp_path: Path, portal: SmallPortal) -> None:
    env = {key: value for key, value in ENV.items() if key != "ONRECORD_CRAWL_ALLOW_PRIVATE"}
    done = onrecord(tmp_path, "add", portal.base, "--yes", env=env)
    assert done.returncode == 1
    assert "ONRECORD_CRAWL_ALLOW_PRIVATE" in done.stderr
    assert portal.asked == []


def test_a_portal_without_articles_gets_a_file_that_says_so(tmp_path: Path, portal: SmallPortal) -> None:
    portal.put("/", "<!doctype html><html lang=en><title>Ministry</title><h1>Ministry</h1><p>Enable JavaScript</p></html>")
    done = onrecord(tmp_path, "add", portal.base, "--yes", "--delay", "0s")
    assert done.returncode == 0
    assert "set [articles].url" in done.stderr
    text = next((tmp_path / "portals").glob("*.toml")).read_text(encoding="utf-8")
    assert "no shape of address was found" in text
