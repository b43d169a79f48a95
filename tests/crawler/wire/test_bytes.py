"""What the tap keeps is what went over the connection."""

from __future__ import annotations

import pytest

from tests.crawler.wire.crawl import fetch
from tests.site.nasty import ANSWERS, NASTY
from tests.site.raw import serve


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_requests_and_ten_nasty_answers_are_kept_byte_for_byte(tls: bool) -> None:
    with serve(dict(ANSWERS), tls=tls) as server:
        found = [result for result in fetch([server.url(path) for path in NASTY]) if result["kind"] != "robots"]
        assert [result["error"] for result in found] == [None] * 10
        for path, result in zip(NASTY, found, strict=True):
            (exchange,) = result["exchanges"]
            assert exchange.response == NASTY[path]
            assert exchange.request == server.requests(path)[0]
            assert exchange.fidelity == "wire"
            assert exchange.ip == "127.0.0.1"
            assert exchange.truncated == ("disconnect" if path == "/short" else None)
            if tls:
                assert exchange.tls.version == "tls/1.3"
                assert len(exchange.tls.chain) == 1
            else:
                assert exchange.tls is None


def test_a_chain_of_redirects_is_kept_hop_by_hop_across_hosts_and_schemes() -> None:
    with serve(tls=True) as other, serve() as server:
        from tests.site.raw import reply

        server.answers["/a"] = reply(301, b"", "Location: /b", reason="Moved")
        server.answers["/b"] = reply(302, b"x", f"Location: {other.url('/c')}", reason="Found")
        other.answers["/c"] = reply(200, b"here", "Content-Type: text/plain")
        (result,) = [item for item in fetch([server.url("/a")]) if item["kind"] != "robots"]
    assert [exchange.url for exchange in result["exchanges"]] == [server.url("/a"), server.url("/b"), other.url("/c")]
    assert result["body"] == b"here"
    assert [bool(exchange.tls) for exchange in result["exchanges"]] == [False, False, True]


def test_a_connection_that_died_while_idle_leaves_one_exchange_with_the_request_that_was_answered() -> None:
    from tests.site.raw import Answer

    with serve() as server:
        page = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        server.answers["/1"] = Answer(page, close=True)  # keeps quiet about closing
        server.answers["/2"] = Answer(page)
        found = [
            item
            for item in fetch([server.url("/1"), server.url("/2")], CONCURRENT_REQUESTS=1, DOWNLOAD_DELAY=0.2)
            if item["kind"] != "robots"
        ]
        assert [len(item["exchanges"]) for item in found] == [1, 1]
        assert found[1]["exchanges"][0].request == server.requests("/2")[-1]
