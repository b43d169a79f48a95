"""HTTP answers are taken apart whatever servers send."""

from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from archive.coding import decode
from archive.message import decoded, has_answer, parse_response
from tests.site.nasty import NASTY


def test_headers_keep_order_case_and_duplicates_and_folded_lines_are_joined() -> None:
    message = parse_response(NASTY["/duplicates"])
    assert message.headers[:4] == (("X-A", "1"), ("X-B", "2"), ("X-A", "3"), ("x-a", "4"))
    assert message.header("x-A") == "1"
    assert message.all("X-a") == ("1", "3", "4")
    assert parse_response(NASTY["/folded"]).header("x-fold") == "a b"


def test_status_line_keeps_its_reason_and_lines_without_colon_are_told() -> None:
    message = parse_response(NASTY["/reason"])
    assert (message.status, message.reason) == (200, "T\xc9\x99mam \xff")
    assert any("without a colon" in warning for warning in message.warnings)


def test_chunks_and_trailers_are_taken_off_and_the_content_coding_stays() -> None:
    chunked = parse_response(NASTY["/chunked"])
    assert gzip.decompress(chunked.entity) == b"hello" * 100
    assert decoded(chunked, 1 << 20).body == b"hello" * 100
    assert not chunked.verbatim
    trailers = parse_response(NASTY["/trailers"])
    assert (trailers.entity, trailers.trailers, trailers.complete) == (b"ok", (("X-T", "1"),), True)


@pytest.mark.parametrize(
    ("raw", "entity", "complete"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", b"abc", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc", b"ab", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc", b"abc", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\nabc", b"abc", True),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", b"abc", False),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", b"abc", False),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<html>not chunked", b"<html>not chunked", False),
        (b"HTTP/1.1 200 OK\nContent-Length: 3\n\nabc", b"abc", True),
        (b"HTTP/1.0 200\r\n\r\nabc", b"abc", True),
        (b"HTTP/1.1 204 No Content\r\n\r\nabc", b"", True),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n", b"", True),
    ],
)
def test_framing_that_lies_gives_what_is_there_and_says_whether_it_is_whole(raw: bytes, entity: bytes, complete: bool) -> None:
    message = parse_response(raw)
    assert (message.entity, message.complete) == (entity, complete)


def test_interim_answers_are_passed_over() -> None:
    raw = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 404 No\r\nContent-Length: 1\r\n\r\nx"
    message = parse_response(raw)
    assert (message.status, message.entity, message.head) == (404, b"x", len(raw) - 1)


def test_media_type_charset_and_location_are_read_as_browsers_read_them() -> None:
    raw = "HTTP/1.1 302 Found\r\nContent-Type: Text/HTML ; Charset='UTF-8'\r\nLocation: /ə\r\n\r\n".encode()
    message = parse_response(raw)
    assert (message.media, message.charset, message.location) == ("text/html", "utf-8", "/ə")
    assert parse_response(b"HTTP/1.1 200 OK\r\nContent-Type: nonsense\r\n\r\n").media is None


@given(st.binary(max_size=400))
def test_no_bytes_at_all_make_it_fail(raw: bytes) -> None:
    assert parse_response(raw).head <= len(raw)
    assert parse_response(b"HTTP/1.1 200 OK\r\n" + raw).status == 200
    chunked = parse_response(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + raw)
    assert len(chunked.entity) <= len(raw)
    has_answer(raw)


PACK = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd.compress}


@pytest.mark.parametrize("coding", PACK)
def test_content_codings_are_undone_within_the_limit(coding: str) -> None:
    text = b"".join(b"%d " % n for n in range(100_000))
    packed = PACK[coding](text)
    assert decode(packed, [coding], 1 << 20) == (text, (), False)
    assert decode(packed, [coding], 1000) == (text[:1000], (), True)
    broken = decode(packed[: len(packed) // 2], [coding], 1 << 20)
    assert broken.warnings
    assert text.startswith(broken.body)
    assert broken.body
    assert decode(b"<html>plain</html>", [coding], 1 << 20).warnings


def test_codings_are_undone_from_last_to_first_and_unknown_ones_are_told() -> None:
    packed = brotli.compress(gzip.compress(b"text"))
    assert decode(packed, ["gzip", "br"], 100).body == b"text"
    assert decode(b"x", ["exi"], 100) == (b"x", ("unknown coding 'exi'",), False)
    raw = zlib.compressobj(wbits=-15)
    assert decode(raw.compress(b"raw deflate") + raw.flush(), ["deflate"], 100).body == b"raw deflate"


@pytest.mark.parametrize("coding", PACK)
@given(data=st.binary(max_size=200))
def test_no_bytes_make_a_decoder_fail(coding: str, data: bytes) -> None:
    assert len(decode(data, [coding], 1000).body) <= 1000
