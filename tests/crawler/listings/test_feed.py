"""What feeds show; and that a feed can neither read a file nor blow up."""

from __future__ import annotations

import gzip
import time
from pathlib import Path

import pytest

from crawler.listings import Candidate, parse_feed
from crawler.portal import Portal

URL = "https://portal.example.az/rss.xml"
ITEM = (
    "<item><title> Minister  opens\n the bridge </title><link>/en/news/12</link>"
    "<pubDate>Mon, 26 Nov 2018 18:40:00 +0400</pubDate></item>"
)


def rss(items: str, channel: str = "") -> bytes:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{channel}{items}</channel></rss>'.encode()


def test_entries_keep_their_order_and_the_offset_of_their_dates() -> None:
    found = parse_feed(rss(ITEM), url=URL)
    assert found.candidates == (
        Candidate("https://portal.example.az/en/news/12", "Minister opens the bridge", "2018-11-26T18:40:00+04:00", 0),
    )


def test_atom_is_read_and_its_next_page_named() -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><link rel="next" href="/atom?page=2"/>'
        '<entry><title>A</title><link href="https://portal.example.az/a"/><id>urn:1</id><updated>2018-11-26T10:00:00Z</updated></entry></feed>'
    )
    found = parse_feed(atom.encode(), url=URL)
    assert found.candidates == (Candidate("https://portal.example.az/a", "A", "2018-11-26T10:00:00+00:00", 0),)
    assert found.next_urls == ("https://portal.example.az/atom?page=2",)


def test_the_year_one_of_an_empty_date_field_is_no_date() -> None:
    empty = ITEM.replace("Mon, 26 Nov 2018 18:40:00 +0400", "Mon, 01 Jan 0001 00:00:00 +0000")
    assert parse_feed(rss(empty), url=URL).candidates[0].stated_date is None


def test_a_portal_leaves_out_what_is_no_article_of_it() -> None:
    portal = Portal.model_validate(
        {"portal": {"id": "x", "name": "X", "home": "https://portal.example.az/"}, "articles": {"url": r"^/en/news/\d+$"}}
    )
    items = ITEM + ITEM.replace("/en/news/12", "/en/events/3") + ITEM.replace("/en/news/12", "https://other.example/en/news/1")
    assert [item.url for item in parse_feed(rss(items), url=URL, portal=portal).candidates] == [
        "https://portal.example.az/en/news/12"
    ]


def test_a_gzipped_feed_is_read() -> None:
    assert len(parse_feed(gzip.compress(rss(ITEM)), url=URL).candidates) == 1


def test_a_body_that_is_a_file_name_reads_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "feed.xml"
    secret.write_bytes(rss(ITEM))
    found = parse_feed(str(secret).encode(), url=URL)
    assert found.candidates == ()
    assert found.warnings


XML = b'<?xml version="1.0"?><!DOCTYPE r ['
BOMB = XML + b'<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><rss><channel>&b;</channel></rss>'
FILE = XML + b'<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><title>&x;</title></channel></rss>'


@pytest.mark.parametrize("body", [BOMB, FILE, FILE.decode().encode("utf-16")])
def test_entity_declarations_are_refused(body: bytes) -> None:
    found = parse_feed(body, url=URL)
    assert found.candidates == ()
    assert "declares XML entities" in found.warnings[0]


def test_a_gzip_bomb_is_refused_early() -> None:
    bomb = gzip.compress(b"<rss>" + b" " * 200_000_000)
    started = time.monotonic()
    found = parse_feed(bomb, url=URL)
    assert "larger than" in found.warnings[0]
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("body", [b"", b"<html><body>Not found</body></html>", b"\x1f\x8bgarbage", b"{}", b"\0" * 100])
def test_what_is_no_feed_is_a_warning(body: bytes) -> None:
    found = parse_feed(body, url=URL)
    assert found.candidates == ()
    assert found.warnings
