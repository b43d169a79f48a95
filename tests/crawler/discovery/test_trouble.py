"""Portals that may not, can not or will not be explored; and hostile ones that stay within their bounds."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from archive.errors import NotFound, OnrecordError, UsageError
from crawler.checking import check_portal
from crawler.discovery import Fetch, Fetched, Proposal, explore
from crawler.portal import Portal as PortalFile
from tests.crawler.discovery.invented import HOST, Portal, numbered_slugs, sitemap

ENGLISH = "<!doctype html><html lang=en><title>Ministry</title><h1>Ministry</h1>"


def run(fetch: Fetch, max_requests: int = 40) -> Proposal:
    return asyncio.run(explore(f"{HOST}/", fetch, max_requests=max_requests))


def answering(**answers: Fetched) -> Fetch:
    async def fetch(url: str) -> Fetched:
        name = url.removeprefix(HOST).strip("/").replace(".txt", "") or "home"
        return answers.get(name, Fetched(url, url, 404))

    return fetch


def answer(status: int, body: bytes = b"", kind: str = "text/html", **more: object) -> Fetched:
    return Fetched(f"{HOST}/", f"{HOST}/", status, body, kind, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answers", "error", "code", "message"),
    [
        ({"home": answer(0, robots=True)}, NotFound, "portal.robots", "forbids"),
        ({"robots": answer(503), "home": answer(0, error="x")}, OnrecordError, "portal.unreachable", "answers 503"),
        ({"robots": answer(0, error="timeout"), "home": answer(0)}, OnrecordError, "portal.unreachable", "timeout"),
        ({"home": answer(500)}, OnrecordError, "portal.unreachable", "answers 500"),
        ({"home": answer(200, b"%PDF-1.4", "application/pdf")}, UsageError, "portal.not_html", "application/pdf"),
        ({"home": answer(200, b"", "text/html")}, UsageError, "portal.not_html", "is not HTML"),
    ],
)
def test_a_home_page_that_cannot_be_looked_at_is_one_error(
    answers: dict[str, Fetched], error: type[OnrecordError], code: str, message: str
) -> None:
    with pytest.raises(error) as caught:
        run(answering(**answers))
    assert (caught.value.code, message in caught.value.message) == (code, True)
    assert caught.value.hint


def test_too_few_requests_to_learn_anything_are_refused() -> None:
    with pytest.raises(UsageError, match="too few"):
        run(answering(), max_requests=3)


@pytest.mark.parametrize("limit", [8, 9, 12, 20])
def test_the_limit_of_requests_holds_wherever_it_falls(limit: int) -> None:
    portal = numbered_slugs()
    proposal = run(portal.fetch, limit)
    assert len(portal.asked) < proposal.requests + 1 <= limit + 1


def test_redirects_and_repeats_count_as_requests() -> None:
    portal = numbered_slugs()

    async def fetch(url: str) -> Fetched:
        found = await portal.fetch(url)
        return Fetched(found.url, found.final_url, found.status, found.body, found.content_type, hops=3)

    assert run(fetch, 20).requests <= 22
    assert len(portal.asked) <= 7


def test_a_page_without_links_gives_a_proposal_that_says_so() -> None:
    proposal = run(answering(home=answer(200, f"{ENGLISH}<p>Please enable JavaScript</p>".encode())))
    assert proposal.pattern is None
    assert proposal.sections == ()
    assert any("articles" in note for note in proposal.notes)


def test_static_pages_alone_are_no_articles() -> None:
    portal = Portal()
    names = ("structure-of-the-ministry", "history-of-the-ministry", "rules-of-the-ministry", "leaders-of-the-ministry")
    links = "".join(f'<p><a href="/about/{name}">Read about the {name.replace("-", " ")}</a></p>' for name in names)
    for name in names:
        portal.html(f"/about/{name}", f"{ENGLISH}<p>{'The ministry has many departments. ' * 20}</p>")
    portal.html("/", f"{ENGLISH}{links}")
    assert run(portal.fetch).pattern is None


def test_a_calendar_of_endless_pages_is_left_after_the_limit() -> None:
    counter = itertools.count()

    async def fetch(url: str) -> Fetched:
        if url.endswith((".txt", ".xml")):
            return Fetched(url, url, 404)
        links = "".join(
            f'<li><a href="/calendar/{2000 + next(counter)}/01">Next month of the calendar</a></li>' for _ in range(50)
        )
        return Fetched(url, url, 200, f"{ENGLISH}<nav><ul>{links}</ul></nav>".encode(), "text/html")

    proposal = run(fetch)
    assert proposal.requests <= 40
    assert proposal.pattern is None


def test_a_million_links_on_one_page_are_bounded() -> None:
    links = "".join(f'<a href="/x/{n}">n</a>' for n in range(300_000))
    proposal = run(answering(home=answer(200, f"{ENGLISH}{links}".encode())), max_requests=12)
    assert proposal.requests <= 12


def test_a_sitemap_index_of_itself_ends() -> None:
    portal = numbered_slugs()
    loop = "".join(f"<sitemap><loc>{HOST}/sitemap.xml?{n}</loc></sitemap>" for n in range(500))
    portal.xml("/sitemap.xml", f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{loop}</sitemapindex>')
    run(portal.fetch)
    assert sum("sitemap" in path for path in portal.asked) <= 5


def test_a_feed_or_sitemap_that_is_a_bomb_is_passed_over() -> None:
    portal = numbered_slugs()
    bomb = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa">]><urlset><url><loc>&a;</loc></url></urlset>'
    portal.xml("/sitemap.xml", bomb)
    portal.xml("/feed/", bomb)
    proposal = run(portal.fetch)
    assert (proposal.feeds, proposal.sitemaps.value) == ((), ())
    assert proposal.pattern is not None


def test_links_to_other_hosts_are_never_asked() -> None:
    portal = numbered_slugs()
    kind, body = portal.pages["/"]
    portal.pages["/"] = (
        kind,
        body.replace(b"<body>", b'<body><nav><a href="http://169.254.169.254/latest/news">News</a></nav>'),
    )
    asked: list[str] = []

    async def fetch(url: str) -> Fetched:
        asked.append(url)
        return await portal.fetch(url)

    run(fetch)
    assert all(url.startswith(HOST) for url in asked)


def test_a_sitemap_alone_is_not_believed_about_what_is_an_article() -> None:
    portal = numbered_slugs()
    portal.xml("/sitemap.xml", sitemap(f"{HOST}/site/page-{n}.html" for n in range(500)))
    proposal = run(portal.fetch)
    assert proposal.pattern is not None
    assert "(?P<id>" in proposal.pattern.value


def test_a_check_of_a_portal_that_is_down_is_one_line() -> None:
    file = PortalFile.model_validate({"portal": {"id": "x", "name": "X", "home": f"{HOST}/"}, "discover": {"feeds": ["/rss"]}})
    checks = asyncio.run(check_portal(file, answering(home=answer(0, error="timeout"))))
    assert [(item.check, item.ok) for item in checks] == [("home", False)]
    assert "timeout" in checks[0].detail
