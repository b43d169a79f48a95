"""What a portal file says about addresses, layouts and itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from crawler.portal import Portal, parse_duration, path_and_query


def portal(**tables: Any) -> Portal:
    return Portal.model_validate({"portal": {"id": "x", "name": "X", "home": "https://www.portal.example.az/en/"}, **tables})


RULE = r"^/(?P<lang>en|az)/news/(?P<id>\d+)"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://portal.example.az/en/news/12/bridge", True),
        ("https://WWW.portal.example.az/en/news/12?utm_source=x#top", True),
        ("http://portal.example.az:80/en/news/12", True),
        ("https://portal.example.az/en/about", False),
        ("https://portal.example.az/en/news/12/print/", False),
        ("https://other.example.az/en/news/12", False),
        ("ftp://portal.example.az/en/news/12", False),
        ("http://[broken", False),
    ],
)
def test_articles_are_told_by_path_and_query_of_the_canonical_address(url: str, expected: bool) -> None:
    assert portal(articles={"url": RULE, "exclude": ["/print/"]}).is_article(url) is expected


def test_without_a_rule_an_address_of_the_portal_is_neither_yes_nor_no() -> None:
    found = portal()
    assert found.is_article("https://portal.example.az/en/news/12") is None
    assert found.is_article("https://other.example.az/") is False


def test_query_arguments_are_matched_in_sorted_order() -> None:
    assert path_and_query("https://x.example/a.php?view=article&id=5") == "/a.php?id=5&view=article"


def test_an_identity_stays_when_the_slug_changes() -> None:
    found = portal(articles={"url": RULE, "identity": ["lang", "id"]})
    assert found.identity_of("https://portal.example.az/en/news/12/bridge") == "lang=en&id=12"
    assert found.identity_of("https://portal.example.az/en/news/12/bridge-mended") == "lang=en&id=12"
    assert found.identity_of("https://portal.example.az/az/news/12/korpu") == "lang=az&id=12"
    assert found.identity_of("https://portal.example.az/en/about") is None
    assert portal(articles={"url": RULE}).identity_of("https://portal.example.az/en/news/12") is None


def test_a_feed_kept_elsewhere_is_covered_but_its_host_is_not() -> None:
    found = portal(discover={"feeds": ["https://feeds.example.net/az"], "sitemaps": ["https://cdn.example.net/sitemap.xml"]})
    assert found.covers("https://feeds.example.net/az")
    assert found.covers("https://cdn.example.net/news-1.xml.gz")
    assert not found.covers("https://feeds.example.net/other")
    assert found.is_article("https://cdn.example.net/page") is False


def test_a_section_on_another_host_belongs_to_the_portal() -> None:
    found = portal(section=[{"name": "Blog", "url": "https://blog.example.az/"}], articles={"url": "/post/"})
    assert found.is_article("https://blog.example.az/post/1") is True


def test_an_old_capture_keeps_the_layout_of_its_day() -> None:
    found = portal(layout=[{"valid_until": date(2024, 3, 1), "title": "h2"}, {"title": "h1"}])
    assert found.layout_at(date(2024, 3, 1)).title == "h2"
    assert found.layout_at(date(2024, 3, 2)).title == "h1"


def test_the_rules_digest_names_reading_rules_only() -> None:
    plain = portal().rules_digest("x 1")
    assert portal(politeness={"delay": "9s"}, noise={"lines": ["^x$"]}).rules_digest("x 1") == plain
    assert portal(layout=[{"title": "h1"}]).rules_digest("x 1") != plain
    assert portal().rules_digest("x 2") != plain


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"articles": {"url": "(["}}, "not a regular expression"),
        ({"articles": {"url": "^/x", "identity": ["id"]}}, "no named group"),
        ({"layout": [{"valid_until": "2024-01-01"}]}, "has no valid_until"),
        ({"section": [{"name": "A", "url": "/a"}, {"name": "a", "url": "/b"}]}, "known by its name"),
        ({"politeness": {"delay": "soon"}}, "not a duration"),
    ],
)
def test_what_cannot_hold_is_refused(tables: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        portal(**tables)


def test_overriding_robots_needs_a_reason() -> None:
    with pytest.raises(ValidationError, match="needs a reason"):
        Portal.model_validate({"portal": {"id": "x", "name": "X", "home": "https://x.example/", "robots": {"obey": False}}})


def test_durations_are_read_in_their_units() -> None:
    assert [parse_duration(text) for text in ("1500ms", "5s", "10m", "2h", "14d", 3)] == [
        timedelta(milliseconds=1500), timedelta(seconds=5), timedelta(minutes=10), timedelta(hours=2), timedelta(days=14),
        timedelta(seconds=3),
    ]  # fmt: skip
