"""What sitemaps name, within bounds."""

from __future__ import annotations

import gzip
import time

import pytest

from crawler.listings import parse_sitemap, sitemap
from crawler.portal import Portal

URL = "https://portal.example.az/sitemap.xml"
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'


def urlset(*rows: str) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><urlset {NS}>{"".join(f"<url>{row}</url>" for row in rows)}</urlset>'.encode()
    )


def loc(path: str, more: str = "") -> str:
    return f"<loc>https://portal.example.az{path}</loc>{more}"


def test_addresses_come_with_their_lastmod() -> None:
    found = parse_sitemap(urlset(loc("/en/news/1", "<lastmod>2018-11-26</lastmod>"), loc("/en/news/2")), url=URL)
    assert [(item.url[-1], item.stated_date) for item in found.candidates] == [("1", "2018-11-26"), ("2", None)]


def test_translations_named_beside_an_address_count_too() -> None:
    more = '<xhtml:link rel="alternate" hreflang="az" href="https://portal.example.az/az/news/1"/>'
    found = parse_sitemap(urlset(loc("/en/news/1", more)), url=URL)
    assert [item.url[-10:] for item in found.candidates] == ["/en/news/1", "/az/news/1"]


def test_an_index_names_further_sitemaps() -> None:
    body = f"<sitemapindex {NS}><sitemap>{loc('/a.xml')}</sitemap><sitemap>{loc('/b.xml.gz')}</sitemap></sitemapindex>"
    found = parse_sitemap(body.encode(), url=URL)
    assert found.next_urls == ("https://portal.example.az/a.xml", "https://portal.example.az/b.xml.gz")
    assert found.candidates == ()


def test_gzip_and_plain_text_sitemaps_are_read() -> None:
    assert len(parse_sitemap(gzip.compress(urlset(loc("/en/news/1"))), url=URL + ".gz").candidates) == 1
    text = b"https://portal.example.az/en/news/1\nhttps://portal.example.az/en/news/2\n"
    assert len(parse_sitemap(text, url=URL).candidates) == 2


def test_a_portal_leaves_out_what_is_no_article_of_it() -> None:
    portal = Portal.model_validate(
        {"portal": {"id": "x", "name": "X", "home": "https://portal.example.az/"}, "articles": {"url": r"^/en/news/\d+$"}}
    )
    found = parse_sitemap(urlset(loc("/en/"), loc("/en/news/1"), loc("/en/about")), url=URL, portal=portal)
    assert [item.url[-1] for item in found.candidates] == ["1"]


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">]><urlset><url><loc>http://x.example/&a;</loc></url></urlset>'
)
FILE = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>&x;</loc></url></urlset>'


@pytest.mark.parametrize("body", [BOMB, FILE, BOMB.decode().encode("utf-16"), gzip.compress(FILE)])
def test_entity_declarations_are_refused(body: bytes) -> None:
    found = parse_sitemap(body, url=URL)
    assert found.candidates == ()
    assert "declares XML entities" in found.warnings[0]


def test_a_gzip_bomb_is_refused_early() -> None:
    bomb = gzip.compress(b"<urlset>" + b" " * 200_000_000)
    started = time.monotonic()
    assert "larger than" in parse_sitemap(bomb, url=URL).warnings[0]
    assert time.monotonic() - started < 5


def test_more_addresses_than_a_sitemap_may_have_are_cut_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "MAX_URLS", 10)
    found = parse_sitemap(urlset(*(loc(f"/en/news/{n}") for n in range(30))), url=URL)
    assert len(found.candidates) == 10
    assert "more than 10" in found.warnings[0]


@pytest.mark.parametrize("body", [b"", b"<html><p>Not found</p></html>", b"\x1f\x8bgarbage", b"no xml at all", b"<urlset"])
def test_what_is_no_sitemap_is_told_or_empty(body: bytes) -> None:
    assert parse_sitemap(body, url=URL).candidates == ()


@pytest.mark.parametrize("address", ["file:///etc/passwd", "javascript:1", "http://[broken", "ftp://x.example/a"])
def test_only_web_addresses_are_named(address: str) -> None:
    assert parse_sitemap(urlset(f"<loc>{address}</loc>"), url=URL).candidates == ()
