"""From a home page alone: which addresses are articles, which pages list them, and how the listings go on."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

import pytest

from crawler.discovery import Proposal, explore
from crawler.portal import path_and_query
from tests.crawler.discovery import invented
from tests.crawler.discovery.invented import HOST, Portal

SHAPES: dict[str, Callable[[], Portal]] = {
    "wordpress": invented.wordpress,
    "drupal": invented.drupal,
    "legacy tables": invented.legacy_tables,
    "numbered slugs": invented.numbered_slugs,
}


def proposal_for(portal: Portal, max_requests: int = 40) -> Proposal:
    return asyncio.run(explore(f"{HOST}/", portal.fetch, max_requests=max_requests))


def is_article(proposal: Proposal, path: str) -> bool:
    assert proposal.pattern is not None
    address = path_and_query(HOST + path)
    excluded = any(re.search(rule, address) for rule in proposal.exclude)
    return re.search(proposal.pattern.value, address) is not None and not excluded


@pytest.fixture(scope="module", params=SHAPES)
def explored(request: pytest.FixtureRequest) -> tuple[Portal, Proposal]:
    portal = SHAPES[request.param]()
    return portal, proposal_for(portal)


def test_every_article_matches_the_rule(explored: tuple[Portal, Proposal]) -> None:
    portal, proposal = explored
    assert [path for path in portal.articles if not is_article(proposal, path)] == []


def test_no_static_page_and_no_listing_matches_the_rule(explored: tuple[Portal, Proposal]) -> None:
    portal, proposal = explored
    assert [path for path in portal.others if is_article(proposal, path)] == []


def test_no_more_requests_are_made_than_allowed(explored: tuple[Portal, Proposal]) -> None:
    portal, proposal = explored
    assert len(portal.asked) < proposal.requests + 1 <= 41


def test_the_samples_are_articles_that_were_read(explored: tuple[Portal, Proposal]) -> None:
    portal, proposal = explored
    assert len(proposal.samples) == 5
    assert {path_and_query(sample.url) for sample in proposal.samples} <= {
        path_and_query(HOST + path) for path in portal.articles
    }
    assert all(sample.reading.article.articleBody for sample in proposal.samples)


def sections(proposal: Proposal) -> set[str]:
    return {path_and_query(section.url) for section in proposal.sections}


def test_the_listings_of_each_shape_are_its_sections() -> None:
    expected = {
        "wordpress": {"/category/news/", "/category/speeches/"},
        "drupal": {
            f"/{path}"
            for path in ("en/news", "en/speeches", "en/press-releases", "az/xeberler", "az/cixislar", "az/bildirisler")
        },
        "legacy tables": {"/index.php?cat=1", "/index.php?cat=2", "/index.php?cat=3"},
        "numbered slugs": {"/politics/", "/economy/", "/culture/", "/sport/", "/region/"},
    }
    for name, paths in expected.items():
        assert paths <= sections(proposal_for(SHAPES[name]())), name
