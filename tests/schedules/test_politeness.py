"""What the portal's own log says: delay, robots.txt, Retry-After and quiet hours kept by crawls, schedules and looks, through
kill -9 and restarts. Real processes, a real server, the real clock."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from tests.crawler.small_portal import SmallPortal, archive_of, small_portal
from tests.crawler.test_crawl import ask, start

DELAY = 0.4


@pytest.fixture
def portal() -> Iterator[SmallPortal]:
    with small_portal(articles=3) as made:
        yield made


def polite(folder: Path, portal: SmallPortal, politeness: str) -> Path:
    """An archive of the portal with this politeness."""
    made = archive_of(folder / "archive", portal)
    path = made / "portals" / "small.toml"
    path.write_text(path.read_text().replace('delay = "0s"\nconcurrency = 4', politeness))
    return made


def gaps(portal: SmallPortal) -> list[float]:
    """Seconds between requests, by the server's clock."""
    return [later - earlier for (earlier, _, _), (later, _, _) in pairwise(portal.asked)]


def wait_for(portal: SmallPortal, count: int) -> None:
    patience = time.monotonic() + 60
    while len(portal.asked) < count:
        assert time.monotonic() < patience, portal.paths()
        time.sleep(0.01)


def end(process: subprocess.Popen[str]) -> tuple[int, str]:
    _, err = process.communicate(timeout=90)
    return process.returncode, err


def test_the_rate_holds_over_crawls_schedules_a_look_beside_them_and_kill_9(tmp_path: Path, portal: SmallPortal) -> None:
    folder = polite(tmp_path, portal, f'delay = "{DELAY}s"')
    first = start(folder, "crawl", "small")
    wait_for(portal, 3)
    first.kill()
    first.communicate(timeout=15)  # its reading processes end with it
    crawling = start(folder, "crawl", "small")
    looking = start(folder, "portal", "try", f"{portal.base}/en/news/1")
    assert (end(crawling)[0], end(looking)[0]) == (0, 0)
    ask(folder, "schedule", "add", "small", "every hour")
    assert end(start(folder, "schedule", "run", "--once"))[0] == 0
    assert len(portal.asked) > 15
    assert min(gaps(portal)) >= DELAY - 0.001


def test_the_delay_of_robots_txt_holds_for_the_next_run_before_it_has_read_it(tmp_path: Path, portal: SmallPortal) -> None:
    robots = "User-agent: *\nCrawl-delay: 3\n"
    portal.put("/robots.txt", robots, headers={"Content-Type": "text/plain"})
    folder = polite(tmp_path, portal, 'delay = "0.1s"')
    first = start(folder, "crawl", "small")
    wait_for(portal, 3)
    first.kill()
    first.communicate(timeout=15)
    second = start(folder, "crawl", "small")
    wait_for(portal, 5)
    second.kill()
    second.communicate(timeout=15)
    assert portal.paths().count("/robots.txt") == 2
    assert min(gaps(portal)) >= 2.999


def test_a_retry_after_given_to_a_killed_crawl_is_kept_by_the_next(tmp_path: Path, portal: SmallPortal) -> None:
    portal.put("/en/news/2", "later", status=503, headers={"Retry-After": "6"})
    folder = polite(tmp_path, portal, 'delay = "0.1s"')
    first = start(folder, "crawl", "small")
    while "/en/news/2" not in portal.paths():
        time.sleep(0.01)
    time.sleep(0.5)
    first.kill()
    first.communicate(timeout=15)
    portal.article(2)
    told = next(number for number, path in enumerate(portal.paths()) if path == "/en/news/2")
    assert len(portal.asked) == told + 1
    assert end(start(folder, "crawl", "small"))[0] == 0
    assert gaps(portal)[told] >= 6.0
    assert len(ask(folder, "list")) == 3


def test_a_long_retry_after_ends_the_crawl_and_the_next_asks_nothing_before_its_end(
    tmp_path: Path, portal: SmallPortal
) -> None:
    portal.put("/en/news/2", "closed", status=503, headers={"Retry-After": "3600"})
    folder = polite(tmp_path, portal, 'delay = "0.1s"')
    code, said = end(start(folder, "crawl", "small"))
    assert code == 4 and "127.0.0.1 asks to be left alone until" in said
    asked = portal.paths()
    assert asked[-1] == "/en/news/2" and asked.count("/en/news/2") == 1
    assert end(start(folder, "crawl", "small"))[0] == 4
    assert portal.paths() == asked
    assert [run["outcome"] for run in ask(folder, "runs")] == ["interrupted", "interrupted"]


def test_nothing_is_asked_in_quiet_hours_by_hand_or_by_schedule(tmp_path: Path, portal: SmallPortal) -> None:
    now = datetime.now(UTC)
    quiet = f"{now - timedelta(hours=1):%H:%M}-{now + timedelta(hours=2):%H:%M}"
    folder = polite(tmp_path, portal, f'quiet_hours = "{quiet}"\ndelay = "0.1s"')
    error = ask(folder, "crawl", "small", code=7)["error"]
    assert error["code"] == "portal.quiet" and "small has quiet hours until" in error["message"]
    ask(folder, "schedule", "add", "small", "every minute")
    assert end(start(folder, "schedule", "run", "--once"))[0] == 0
    assert portal.asked == []


@pytest.mark.long
def test_a_crawl_ends_where_quiet_hours_begin_and_goes_on_later(tmp_path: Path, portal: SmallPortal) -> None:
    now = datetime.now(UTC)
    begin = (now + timedelta(minutes=1)).replace(second=0, microsecond=0)
    if begin - now < timedelta(seconds=8):
        begin += timedelta(minutes=1)
    folder = polite(tmp_path, portal, f'quiet_hours = "{begin:%H:%M}-{begin + timedelta(hours=1):%H:%M}"\ndelay = "1s"')
    time.sleep(max(0.0, (begin - datetime.now(UTC)).total_seconds() - 5))
    code, said = end(start(folder, "crawl", "small"))
    assert datetime.now(UTC) >= begin
    assert code == 4 and "quiet hours until" in said
    last = datetime.now(UTC) - timedelta(seconds=time.monotonic() - portal.asked[-1][0])
    assert last < begin
    path = folder / "portals" / "small.toml"
    path.write_text(path.read_text().replace("quiet_hours", "# quiet_hours"))
    assert end(start(folder, "crawl", "small", "--resume"))[0] == 0
    assert len(ask(folder, "list")) == 3
