"""Hostile servers: slow, endless, compressed past all measure, broken off; nothing is dropped, nothing runs away."""

from __future__ import annotations

import gzip
import time

from archive.message import parse_response
from tests.crawler.wire.crawl import fetch
from tests.site.raw import Answer, reply, serve

MIB = 1 << 20


def one(urls: list[str], **settings: object) -> list[dict]:
    return [item for item in fetch(urls, **settings) if item["kind"] != "robots"]


def test_a_slow_answer_ends_at_the_time_limit_and_what_came_is_kept_as_cut_by_time() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
    with serve({"/slow": Answer(head, endless=b"x", pause=0.05), "/ok": reply(200, b"fine")}) as server:
        began = time.monotonic()
        slow, fine = one([server.url("/slow"), server.url("/ok")], DOWNLOAD_TIMEOUT=1.5)
    assert time.monotonic() - began < 10
    assert slow["error"].startswith("DownloadTimeoutError")
    (exchange,) = slow["exchanges"]
    assert exchange.truncated == "time"
    assert exchange.response.startswith(head + b"x")
    assert fine["body"] == b"fine"


def test_an_endless_body_is_cut_at_the_limit_kept_and_given_on() -> None:
    heads = {
        "/length": b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n",
        "/close": b"HTTP/1.1 200 OK\r\n\r\n",
        "/chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    }
    answers = {
        path: Answer(head, endless=b"10000\r\n" + b"y" * 65536 + b"\r\n" if path == "/chunks" else b"y" * 65536)
        for path, head in heads.items()
    }
    with serve(answers) as server:
        for path, result in zip(heads, one([server.url(path) for path in heads], DOWNLOAD_MAXSIZE=MIB), strict=True):
            assert result["error"] is None, path
            assert MIB <= len(result["body"]) <= MIB + 70_000
            (exchange,) = result["exchanges"]
            assert exchange.truncated == "length"
            assert len(exchange.response) <= MIB + 70_000


def test_a_decompression_bomb_gives_a_cut_body_and_the_whole_compressed_answer() -> None:
    bomb = gzip.compress(bytes(50 * MIB))
    with serve({"/bomb": reply(200, bomb, "Content-Encoding: gzip", "Content-Type: text/html")}) as server:
        (result,) = one([server.url("/bomb")], DOWNLOAD_MAXSIZE=MIB)
    assert len(result["body"]) == MIB
    assert "cut" in result["flags"]
    (exchange,) = result["exchanges"]
    assert parse_response(exchange.response).entity == bomb
    assert exchange.truncated is None


def test_a_broken_content_coding_keeps_what_could_be_read_and_says_so() -> None:
    broken = gzip.compress(b"".join(b"%d " % n for n in range(50_000)))[:-2000]
    with serve({"/broken": reply(200, broken, "Content-Encoding: gzip", "Content-Type: text/html")}) as server:
        (result,) = one([server.url("/broken")])
    assert result["body"].startswith(b"0 1 2 3")
    assert "broken_coding" in result["flags"]


def test_headers_without_end_are_refused_within_the_limit() -> None:
    with serve({"/h": Answer(b"HTTP/1.1 200 OK\r\n", endless=b"X-A: " + b"b" * 1000 + b"\r\n")}) as server:
        (result,) = one([server.url("/h")], DOWNLOAD_MAXSIZE=MIB, DOWNLOAD_TIMEOUT=10)
    assert result["kind"] == "failure"
    assert result["exchanges"] == []


def test_control_characters_in_headers_reach_the_record_as_they_are() -> None:
    page = b"HTTP/1.1 200 OK\r\nX-Null: a\x00b\r\nX-Bare: a\rb\r\nContent-Length: 2\r\n\r\nok"
    with serve({"/c": Answer(page)}) as server:
        (result,) = one([server.url("/c")])
    assert result["exchanges"][0].response == page


def test_a_loop_of_redirects_ends_and_every_hop_is_kept() -> None:
    with serve({"/loop": reply(302, b"", "Location: /loop", reason="Found")}) as server:
        (result,) = one([server.url("/loop")])
    assert result["kind"] == "failure"
    assert len(result["exchanges"]) == 11  # the first, and ten redirects
