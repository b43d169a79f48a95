"""A real portal at three dates: the rule found at the first holds at the last, and its listings lead to every article."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from crawler import portal_file
from crawler.discovery import Fetch, Fetched, Found, Proposal, explore
from crawler.listings import parse_listing
from crawler.portal import Portal
from crawler.portal_draft import draft
from tests.shared_data import shared

HOST = "http://digital-canada-ca.test"
EDITIONS = ("2019-06-01", "2020-07-01", "2023-11-10")


def file_of(root: Path, url: str) -> Path:
    path = root / unquote(urlsplit(url).path).lstrip("/")
    return path / "index.html" if path.is_dir() or url.endswith("/") else path


def serving(root: Path, *, bare: bool) -> Fetch:
    async def fetch(url: str) -> Fetched:
        path = file_of(root, url)
        hidden = bare and path.suffix == ".xml"
        if hidden or not path.is_file():
            return Fetched(url, url, 404)
        kind = {".html": "text/html; charset=utf-8", ".xml": "application/xml", ".txt": "text/plain"}[path.suffix]
        final = url if path.name != "index.html" or url.endswith("/") else url + "/"
        return Fetched(url, final, 200, path.read_bytes(), kind)

    return fetch


def articles(folder: Path, edition: str) -> set[str]:
    return set(json.loads((folder / f"articles-{edition}.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module", params=[(edition, bare) for edition in (EDITIONS[0], EDITIONS[2]) for bare in (False, True)])
def found(request: pytest.FixtureRequest) -> tuple[Path, Proposal]:
    edition, bare = request.param
    folder = shared("portals") / "digital-canada-ca"
    return folder, asyncio.run(explore(f"{HOST}/", serving(folder / edition, bare=bare)))


@pytest.fixture
def portal(found: tuple[Path, Proposal]) -> Portal:
    return portal_file.parse(draft(found[1], delay=Found("1s", "test")))


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_rule_tells_articles_from_all_other_pages_of_every_edition(
    found: tuple[Path, Proposal], portal: Portal, edition: str
) -> None:
    root = found[0] / edition
    pages = {f"/{path.parent.relative_to(root)}/" for path in root.rglob("index.html") if path.parent != root}
    matched = {page for page in pages if portal.is_article(HOST + page)}
    assert matched == articles(found[0], edition)


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_sections_and_their_pagers_lead_to_every_article(
    found: tuple[Path, Proposal], portal: Portal, edition: str
) -> None:
    root, shown = found[0] / edition, set()
    for section in portal.section:
        url: str | None = portal.absolute(section.url)
        for _ in range(section.paginate.backfill_pages if section.paginate else 1):
            path = file_of(root, url) if url else None
            if url is None or path is None or not path.is_file():
                break
            listing = parse_listing(
                path.read_bytes(), url=url, content_type="text/html; charset=utf-8", portal=portal, section=section
            )
            shown |= {unquote(urlsplit(item.url).path) for item in listing.candidates}
            url = next(iter(listing.next_urls), None)
    wanted = articles(found[0], edition)
    assert len(wanted & shown) >= 0.99 * len(wanted)


def test_both_languages_are_found_and_the_zone_where_feeds_state_offsets(found: tuple[Path, Proposal]) -> None:
    proposal = found[1]
    assert proposal.languages.value == ("en", "fr")
    assert proposal.timezone.value == ("America/Toronto" if proposal.feeds else "UTC")
    assert proposal.requests <= 40


def test_every_guessed_line_says_why(found: tuple[Path, Proposal]) -> None:
    text = draft(found[1], delay=Found("1s", "test"))
    guessed = re.findall(r"^(?:name|languages|timezone|feeds|sitemaps|url|paginate|lines|selectors) = .*$", text, re.MULTILINE)
    named = [line for line in guessed if not line.startswith("name") or "# auto" in line]
    assert len(named) >= 8
    assert all("# auto: " in line for line in named)
