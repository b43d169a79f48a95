"""robots.txt as RFC 9309 says, and exchanges that had to be reconstructed."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response

from crawler.middlewares import ExchangeMiddleware
from tests.crawler.wire.crawl import fetch
from tests.site.raw import Answer, reply, serve

RULES = b"User-agent: *\nDisallow: /page\n"


CASES: dict[str, tuple[Answer, bool]] = {
    "rules": (reply(200, RULES), False),
    "byte order mark": (reply(200, b"\xef\xbb\xbf" + RULES), False),
    "html": (reply(200, b"<!doctype html><html><p>Welcome</p></html>", "Content-Type: text/html"), True),
    "404": (reply(404, RULES), True),
    "403": (reply(403, RULES), True),
    "500": (reply(500, b""), False),
    "503": (reply(503, b""), False),
    "rules after 500 KiB": (reply(200, b"#" * 600 * 1024 + b"\n" + RULES), True),
    "rules before 500 KiB": (reply(200, RULES + b"#" * 600 * 1024), False),
    "redirect loop": (reply(302, b"", "Location: /robots.txt"), True),  # over five redirects: as if there was none
    "no answer": (Answer(b"", close=True), False),
}


@pytest.fixture(scope="module")
def obeyed() -> dict[str, tuple[list[bytes], dict[str, Any]]]:
    """Every case on a server of its own, all in one crawl: the requests for /page, and what the spider saw."""
    with ExitStack() as stack:
        servers = [
            stack.enter_context(serve({"/robots.txt": robots, "/page": reply(200, b"page")})) for robots, _ in CASES.values()
        ]
        found = fetch([server.url("/page") for server in servers])
        return {name: (server.requests("/page"), result) for name, server, result in zip(CASES, servers, found, strict=False)}


@pytest.mark.parametrize("name", CASES)
def test_robots_txt_is_obeyed_as_rfc_9309_says(name: str, obeyed: dict[str, tuple[list[bytes], dict[str, Any]]]) -> None:
    asked, result = obeyed[name]
    if CASES[name][1]:
        assert asked
        assert result["body"] == b"page"
    else:
        assert asked == []
        assert "robots" in result["error"]


def test_what_robots_txt_answered_is_handed_over_byte_for_byte() -> None:
    with serve({"/robots.txt": reply(200, RULES), "/a": reply(200, b"a"), "/b": reply(200, b"b")}) as server:
        *_, told = fetch([server.url("/a"), server.url("/b")])
        assert len(server.requests("/robots.txt")) == 1
    (exchange,) = told["exchanges"]
    assert exchange.response.endswith(RULES)
    assert told["status"] == 200


def test_retries_and_redirects_share_one_list_and_a_new_request_begins_its_own() -> None:
    middleware = ExchangeMiddleware()
    first = Request("http://gov.example/a")
    middleware.process_request(first)
    first.meta["exchanges"].append("one")
    again = first.replace(meta={**first.meta, "retry_times": 1})
    middleware.process_request(again)
    assert again.meta["exchanges"] is first.meta["exchanges"]
    other = Request("http://gov.example/b", meta={"exchanges": ["foreign"]})
    middleware.process_request(other)
    assert other.meta["exchanges"] == []


def test_an_answer_that_came_past_the_tap_is_reconstructed_and_says_so() -> None:
    middleware = ExchangeMiddleware()
    request = Request("http://gov.example/a?x=1#f", headers={"Accept": "*/*"})
    middleware.process_request(request)
    response = Response(request.url, status=404, headers={"Content-Type": "text/html"}, body=b"gone")
    middleware.process_response(request, response)
    (exchange,) = request.meta["exchanges"]
    assert exchange.fidelity == "reconstructed"
    assert exchange.url == "http://gov.example/a?x=1"
    assert exchange.request.startswith(b"GET /a?x=1 HTTP/1.1\r\nHost: gov.example\r\n")
    assert exchange.response.startswith(b"HTTP/1.1 404\r\n")
    assert exchange.response.endswith(b"\r\n\r\ngone")
    assert exchange.at <= datetime.now(UTC)
