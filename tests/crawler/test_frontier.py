"""Which addresses a crawl asks, each once."""

from __future__ import annotations

from crawler.frontier import Frontier, absolute
from crawler.portal import Portal


def frontier(**articles: object) -> Frontier:
    return Frontier(
        Portal.model_validate(
            {"schema": 1, "portal": {"id": "x", "name": "X", "home": "https://gov.example/"}, "articles": articles}
        )
    )


def test_an_address_is_claimed_once_in_all_its_spellings() -> None:
    found = frontier()
    assert found.claim("https://gov.example/en/news/1?b=2&a=1")
    assert not found.claim("https://www.gov.example/en/news/1?a=1&b=2")


def test_foreign_hosts_and_other_schemes_are_not_asked() -> None:
    found = frontier()
    assert not found.claim("https://elsewhere.example/en/news/1")
    assert not found.claim("ftp://gov.example/en/news/1")
    assert not found.claim("file:///etc/passwd")


def test_a_changed_slug_is_the_same_page_where_the_portal_names_its_identity() -> None:
    found = frontier(url=r"^/(?P<lang>en|az)/news/(?P<id>\d+)/", identity=("lang", "id"))
    assert found.claim("https://gov.example/en/news/5/old-words")
    assert not found.claim("https://gov.example/en/news/5/new-words")
    assert found.claim("https://gov.example/az/news/5/new-words")


def test_an_endless_calendar_is_cut_and_named() -> None:
    found = frontier()
    asked = sum(
        found.claim(f"https://gov.example/calendar/{year}/{month:02}") for year in range(1000, 2100) for month in range(1, 13)
    )
    assert asked < 6000
    assert sum(found.cut.values()) == 1100 * 12 - asked
    assert any("calendar" in pattern for pattern in found.cut)


def test_a_large_portals_articles_are_not_mistaken_for_a_trap() -> None:
    found = frontier(url=r"^/en/news/\d+$")
    assert all(found.claim(f"https://gov.example/en/news/{number}") for number in range(8000))
    assert not found.cut


def test_a_link_that_is_no_web_address_is_passed_over() -> None:
    assert absolute("https://gov.example/a/", "javascript:void(0)") is None
    assert absolute("https://gov.example/a/", "mailto:x@gov.example") is None
    assert absolute("https://gov.example/a/", "../b#top") == "https://gov.example/b"
