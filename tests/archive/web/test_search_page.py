"""The search page: filters are seen and can be taken off, facets lead on and say what they count; the feed keeps to them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from lxml import html
from starlette.testclient import TestClient


def links(viewer: TestClient, path: str, where: str) -> dict[str, str]:
    """Addresses by their words, of a part of the page."""
    found = html.fromstring(viewer.get(path).text).xpath(f"{where}//a")
    return {" ".join(link.text_content().split()): link.get("href") for link in found}


def feed(viewer: TestClient, address: str) -> set[tuple[str, str]]:
    """What happened to which page, as the feed of a search tells it."""
    items = viewer.get(f"/search.feed.json?{address}").json()["items"]
    return {(item["tags"][0], item["external_url"].partition(".az")[2].partition("?")[0]) for item in items}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("q=47+OR+harvest&gone=1", {("edited", "/news/1"), ("gone", "/news/3")}),
        ("q=47+OR+harvest&gone=1&status=gone", {("gone", "/news/3")}),
        ("q=47+OR+harvest&gone=1&until=2026-03-01", set()),
        ("q=47+OR+harvest&gone=1&lang=az", set()),
        ("q=47+OR+harvest&gone=1&year=2025", set()),
        (
            "q=47+OR+harvest&gone=1&year=2026&lang=en&portal=example-az&section=News",
            {("edited", "/news/1"), ("gone", "/news/3")},
        ),
        ("q=resolution&gone=1", set()),
        ("q=resolution", {("new", "/news/1"), ("edited", "/news/1")}),
    ],
)
def test_the_feed_of_a_search_keeps_its_filters(viewer: TestClient, address: str, expected: Any) -> None:
    assert feed(viewer, address) == expected


def test_the_page_offers_the_feed_of_its_filters(viewer: TestClient) -> None:
    offered = links(viewer, "/search?q=hazelnuts&gone=1&lang=en", "//main")["subscribe to changes that take these words away"]
    assert offered == "/search.atom?q=hazelnuts&gone=1&lang=en"


def test_every_filter_in_use_is_shown_and_can_be_removed(viewer: TestClient) -> None:
    used = {"portal": "example-az", "section": "News", "lang": "en", "year": "2026", "status": "gone", "since": "2026-03-01"}
    used |= {"until": "2026-04", "gone": "1"}
    address = "/search?q=hazelnuts&" + "&".join(f"{name}={value}" for name, value in used.items())
    without = set(links(viewer, address, "//p[@class='active']").values())
    for name, value in used.items():
        (left,) = [link for link in without if f"&{name}=" not in link and link.count("&") == len(used) - 1]
        assert f"{name}={value}" in address and "q=hazelnuts" in left
    assert "/search?q=hazelnuts" in without
    text = viewer.get(address).text
    assert '<details class="narrow" open>' in text
    form = html.fromstring(text).xpath("//form[@class='filters']")[0]
    assert {name: form.fields[name] for name in ("section", "lang", "year", "since", "until", "q")} == {
        **{name: used[name] for name in ("section", "lang", "year", "since", "until")},
        "q": "hazelnuts",
    }
    assert form.xpath(".//input[@name='status' and @checked]/@value") == ["gone"]
    assert 'class="active"' not in viewer.get("/search?q=hazelnuts").text


def test_nothing_found_with_filters_leads_to_what_is_without(viewer: TestClient) -> None:
    assert links(viewer, "/search?q=hazelnuts&year=1999", "//main")["Search without them"] == "/search?q=hazelnuts"
    assert viewer.get("/search.json?q=hazelnuts&year=1999").json() == []


def test_facets_lead_to_what_they_count(viewer: TestClient) -> None:
    address = "/search?q=first+OR+hazelnuts+OR+words+OR+resolution"
    page = html.fromstring(viewer.get(address).text).xpath("//nav[@class='narrowed']")[0]
    counted = [(link.get("href"), int(re.findall(r"\d+", link.getnext().text)[0])) for link in page.xpath(".//dd//a")]
    assert {href.rpartition("&")[2].partition("=")[0] for href, _ in counted} == {"lang", "status", "section"}
    for href, count in counted:
        assert len(viewer.get(href.replace("/search?", "/search.json?")).json()) == count, href
    chosen = links(viewer, f"{address}&lang=en", "//nav[@class='narrowed']")
    assert chosen["en"] == address
    assert "fa" not in chosen
    states = links(viewer, f"{address}&status=gone,live", "//nav[@class='narrowed']")
    assert states["gone"] == f"{address}&status=live"


def test_facets_of_a_part_say_so(viewer: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    address = "/search?q=first+OR+hazelnuts+OR+words+OR+resolution"
    assert "Counted from" not in viewer.get(address).text
    monkeypatch.setattr("archive.web.search.FOUND", 4)
    text = viewer.get(address).text
    assert "over 4 pages" in text
    assert "Counted from the newest 4 pages only" in text
    assert "(0 of the newest 4)" in text
    assert links(viewer, address, "//main")["where the words are gone now"] == f"{address}&gone=1"
    states = [part.text_content() for part in html.fromstring(text).xpath("//dt[.='language']/following-sibling::dd[1]/span")]
    assert sum(int(re.findall(r"\d+", part)[0]) for part in states) <= 4
    assert "of the best 4" in viewer.get(f"{address}&sort=rank").text


def test_the_date_that_sorts_is_shown(viewer: TestClient) -> None:
    page = html.fromstring(viewer.get("/search?q=first+OR+hazelnuts+OR+words+OR+resolution").text)
    seen = page.xpath("//ol[@class='hits']//p[@class='where']/time/@datetime")
    assert len(seen) == len(page.xpath("//ol[@class='hits']/li")) > 2
    assert len(set(seen)) > 1
    assert seen == sorted(seen, reverse=True)
