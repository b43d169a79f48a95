"""Which links of a listing are articles, with which titles and dates; also in pages that are broken or hostile."""

from __future__ import annotations

import time

import pytest

from crawler.listings import Candidate, parse_listing
from crawler.listings.links import parse_page, refresh_target
from crawler.portal import Portal

URL = "https://portal.example.az/en/news"
PORTAL = Portal.model_validate(
    {
        "portal": {"id": "x", "name": "X", "home": "https://portal.example.az/en/"},
        "articles": {"url": r"^/en/news/(?P<id>\d+)", "exclude": ["/print/"]},
    }
)
HUB = """<!doctype html><html lang=en><body>
<header><nav><a href="/en/about-us-2018">About the ministry and its work</a></nav></header>
<div class=list>
  <div class=item><a href="/en/news/12"><img src=a.jpg alt=""></a>
    <h3><a href="/en/news/12">Minister opens the bridge of Ganja</a></h3>
    <span class=date>26 November 2018</span><a href="/en/news/12">Read more</a></div>
  <div class=item><h3><a href="/en/news/11#top">Commission meets on the draft resolution</a></h3>
    <time datetime="2018-11-25T10:00:00+04:00">yesterday</time> <a href="/en/news/11/print/">Print</a></div>
</div>
<footer><a href="/en/privacy-policy-2018">The privacy policy of this site</a></footer></body></html>"""


def listing(
    html: str | bytes, portal: Portal | None = PORTAL, url: str = URL, kind: str = "text/html; charset=utf-8"
) -> tuple[Candidate, ...]:
    body = html if isinstance(html, bytes) else html.encode()
    return parse_listing(body, url=url, content_type=kind, portal=portal).candidates


def test_articles_come_in_page_order_each_once_with_title_and_date() -> None:
    assert listing(HUB) == (
        Candidate("https://portal.example.az/en/news/12", "Minister opens the bridge of Ganja", "26 November 2018", 0),
        Candidate(
            "https://portal.example.az/en/news/11", "Commission meets on the draft resolution", "2018-11-25T10:00:00+04:00", 1
        ),
    )


def test_without_a_rule_headlines_in_the_content_count_and_menus_do_not() -> None:
    assert [item.url.rsplit("/", 1)[-1] for item in listing(HUB, portal=None)] == ["12", "11"]


def test_links_of_other_hosts_are_never_articles() -> None:
    html = '<a href="https://elsewhere.example/en/news/12">Minister opens the bridge of Ganja</a>'
    assert listing(html) == () == listing(html, portal=None)


def test_www_is_the_same_host() -> None:
    assert len(listing('<a href="https://www.portal.example.az/en/news/12">Bridge</a>')) == 1


def test_a_base_element_is_respected() -> None:
    html = '<base href="https://portal.example.az/en/"><a href="news/12">Bridge</a>'
    assert [item.url for item in listing(html)] == ["https://portal.example.az/en/news/12"]


def test_the_charset_of_the_header_decides() -> None:
    html = '<a href="/en/news/12">Министр открыл мост</a>'.encode("windows-1251")
    assert listing(html, kind="text/html; charset=windows-1251")[0].title == "Министр открыл мост"


@pytest.mark.parametrize(
    "href", ["javascript:go(12)", "mailto:a@b.example", "http://[broken", "data:text/html,x", "file:///etc/passwd", "#top", ""]
)
def test_what_is_no_web_address_is_passed_over(href: str) -> None:
    assert listing(f'<a href="{href}">Minister opens the bridge of Ganja</a>', portal=None) == ()


def test_line_breaks_inside_an_address_do_not_reach_the_request() -> None:
    assert listing('<a href="/en/news/\r\n12">Bridge</a>')[0].url == "https://portal.example.az/en/news/12"


def test_a_page_nested_a_hundred_thousand_deep_keeps_its_links_and_says_so() -> None:
    html = "<div>" * 100_000 + '<a href="/en/news/12">Minister opens the bridge of Ganja</a>'
    started = time.monotonic()
    found = parse_listing(html.encode(), url=URL, content_type="text/html", portal=PORTAL)
    assert [item.title for item in found.candidates] == ["Minister opens the bridge of Ganja"]
    assert "nested too deeply" in found.warnings[0]
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    "body", [b"", b"\0\0\0", b"<", "\ud800".encode("utf-8", "surrogatepass"), b"\xff\xfe<\0a\0", b"<?xml version='1.0'?>"]
)
def test_what_is_no_page_holds_nothing(body: bytes) -> None:
    found = parse_listing(body, url=URL, content_type="text/html", portal=PORTAL)
    assert (found.candidates, found.next_urls) == ((), ())


def test_a_refresh_within_five_seconds_is_where_a_page_leads() -> None:
    def target(content: str) -> str | None:
        page = parse_page(f'<meta http-equiv="Refresh" content="{content}">'.encode(), url=URL)
        return refresh_target(page)

    assert target("0; url=/az/") == "https://portal.example.az/az/"
    assert target("0;URL='/az/'") == "https://portal.example.az/az/"
    assert target("300; url=/az/") is None
    assert target("5") is None
    assert target("0; url=file:///etc/passwd") is None
