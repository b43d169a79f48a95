from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.export.feeds import Feed, atom, content, entry_id, json_feed

AT = datetime.fromisoformat("2018-11-27T06:02:00+04:00")
ROW: dict[str, Any] = {
    "portal": "example-az",
    "page": "a1f3c9a1f3c9a1f3",
    "url": "https://portal.example.az/en/news/1?a=1&b=2",
    "from_url": None,
    "sections": ["Politics"],
    "headline": "46 member <b>states</b> & others\n agree",
    "kind": "edited",
    "fields": ["headline", "body"],
    "words_added": 1,
    "words_removed": 14,
    "from": 1,
    "to": 2,
    "not_before": datetime.fromisoformat("2018-11-26T18:40:00+04:00"),
    "detected_at": AT,
    "significance": 0.8,
    "why": "number 47 → 46",
    "declared": "no",
    "muted": False,
    "blocks": [{"field": "body", "para": 2, "ops": [["=", "that "], ["-", "<47>"], ["+", "46"], ["=", " states"]]}],
}
FEED = Feed("Example: changes", "http://127.0.0.1:8001/", {"example-az": "Example"}, "https://a.example/changes.atom")


def test_a_feed_reader_reads_the_atom() -> None:
    read = feedparser.parse(atom([ROW], FEED, now=AT))
    assert not read.bozo
    assert read.version == "atom10"
    (entry,) = read.entries
    assert entry.title == "edited: 46 member <b>states</b> & others agree (+1 -14 words)"
    assert entry.id == "tag:portal.example.az,2018-11-27:onrecord/a1f3c9a1f3c9a1f3/2/edited"
    assert entry.updated == "2018-11-27T06:02:00+04:00"
    assert entry.link == "http://127.0.0.1:8001/pages/a1f3c9a1f3c9a1f3/diff/1..2"
    assert entry.author == "Example"
    assert [tag.term for tag in entry.tags] == ["edited", "example-az", "Politics"]


def test_the_change_itself_is_in_the_entry() -> None:
    html = content(ROW)
    assert "that <del>&lt;47&gt;</del><ins>46</ins> states" in html
    assert "after 2018-11-26 18:40+04:00 and at or before 2018-11-27 06:02+04:00" in html
    assert "number 47 → 46" in html
    assert "not declared by the page" in html


def test_the_json_feed_has_what_version_1_1_asks_for() -> None:
    told = json.loads(json_feed([ROW], FEED))
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert told["feed_url"] == FEED.address
    (item,) = told["items"]
    assert item["id"] == entry_id(ROW)
    assert item["date_modified"] == "2018-11-27T06:02:00+04:00"
    assert item["content_html"] == content(ROW)


def test_an_id_hangs_neither_on_the_viewer_nor_on_the_zone() -> None:
    moved = {**ROW, "detected_at": AT.astimezone(UTC)}
    assert entry_id(moved) == entry_id(ROW)


def test_an_empty_feed_is_valid() -> None:
    read = feedparser.parse(atom([], FEED, now=AT))
    assert not read.bozo
    assert read.feed.updated == "2018-11-27T06:02:00+04:00"
    assert json.loads(json_feed([], FEED))["items"] == []


def test_a_page_without_an_older_text_leads_to_itself() -> None:
    new = {**ROW, "kind": "new", "from": None, "not_before": None, "blocks": []}
    assert feedparser.parse(atom([new], FEED, now=AT)).entries[0].link == "http://127.0.0.1:8001/pages/a1f3c9a1f3c9a1f3"


@given(st.text())
def test_any_headline_is_well_formed_xml(headline: str) -> None:
    root = ET.fromstring(atom([{**ROW, "headline": headline}], FEED, now=AT).encode("utf-8", "replace"))
    assert len(root.findall("{http://www.w3.org/2005/Atom}entry")) == 1


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x"])
def test_only_web_addresses_become_links(url: str) -> None:
    assert "<a " not in content({**ROW, "url": url})


def test_a_long_change_is_cut_and_says_so() -> None:
    html = content({**ROW, "blocks": ROW["blocks"] * 15})
    assert html.count("<del>") == 10
    assert "… and 5 more" in html
