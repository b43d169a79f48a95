"""Each family is known by its signs, and what a portal's file starts from costs no page of it a word: neither the pages
shaped after it nor, where there are any, real ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import html

from archive.records import Article
from crawler import portal_file
from crawler.discovery import Found, Proposal
from crawler.extraction import read
from crawler.extraction.css import selector
from crawler.families import Family, families, recognise
from crawler.portal import Portal
from crawler.portal_draft import draft
from tests.benchmarks.reading import pages
from tests.crawler.extraction.test_families import PAGES, expected, name
from tests.shared_data import shared

BY_HAND = {"tables"}  # known by their makers' names only, if at all
NO_SIGN = {"govuk", "isomer"}  # the page shaped after it shows none


def signs_of(body: bytes) -> tuple[str, str]:
    tree = html.fromstring(body)
    generator = [node.get("content", "") for node in tree.iter("meta") if (node.get("name") or "").lower() == "generator"]
    addresses = [node.get("href") or node.get("src") or "" for node in tree.iter("link", "script", "img")]
    return " ".join(generator), " ".join(addresses)


def drafted(family: Family, home: str) -> Portal:
    """A portal as its file is drafted where discovery recognised the family."""
    proposal = Proposal(
        home=home,
        id=Found("drafted", "test"),
        name=Found("Drafted", "test"),
        languages=Found((), "test"),
        timezone=Found("UTC", "test"),
        zones=(),
        robots="allowed",
        crawl_delay=None,
        feeds=(),
        sitemaps=Found((), "none"),
        sections=(),
        pattern=None,
        family=Found(family.id, "generator tag"),
    )
    return portal_file.parse(draft(proposal, delay=Found("1s", "test")))


@pytest.mark.parametrize("folder", [page for page in PAGES if page.name.split("-")[0] not in BY_HAND | NO_SIGN], ids=name)
def test_a_page_is_known_by_its_family_s_signs(folder: Path) -> None:
    found = recognise(*signs_of((folder / "page.html").read_bytes()))
    assert found is not None
    assert found[0].id == folder.name.split("-")[0]


@pytest.mark.parametrize("family", families(), ids=lambda family: family.id)
def test_a_draft_takes_the_family_s_layout_says_so_and_offers_its_places_behind_a_mark(family: Family) -> None:
    portal = drafted(family, "https://portal.example/")
    assert portal.about.family == family.id
    (layout,) = portal.layout
    assert layout.body.prune == family.layout.body.prune
    assert (layout.title, layout.published.selector, layout.valid_until) == (None, None, None)


@pytest.mark.parametrize("folder", PAGES, ids=name)
def test_a_portal_that_starts_from_its_family_reads_its_pages(folder: Path) -> None:
    want = expected(folder)
    family = next(item for item in families() if item.id == folder.name.split("-")[0])
    body = (folder / "page.html").read_bytes()
    article = read(body, url=want["url"], content_type=None, portal=drafted(family, want["url"])).article
    assert article.headline == want["title"]
    assert article.datePublished is not None
    assert article.datePublished.value[:10] == want["date"]
    assert [text for text in want["must"] if text not in article.articleBody] == []
    assert [text for text in want["must_not"] if text in article.articleBody] == []


def test_on_real_pages_a_family_s_layout_loses_no_required_word_and_keeps_more_of_the_forbidden_out() -> None:
    gained = 0
    for truth, body in pages(shared("extraction-dev"), None):
        known = recognise(*signs_of(body)) if body.strip() else None
        if known is None or not acts_on(known[0], body):
            continue
        plain, ruled = (read_of(truth, body, portal) for portal in (None, drafted(known[0], truth["url"])))
        assert (ruled.headline, ruled.datePublished, ruled.authors) == (plain.headline, plain.datePublished, plain.authors)
        assert [text for text in truth.get("must") or () if (text in plain.articleBody) > (text in ruled.articleBody)] == []
        gained += sum((text in plain.articleBody) - (text in ruled.articleBody) for text in truth.get("must_not") or ())
    assert gained >= 3


def acts_on(family: Family, body: bytes) -> bool:
    tree = html.fromstring(body)
    return any(selector(rule)(tree) for rule in family.layout.body.prune)


def read_of(truth: dict[str, Any], body: bytes, portal: Portal | None) -> Article:
    return read(body, url=truth["url"], content_type=None, portal=portal).article
