"""When a crawl is not to be believed."""

from __future__ import annotations

from collections import Counter

from crawler.health import Tally, reasons
from crawler.portal import Portal

PORTAL = Portal.model_validate(
    {"schema": 1, "portal": {"id": "x", "name": "X", "home": "https://x.example/"}, "health": {"min_articles": 5}}
)


def tally(**outcomes: int) -> Tally:
    made = Tally(outcomes=Counter(outcomes), articles=outcomes.get("content", 0), hubs=1)
    made.errors["timeout"] = outcomes.get("no_answer", 0)
    return made


def test_a_crawl_whose_pages_answer_is_healthy() -> None:
    assert reasons(PORTAL, tally(content=20, missing=3, not_modified=10)) == []


def test_a_crawl_in_which_nothing_was_asked_is_not() -> None:
    assert "nothing was asked" in reasons(PORTAL, Tally())[0]


def test_a_crawl_stopped_before_it_asked_anything_is_no_fault_of_the_portal_file() -> None:
    assert reasons(PORTAL, Tally(), partial=True, interrupted=True) == []


def test_too_many_failures_are_named_with_their_commonest_cause() -> None:
    found = reasons(PORTAL, tally(content=8, no_answer=2))
    assert found == ["only 8 of 10 visits were answered (min_ok 90%): timeout (2 times)"]


def test_block_pages_are_a_reason() -> None:
    assert any("block" in why for why in reasons(PORTAL, tally(content=17, blocked=3)))


def test_too_few_articles_are_a_reason_only_for_a_whole_crawl() -> None:
    assert any("min_articles" in why for why in reasons(PORTAL, tally(content=4)))
    assert reasons(PORTAL, tally(content=4), partial=True) == []


def test_readings_without_headline_or_body_mean_that_the_layout_no_longer_matches() -> None:
    made = tally(content=20)
    made.read, made.unread = 20, 12
    assert any("layout no longer matches" in why for why in reasons(PORTAL, made))


def test_listings_that_show_no_article_are_a_reason() -> None:
    made = tally(content=20)
    made.hubs_empty = ["https://x.example/news/"]
    assert any("no listing" in why for why in reasons(PORTAL, made))
