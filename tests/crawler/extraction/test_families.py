"""Pages shaped after twelve families of systems: their words, dates, sections and links by kind, with no portal file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.records import Reading
from crawler.extraction import read

PORTALS = Path(__file__).parents[2] / "portals"
PAGES = sorted(path.parent for path in PORTALS.glob("*/*/*/page.html"))
KEYS = ("kind", "url", "title", "outlet", "date", "lang")


def name(folder: Path) -> str:
    return folder.name


def expected(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return found


def reading(folder: Path) -> Reading:
    body = (folder / "page.html").read_bytes()
    return read(body, url=expected(folder)["url"], content_type="text/html", at=datetime(2024, 1, 1, tzinfo=UTC))


def test_there_are_pages_of_at_least_eight_families() -> None:
    assert len({folder.name.split("-")[0] for folder in PAGES}) >= 8


@pytest.mark.parametrize("folder", PAGES, ids=name)
def test_title_dates_language_section_and_author_are_read(folder: Path) -> None:
    want, article = expected(folder), reading(folder).article
    assert article.headline == want["title"]
    assert article.datePublished is not None
    assert article.datePublished.value[:10] == want["date"]
    assert article.inLanguage == want["lang"]
    if "section" in want:
        assert article.articleSection == want["section"]
    if "modified" in want:
        assert article.dateModified is not None
        assert article.dateModified.value[:10] == want["modified"]
    if "author" in want:
        assert "; ".join(article.authors) == want["author"]
    if "dateline" in want:
        assert article.dateline is not None
        assert {"place": article.dateline.place, "date": article.dateline.date} == want["dateline"]


@pytest.mark.parametrize("folder", PAGES, ids=name)
def test_the_body_is_the_articles_words_and_nothing_of_the_frame(folder: Path) -> None:
    want, found = expected(folder), reading(folder)
    assert found.kind == "page"
    assert [text for text in want["must"] if text not in found.article.articleBody] == []
    assert [text for text in want["must_not"] if text in found.article.articleBody] == []
    if "table" in want:
        assert any(block.kind == "table" and want["table"] in block.text for block in found.article.blocks)
    if "block_langs" in want:
        assert [block.lang for block in found.article.blocks if block.lang] == want["block_langs"]


@pytest.mark.parametrize("folder", PAGES, ids=name)
def test_quotes_have_their_speakers_and_images_their_captions(folder: Path) -> None:
    want, article = expected(folder), reading(folder).article
    assert [quote.speaker for quote in article.quotes if quote.speaker] == want.get("speakers", [])
    assert [[image.url, image.caption] for image in article.images] == want.get("images", [])


def link_sets(folder: Path) -> tuple[set[str], set[str]]:
    want = [json.dumps([link.get(key) for key in KEYS[:5]], ensure_ascii=False) for link in expected(folder)["links"]]
    found = [json.dumps([getattr(link, key) for key in KEYS[:5]], ensure_ascii=False) for link in reading(folder).article.links]
    return set(want), set(found)


def test_links_by_kind_are_found_with_precision_and_recall_of_at_least_95_percent() -> None:
    pairs = {folder.name: link_sets(folder) for folder in PAGES}
    right = sum(len(want & found) for want, found in pairs.values())
    wanted, given = (sum(len(pair[side]) for pair in pairs.values()) for side in (0, 1))
    wrong = {
        page: {"missing": want - found, "too many": found - want} for page, (want, found) in pairs.items() if want != found
    }
    assert right >= 0.95 * wanted, wrong
    assert right >= 0.95 * given, wrong
