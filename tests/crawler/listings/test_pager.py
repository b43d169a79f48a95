"""Where a listing goes on."""

from __future__ import annotations

import pytest

from crawler.listings import parse_listing
from crawler.portal import Paginate, Portal, Section

URL = "https://portal.example.az/en/news"
ARTICLE = '<h3><a href="/en/item/12">Minister opens the bridge of Ganja</a></h3>'
PORTAL = Portal.model_validate(
    {"portal": {"id": "x", "name": "X", "home": "https://portal.example.az/"}, "articles": {"url": "^/en/item/"}}
)


def following(html: str, paginate: Paginate | None = None, url: str = URL) -> list[str]:
    section = Section(name="News", url="/en/news", paginate=paginate)
    found = parse_listing(html.encode(), url=url, content_type="text/html", portal=PORTAL, section=section)
    return [item.removeprefix("https://portal.example.az") for item in found.next_urls]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a rel="next" href="?page=2">2</a>', "/en/news?page=2"),
        ('<link rel="next" href="/en/news/page/2/">', "/en/news/page/2/"),
        ('<a href="/en/news?p=2">Next</a>', "/en/news?p=2"),
        ('<a href="/en/news?p=2">Older posts »</a>', "/en/news?p=2"),
        ('<a href="/en/news?p=2">Növbəti</a>', "/en/news?p=2"),
        ('<a href="/en/news?p=2">›</a>', "/en/news?p=2"),
        ('<li class="pager-next"><a href="/en/news?p=2">more</a></li>', "/en/news?p=2"),
        ('<b>1</b> <a href="?p=2">2</a> <a href="?p=3">3</a> <a href="?p=99">Last</a>', "/en/news?p=2"),
        (
            '<li class=active><a href="/en/news">1</a></li><li><a href="?page=1">2</a></li><li><a href="?page=2">3</a></li>',
            "/en/news?page=1",
        ),
        ('<a href="?p=1">1</a> <b>2</b> <a href="?p=3">3</a>', "/en/news?p=3"),
        ('<a href="?p=1">[1]</a> <a class=current href="?p=2">[2]</a> <a href="?p=3">[3]</a>', "/en/news?p=3"),
    ],
)
def test_the_next_page_is_found(html: str, expected: str) -> None:
    assert following(ARTICLE + html) == [expected]


@pytest.mark.parametrize(
    "html",
    [
        "",
        '<a href="?p=1">1</a> <a href="?p=2">2</a> <b>3</b>',
        '<a href="/en/news">1</a>',
        '<a href="/en/archive/2017">2017</a> <a href="/en/archive/2018">2018</a>',
        '<a href="https://elsewhere.example/?p=2">2</a> <a href="https://elsewhere.example/?p=3">3</a>',
    ],
)
def test_the_last_page_has_no_next(html: str) -> None:
    assert following(ARTICLE + html) == []


def test_a_selector_names_the_link_and_nothing_else_does() -> None:
    html = ARTICLE + '<a rel=next href="?wrong=1">Next</a><div class=more><a href="?p=2">On</a></div>'
    assert following(html, Paginate(next=".more a")) == ["/en/news?p=2"]
    assert following(html, Paginate(next=".more")) == ["/en/news?p=2"]
    assert following(html, Paginate(next="a.none")) == []


def test_a_parameter_is_counted_up_while_the_page_shows_articles() -> None:
    rule = Paginate(param="page", start=1)
    assert following(ARTICLE, rule) == ["/en/news?page=2"]
    assert following(ARTICLE, rule, URL + "?lang=en&page=7") == ["/en/news?lang=en&page=8"]
    assert following("<p>nothing here</p>", rule) == []
    assert following(ARTICLE, Paginate(param="page", start=0)) == ["/en/news?page=1"]
