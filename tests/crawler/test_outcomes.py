"""What an answer means for the page that was asked for."""

from __future__ import annotations

from typing import Any

import pytest

from archive.urls import urlkey
from crawler.outcomes import classify

HOME = "https://gov.example/"
NEWS = "https://gov.example/en/news/"
SHARED = frozenset({urlkey(HOME), urlkey(NEWS)})
PAGE = "https://gov.example/en/news/1"


def outcome(status: int = 200, *, asked: str = PAGE, final: str = PAGE, kind: str | None = "page", **said: Any) -> str:
    return classify(status=status, asked=asked, final=final, kind=kind, shared=SHARED, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "expected"),
    [(200, "content"), (304, "not_modified"), (404, "missing"), (410, "gone"), (500, "error"), (503, "error"), (301, "error")],
)
def test_a_status_alone_says_this(status: int, expected: str) -> None:
    assert outcome(status) == expected


def test_a_status_that_the_portal_gives_for_missing_pages_says_so_there_only() -> None:
    assert (outcome(403), outcome(403, missing=(404, 403))) == ("blocked", "missing")
    assert outcome(410, missing=(410,)) == "gone"


@pytest.mark.parametrize("kind", ["blocked", "login", "cookie_wall", "maintenance"])
def test_a_page_that_keeps_us_out_is_blocked_whatever_its_status(kind: str) -> None:
    assert outcome(200, kind=kind) == "blocked"
    assert outcome(503, kind=kind) == "blocked"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (200, {"headers": {"cf-mitigated": "challenge"}, "length": 90_000}),
        (202, {"headers": {"x-amzn-waf-action": "challenge"}, "length": 2_027}),
        (202, {"length": 2_027}),
        (403, {"headers": {"x-datadome": "protected"}, "length": 60_000}),
        (403, {"length": 415}),
        (403, {"title": "Access Denied", "length": 60_000}),
        (429, {"length": 40}),
        (503, {"title": "Just a moment...", "length": 5_619}),
    ],
)
@pytest.mark.parametrize("kind", ["page", None])
def test_a_challenge_whose_words_say_nothing_is_known_by_status_and_headers(
    status: int, said: dict[str, Any], kind: str | None
) -> None:
    assert outcome(status, kind=kind, **said) == "blocked"


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_not_there_is_missing_though_a_firewall_says_so(status: int) -> None:
    assert outcome(status, title="Forbidden", length=400) in ("missing", "gone")


@pytest.mark.parametrize(
    ("expected", "status", "said"),
    [
        ("content", 200, {"title": "Access denied to 300 lorries at the border", "length": 9_000}),
        ("content", 200, {"headers": {"x-datadome": "protected"}, "length": 9_000}),
        ("error", 403, {"title": "Ministry of Small Things", "length": 60_000}),
        ("error", 502, {"title": "502 Bad Gateway", "length": 122}),
    ],
)
def test_what_only_looks_like_a_challenge_is_none(expected: str, status: int, said: dict[str, Any]) -> None:
    assert outcome(status, **said) == expected


def test_a_page_that_says_it_does_not_exist_is_a_soft_404() -> None:
    assert outcome(200, kind="soft404") == "soft404"


@pytest.mark.parametrize("shared", [HOME, NEWS, "https://gov.example/index.html", "https://www.gov.example/"])
def test_an_article_that_leads_to_a_shared_page_is_no_longer_served(shared: str) -> None:
    assert outcome(final=shared) == "redirect_home"


def test_an_article_that_leads_to_another_page_has_moved() -> None:
    assert outcome(final="https://gov.example/en/archive/1") == "redirect"


@pytest.mark.parametrize("final", ["http://gov.example/en/news/1", "https://www.gov.example/en/news/1", f"{PAGE}/"])
def test_another_spelling_of_the_same_address_is_the_same_page(final: str) -> None:
    assert outcome(final=final) == "content"


def test_another_query_is_another_page() -> None:
    assert outcome(asked=f"{PAGE}?id=1", final=f"{PAGE}?id=2") == "redirect"


def test_a_hub_that_leads_to_a_hub_is_content_moved_not_lost() -> None:
    assert outcome(asked=HOME, final=NEWS) == "redirect"
