"""What is refused, what every answer says to browsers, and what is not sent twice."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta, tzinfo

import pytest
from starlette.testclient import TestClient

from archive.web import create_app, rendering
from archive.web.rendering import ago
from archive.workspace import Workspace
from tests.archive.story import HOME

PATHS = [
    "/",
    "/changes",
    "/search?q=a",
    "/gone",
    "/runs",
    "/-/about",
    "/cdx?url=x",
    "/web/2026/http://x/",
    "/static/onrecord.css",
    "/no",
]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_nothing_but_get_and_head_is_answered(viewer: TestClient, method: str) -> None:
    for path in PATHS:
        assert viewer.request(method, path).status_code == 405, path


def test_head_is_get_without_a_body(viewer: TestClient) -> None:
    assert viewer.head("/changes").status_code == 200
    assert viewer.head("/changes").content == b""


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost.evil.example:8001", "[::2]:8001"])
def test_a_foreign_host_name_is_refused(viewer: TestClient, host: str) -> None:
    assert viewer.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8001", "LOCALHOST", "[::1]:8001"])
def test_names_of_this_machine_are_answered(viewer: TestClient, host: str) -> None:
    assert viewer.get("/", headers={"host": host}).status_code == 200


def test_a_public_viewer_answers_to_any_name(kept: Workspace) -> None:
    public = TestClient(create_app(kept, hosts=None), base_url="http://archive.example")
    assert public.get("/").status_code == 200


def test_every_answer_forbids_scripts_and_framing_by_others(viewer: TestClient) -> None:
    for path in PATHS:
        headers = viewer.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert "script-src" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_a_page_that_the_browser_has_is_not_sent_again(viewer: TestClient) -> None:
    first = viewer.get("/runs.json")
    again = viewer.get("/runs.json", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert viewer.get("/runs.json", headers={"if-none-match": 'W/"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("since", "said"),
    [
        (5, "0 minutes ago"),
        (65, "1 minute ago"),
        (119 * 60, "119 minutes ago"),
        (2 * 3600, "2 hours ago"),
        (-300, "in 5 minutes"),
        (47 * 3600, "47 hours ago"),
        (48 * 3600, "2 days ago"),
        (400 * 86400, "400 days ago"),
    ],
)
def test_how_long_ago_is_told_in_one_unit(since: int, said: str) -> None:
    assert ago(timedelta(seconds=since)) == said


def test_pages_are_the_same_a_moment_later(viewer: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Later:
            return cls.fromtimestamp(datetime.now(tz).timestamp() + 7, tz)

    for path in ("/changes", "/runs", "/gone", "/portals/example-az"):
        tag = viewer.get(path).headers["etag"]
        with monkeypatch.context() as patched:
            patched.setattr(rendering, "datetime", Later)
            assert viewer.get(path, headers={"if-none-match": tag}).status_code == 304, path


def test_long_pages_are_compressed(viewer: TestClient) -> None:
    assert viewer.get("/changes", headers={"accept-encoding": "gzip"}).headers["content-encoding"] == "gzip"
    assert "content-encoding" not in viewer.get("/changes", headers={"accept-encoding": "identity"}).headers


def test_cells_that_a_spreadsheet_would_run_are_neutralised(viewer: TestClient) -> None:
    text = viewer.get("/portals/example-az.csv").text
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static//etc/passwd",
        "/pages/..%2f..%2fetc%2fpasswd",
        "/web/2026/file:///etc/passwd",
        f"/web/99999999999999/{HOME}/news/1",
        "/web/2026/http://[::1/",
        "/web/2026/http://a b/%00",
        "/pages/%00",
        "/search?q=%00%ff%22*",
        "/search?q=" + "a" * 5000,
        "/search?q=NEAR(%22",
        "/changes?since=9999999999d",
        "/cdx?url=x&filter=status:(((",
        "/index.json?year=abc",
        "/index.json?year=1",
        "/pages/ffff/diff/1..2..3",
        "/pages/ffff@%7Bnever%7D",
    ],
)
def test_no_address_breaks_the_viewer_or_leaves_it(viewer: TestClient, path: str) -> None:
    found = viewer.get(path)
    assert found.status_code < 500
    assert "root:" not in found.text
    assert "def create_app" not in found.text


def test_an_answer_is_sent_at_once(kept: Workspace) -> None:
    import socket

    from archive.web.server import Viewer

    with Viewer(kept) as viewer:  # asyncio sets TCP_NODELAY only on a socket that says TCP; without it each answer waits 40 ms
        assert viewer._socket.proto == socket.IPPROTO_TCP
