"""The past out of a public web archive, which here is pywb on loopback."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from archive.errors import OnrecordError
from archive.fetching import AddressNotPublic, Got, get
from archive.verify import verify
from archive.workspace import Workspace, create
from crawler import portal_file
from crawler.past.archives import WebArchive
from tests.crawler.past.test_import import HOME, OLD, article, exchange, portal, told, warc_of
from tests.judges.pywb import wayback
from tests.site.raw import reply, serve


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("ONRECORD_CRAWL_ALLOW_PRIVATE", "1")
    workspace = create(tmp_path / "archive")
    portal(workspace, HOME)
    return workspace


def test_captures_of_another_archive_become_the_portals_past(workspace: Workspace, tmp_path: Path) -> None:
    days = [timedelta(days=n) for n in range(4)]
    warc = warc_of(
        tmp_path,
        exchange("/en/news/1", OLD, article(1, "It was 46.")),
        exchange("/en/news/1", OLD + days[1], article(1, "It was 47.")),
        exchange("/en/news/2", OLD + days[1], article(2)),
        exchange("/en/news/2", OLD + days[2], b"<h1>gone</h1>", 404),
        exchange("/about", OLD, b"<h1>about</h1>"),
    )
    with wayback([warc], tmp_path) as collection:
        (seen,) = told(workspace, "backfill", "gov", "--from", collection, "--delay", "0", "--dry-run")
        assert (seen["listed"], seen["wanted"], seen["fetched"]) == (4, 4, 0)
        (first,) = told(workspace, "backfill", "gov", "--from", collection, "--delay", "0", "--limit", "2")
        (rest,) = told(workspace, "backfill", "gov", "--from", collection, "--delay", "0")
        (again,) = told(workspace, "backfill", "gov", "--from", collection, "--delay", "0")
    assert (first["fetched"], rest["fetched"], again["fetched"]) == (2, 2, 0)
    assert [row["kind"] for row in told(workspace, "log", f"{HOME}/en/news/1")] == ["new", "edited"]
    assert told(workspace, "log", f"{HOME}/en/news/1")[1]["seen_at"].startswith("2018-11-27")
    assert told(workspace, "gone")[0]["url"] == f"{HOME}/en/news/2"
    assert told(workspace, "show", f"{HOME}/en/news/1")["evidence"]["fidelity"] == "reconstructed"
    assert verify(workspace).problems == []


def test_a_list_in_the_waybacks_form_is_read_and_odd_rows_are_passed_over(workspace: Workspace) -> None:
    rows = [["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest"]]
    rows += [["x", "20181126080000", f"{HOME}/en/news/1", "text/html", "200", "A"]]
    rows += [["x", "soon", f"{HOME}/en/news/2", "text/html", "200", "A"], ["x", "20181126080000", "ftp://x/1", "-", "-", "B"]]
    web = WebArchive("https://archive.example/c", lambda url: Got(200, {}, json.dumps(rows).encode(), False), delay=0)
    found = web.listed(portal_file.find(workspace, "gov"))
    assert [(item.url, item.stamp) for item in found] == [(f"{HOME}/en/news/1", "20181126080000")]
    broken = WebArchive("https://archive.example/c", lambda url: Got(200, {}, b"<html>", False), delay=0)
    with pytest.raises(OnrecordError, match="no JSON"):
        broken.listed(portal_file.find(workspace, "gov"))


def test_an_archived_429_is_a_capture_and_the_archives_own_is_waited_for(workspace: Workspace) -> None:
    waited: list[float] = []
    own = Got(429, {"retry-after": "7"}, b"slow down", False)
    archived = Got(429, {"memento-datetime": "Mon, 26 Nov 2018 08:00:00 GMT", "x-archive-orig-server": "x"}, b"busy", False)
    answers = [own, archived]
    rows = [{"timestamp": "20181126080000", "url": f"{HOME}/en/news/1", "status": "429"}]
    web = WebArchive("https://archive.example/c", lambda url: answers.pop(0), delay=0, sleep=waited.append)
    listing = WebArchive("https://archive.example/c", lambda url: Got(200, {}, json.dumps(rows[0]).encode(), False), delay=0)
    (item,) = listing.listed(portal_file.find(workspace, "gov"))
    exchange = web.exchange(item)
    assert exchange is not None
    assert exchange.response.startswith(b"HTTP/1.1 429 Too Many Requests\r\nserver: x\r\n")
    assert 6 < max(waited) <= 7
    hopeless = WebArchive("https://archive.example/c", lambda url: own, delay=0, sleep=waited.append)
    assert hopeless.exchange(item) is None


def test_private_addresses_are_asked_only_where_that_is_allowed() -> None:
    with serve({"/x": reply(200, b"y" * 100)}) as server:
        with pytest.raises(AddressNotPublic):
            get(server.url("/x"), user_agent="test")
        assert server.connections == 0
        found = get(server.url("/x"), user_agent="test", allow_private=True, limit=10)
    assert (found.status, found.body, found.cut) == (200, b"y" * 10, True)
    with pytest.raises(OnrecordError):
        get("file:///etc/passwd", user_agent="test")
