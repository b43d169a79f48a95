"""`onrecord crawl` as a person or cron runs it: a real process against a real server that changes between crawls."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.crawler.small_portal import Answer, SmallPortal, archive_of, small_portal

ENV = {
    **os.environ,
    "ONRECORD_CRAWL_ALLOW_PRIVATE": "1",
    "ONRECORD_CRAWL_WORKERS": "1",
    "ONRECORD_CRAWL_CONTACT": "ci@gov.example",
}


@pytest.fixture
def portal() -> Iterator[SmallPortal]:
    with small_portal() as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path, portal: SmallPortal) -> Path:
    return archive_of(tmp_path / "archive", portal)


def start(folder: Path, *words: str, env: dict[str, str] | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "archive.cli", "-C", str(folder), *words],
        env={**ENV, **(env or {})},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,  # a group of its own, as a terminal gives it one
    )


def ask(folder: Path, *words: str, code: int = 0, env: dict[str, str] | None = None) -> Any:
    """Run a command with --json; its object, or the error's with another exit code."""
    out, err = (process := start(folder, *words, "--json", env=env)).communicate(timeout=90)
    assert process.returncode == code, err or out
    return json.loads(out) if out.strip() else json.loads(err.strip().splitlines()[-1])


def crawl(folder: Path, *words: str, code: int = 0) -> dict[str, Any]:
    summary: dict[str, Any] = ask(folder, "crawl", "small", *words, code=code)[0]
    return summary


def warc_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in (folder / "warc").glob("*.warc.gz"))


def test_the_first_crawl_finds_every_article_of_every_listing_page(folder: Path) -> None:
    summary = crawl(folder)
    assert (summary["new"], summary["changed"], summary["errors"], summary["healthy"]) == (6, 0, 0, True)
    assert {row["headline"] for row in ask(folder, "list")} == {f"Statement number {n} of the ministry" for n in range(1, 7)}


def test_a_second_crawl_of_an_unchanged_portal_adds_no_version_and_hardly_a_byte(folder: Path, portal: SmallPortal) -> None:
    portal.article(1, etag=True)
    crawl(folder)
    before = warc_bytes(folder)
    summary = crawl(folder)
    assert (summary["new"], summary["changed"]) == (0, 0)
    assert {row["versions"] for row in ask(folder, "list")} == {1}
    assert warc_bytes(folder) - before <= 1000 * summary["visits"] + 3000  # the run's own records apart
    assert any("If-None-Match" in headers for _, path, headers in portal.asked if path == "/en/news/1")


def test_an_edit_of_one_word_is_found_and_shown(folder: Path, portal: SmallPortal) -> None:
    crawl(folder)
    portal.article(3, words="The total is 46 million.")
    crawl(folder)
    portal.article(3, words="The total is 47 million.")
    assert crawl(folder)["changed"] == 1
    newest = ask(folder, "changes", "--kind", "edited")[0]
    assert (newest["url"], newest["fields"]) == (f"{portal.base}/en/news/3", ["body"])
    assert (newest["words_added"], newest["words_removed"]) == (1, 1)
    diff = ask(folder, "diff", newest["page"], "2..3")
    assert ["-", "46"] in diff["blocks"][0]["ops"] and ["+", "47"] in diff["blocks"][0]["ops"]


def test_a_page_that_disappears_is_suspected_then_gone_then_back(folder: Path, portal: SmallPortal) -> None:
    crawl(folder)
    kept = portal.answers["/en/news/2"]
    portal.put("/en/news/2", "<h1>Not found</h1>", status=404)
    assert crawl(folder)["suspected_gone"] == 1
    assert [(row["state"], row["last_status"]) for row in ask(folder, "gone")] == [("suspected", 404)]
    crawl(folder)
    assert [row["state"] for row in ask(folder, "gone")] == ["gone"]
    portal.answers["/en/news/2"] = kept
    crawl(folder)
    assert ask(folder, "gone") == []
    assert [row["kind"] for row in ask(folder, "log", f"{portal.base}/en/news/2")] == ["new", "gone", "back"]


def test_a_moved_page_keeps_its_story(folder: Path, portal: SmallPortal) -> None:
    crawl(folder)
    portal.answers["/en/news/77"] = portal.answers["/en/news/4"]
    portal.put("/en/news/4", status=301, headers={"Location": "/en/news/77"})
    crawl(folder)
    moved = [row for row in ask(folder, "changes") if row["kind"] == "moved"]
    assert [(row["url"], row["from_url"]) for row in moved] == [(f"{portal.base}/en/news/77", f"{portal.base}/en/news/4")]
    assert ask(folder, "gone") == []


def test_articles_that_only_an_article_links_to_are_found(folder: Path, portal: SmallPortal) -> None:
    portal.article(6, links=(50,))
    portal.article(50, links=(51,))
    portal.article(51)
    assert crawl(folder)["new"] == 8


def test_style_sheets_and_logos_of_articles_are_kept_once(folder: Path, portal: SmallPortal) -> None:
    for number in (1, 2):
        portal.article(number)
        plain = portal.answers[f"/en/news/{number}"].body.decode()
        dressed = plain.replace("</head>", '<link rel=stylesheet href="/site.css"></head>').replace(
            "<nav>", '<nav><img src="/logo.png">'
        )
        portal.put(f"/en/news/{number}", dressed)
    portal.put("/site.css", "h1 { color: teal }", headers={"Content-Type": "text/css"})
    portal.put("/logo.png", b"\x89PNG", headers={"Content-Type": "image/png"})
    assert crawl(folder)["new"] == 6  # articles: what a page looks like is no news
    portal.article(2, words="A word.")
    crawl(folder)
    assert [portal.paths().count(path) for path in ("/site.css", "/logo.png")] == [1, 1]
    assert len(ask(folder, "changes", "--kind", "new")) == 6


def test_robots_is_obeyed_and_the_refusal_is_on_record(folder: Path, portal: SmallPortal) -> None:
    portal.put("/robots.txt", "User-agent: *\nDisallow: /en/news/5\n", headers={"Content-Type": "text/plain"})
    assert crawl(folder)["new"] == 5
    assert "/en/news/5" not in portal.paths()


def test_robots_txt_itself_is_kept_in_the_evidence(folder: Path, portal: SmallPortal) -> None:
    crawl(folder)
    uris = [
        record.rec_headers.get_header("WARC-Target-URI")
        for path in (folder / "warc").glob("*.warc.gz")
        for record in ArchiveIterator(path.open("rb"))
        if record.rec_type == "response"
    ]
    assert f"{portal.base}/robots.txt" in uris


def test_a_robots_file_that_cannot_be_read_forbids_everything(folder: Path, portal: SmallPortal) -> None:
    portal.put("/robots.txt", "down", status=500)
    error = ask(folder, "crawl", "small", code=4)
    assert set(portal.paths()) <= {"/robots.txt"}
    assert error


def test_we_say_who_we_are(folder: Path, portal: SmallPortal) -> None:
    crawl(folder)
    agents = {headers["User-Agent"] for _, _, headers in portal.asked}
    assert len(agents) == 1
    assert agents.pop().startswith("onrecord/") and all("ci@gov.example" in h["User-Agent"] for _, _, h in portal.asked)


def test_private_addresses_need_an_explicit_setting(folder: Path, portal: SmallPortal) -> None:
    process = start(folder, "crawl", "small", env={"ONRECORD_CRAWL_ALLOW_PRIVATE": "0"})
    _, err = process.communicate(timeout=60)
    assert process.returncode == 4
    assert "private" in err and "Traceback" not in err
    assert portal.asked == []


def test_a_limit_bounds_the_articles_asked(folder: Path, portal: SmallPortal) -> None:
    assert crawl(folder, "--limit", "2")["new"] == 2


def unchanging_listings(portal: SmallPortal) -> None:
    """Listings whose server answers 304 to whom has seen them."""
    for path in ("/", "/en/news/", "/en/news/?page=2"):
        portal.answers[path].etag = True


def test_what_a_limit_left_over_is_asked_by_the_next_crawl_though_no_listing_changed(folder: Path, portal: SmallPortal) -> None:
    unchanging_listings(portal)
    assert crawl(folder, "--limit", "2")["new"] == 2
    assert crawl(folder, "--limit", "4")["new"] == 2
    assert crawl(folder)["new"] == 2
    asked = len(portal.asked)
    assert crawl(folder)["new"] == 0
    assert [path for _, path, headers in portal.asked[asked:] if path.startswith("/en/news/?") or path == "/en/news/"] == [
        "/en/news/"
    ]  # a whole crawl has ended: the listing has not changed, and its next page is not asked
    assert all("If-None-Match" in headers for _, path, headers in portal.asked[asked:] if path in ("/", "/en/news/"))


def test_what_a_stopped_crawl_left_over_is_asked_by_the_next_though_no_listing_changed(
    folder: Path, portal: SmallPortal
) -> None:
    unchanging_listings(portal)
    path = folder / "portals" / "small.toml"
    path.write_text(path.read_text().replace("concurrency = 4", "concurrency = 1"))
    for number in range(1, 7):
        portal.answers[f"/en/news/{number}"].wait = 1
    ask(folder, "crawl", "small", "--deadline", "2s", code=4)
    assert len(ask(folder, "list")) < 6
    for number in range(1, 7):
        portal.answers[f"/en/news/{number}"].wait = 0
    crawl(folder)
    assert len(ask(folder, "list")) == 6


def test_resuming_a_bounded_crawl_that_was_stopped_finds_also_what_was_beyond_its_bound(
    folder: Path, portal: SmallPortal
) -> None:
    unchanging_listings(portal)
    path = folder / "portals" / "small.toml"
    path.write_text(path.read_text().replace("concurrency = 4", "concurrency = 1"))
    for number in range(1, 7):
        portal.answers[f"/en/news/{number}"].wait = 1.5
    ask(folder, "crawl", "small", "--limit", "4", "--deadline", "2s", code=4)
    for number in range(1, 7):
        portal.answers[f"/en/news/{number}"].wait = 0
    crawl(folder, "--resume")
    assert len(ask(folder, "list")) == 6


def test_one_section_alone(folder: Path, portal: SmallPortal) -> None:
    assert crawl(folder, "--section", "news")["new"] == 6
    assert "no section" in ask(folder, "crawl", "small", "--section", "Sport", code=3)["error"]["message"]


def test_a_dry_run_asks_nothing(folder: Path, portal: SmallPortal) -> None:
    rows = ask(folder, "crawl", "small", "--dry-run")
    assert [row["why"] for row in rows] == ["home", "section"]
    assert portal.asked == []


def test_a_portal_is_crawled_by_one_process_at_a_time(folder: Path, portal: SmallPortal) -> None:
    portal.answers["/en/news/1"].held = threading.Event()
    first = start(folder, "crawl", "small")
    while "/en/news/1" not in portal.paths():
        time.sleep(0.05)
    second = start(folder, "crawl", "small")
    _, err = second.communicate(timeout=60)
    assert second.returncode == 7
    assert "small is being crawled by another process" in err and "Traceback" not in err
    portal.answers["/en/news/1"].held.set()
    first.communicate(timeout=60)
    assert first.returncode == 0


def test_ctrl_c_stops_clean_and_resume_goes_on(folder: Path, portal: SmallPortal) -> None:
    path = folder / "portals" / "small.toml"
    path.write_text(path.read_text().replace("concurrency = 4", "concurrency = 1"))
    for number in range(1, 7):
        portal.answers[f"/en/news/{number}"].wait = 2
    process = start(folder, "crawl", "small")
    while not any(path.startswith("/en/news/1") for path in portal.paths()):
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the readers get it too
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "--resume" in err and "Traceback" not in err
    before = len(ask(folder, "list"))
    assert before < 6
    asked = len(portal.asked)
    summary = crawl(folder, "--resume")
    assert len(ask(folder, "list")) == 6
    assert summary["new"] == 6 - before
    again = [path for _, path, _ in portal.asked[asked:] if path.startswith("/en/news/") and path[9:].isdigit()]
    assert len(again) == 6 - before  # what was kept is not asked again


def test_a_host_that_does_not_answer_makes_an_unhealthy_crawl_with_its_reason(folder: Path, portal: SmallPortal) -> None:
    path = folder / "portals" / "small.toml"
    path.write_text(path.read_text().replace(portal.base, "http://127.0.0.1:9"))
    process = start(folder, "crawl", "small")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 4
    assert "connection refused" in err and "Traceback" not in err


def test_unhealthy_when_block_pages_come_instead_of_articles(folder: Path, portal: SmallPortal) -> None:
    said = "<h1>Sorry, you have been blocked</h1><p>Cloudflare Ray ID: 1</p>"
    wall = f"<html><title>Attention Required! | Cloudflare</title>{said}</html>"
    for number in range(1, 7):
        portal.answers[f"/en/news/{number}"] = Answer(wall.encode(), 403)
    process = start(folder, "crawl", "small")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 4 and "block" in err
    assert ask(folder, "list") == []


def test_what_is_not_html_is_kept_and_said(folder: Path, portal: SmallPortal) -> None:
    portal.put("/en/news/2", b"\x00\x01\x02binary", headers={"Content-Type": "application/octet-stream"})
    summary = crawl(folder)
    assert summary["errors"] == 0 and summary["new"] >= 5


def test_a_full_disk_ends_the_crawl_with_one_line_and_loses_nothing(folder: Path, portal: SmallPortal) -> None:
    crawl(folder)
    for number in range(100, 160):
        portal.article(number, words=" ".join(f"{number * n:x}" for n in range(4000)))
    portal.listing("/en/news/", list(range(100, 160)))
    script = f"ulimit -f 300; exec {sys.executable} -m archive.cli -C {folder} crawl small"  # blocks of 1 KiB a file
    done = subprocess.run(["bash", "-c", script], env=ENV, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    assert len(done.stderr.strip().splitlines()) <= 4, done.stderr
    assert len(ask(folder, "list")) >= 6
    assert crawl(folder)["healthy"]
    assert len(ask(folder, "list")) == 66
    assert ask(folder, "verify")["problems"] == []


def test_an_unknown_portal_names_the_nearest(folder: Path) -> None:
    error = ask(folder, "crawl", "smal", code=3)["error"]
    assert error["code"] == "portal.unknown" and "small" in error["hint"]


def scrapy_crawl(folder: Path, *words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "portal", "-a", "portal=small", *words],
        cwd=Path(__file__).parents[2],
        env={**ENV, "ONRECORD_ARCHIVE": str(folder)},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_scrapy_runs_the_same_crawl(folder: Path, portal: SmallPortal) -> None:
    scrapy_crawl(folder)
    assert len(ask(folder, "list")) == 6


def test_scrapy_takes_the_words_of_a_crawl(folder: Path, portal: SmallPortal) -> None:
    scrapy_crawl(folder, "-a", "limit=2", "-a", "deadline=1m")
    assert len(ask(folder, "list")) == 2
    scrapy_crawl(folder)
    assert len(ask(folder, "list")) == 6


def test_a_delay_on_a_public_looking_portal_is_never_undercut(folder: Path, portal: SmallPortal) -> None:
    path = folder / "portals" / "small.toml"
    path.write_text(path.read_text().replace('delay = "0s"', 'delay = "300ms"').replace("concurrency = 4", "concurrency = 1"))
    crawl(folder)
    times = [at for at, _, _ in portal.asked]
    # Seen from the server, whose own delays move single times about: no faster over all, and never two at once.
    assert (times[-1] - times[0]) / (len(times) - 1) >= 0.29
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.1


def test_retry_after_is_honoured(folder: Path, portal: SmallPortal) -> None:
    portal.put("/en/news/3", "slow down", status=429, headers={"Retry-After": "2"})
    process = start(folder, "crawl", "small")
    while "/en/news/3" not in portal.paths():
        time.sleep(0.05)
    portal.article(3)
    process.communicate(timeout=60)
    assert process.returncode == 0
    times = [at for at, path, _ in portal.asked if path == "/en/news/3"]
    assert len(times) == 2 and times[1] - times[0] >= 1.9
