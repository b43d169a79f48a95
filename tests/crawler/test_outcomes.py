"""What an answer means for the page that was asked for."""

from __future__ import annotations

import pytest

from archive.urls import urlkey
from crawler.outcomes import classify

HOME = "https://gov.example/"
NEWS = "https://gov.example/en/news/"
SHARED = frozenset({urlkey(HOME), urlkey(NEWS)})
PAGE = "https://gov.example/en/news/1"


def outcome(status: int = 200, *, asked: str = PAGE, final: str = PAGE, kind: str | None = "page") -> str:
    return classify(status=status, asked=asked, final=final, kind=kind, shared=SHARED)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "expected"),
    [(200, "content"), (304, "not_modified"), (404, "missing"), (410, "gone"), (500, "error"), (403, "error"), (301, "error")],
)
def test_a_status_alone_says_this(status: int, expected: str) -> None:
    assert outcome(status) == expected


@pytest.mark.parametrize("kind", ["blocked", "login", "cookie_wall", "maintenance"])
def test_a_page_that_keeps_us_out_is_blocked_whatever_its_status(kind: str) -> None:
    assert outcome(200, kind=kind) == "blocked"
    assert outcome(503, kind=kind) == "blocked"


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
