"""Reading and comparing alone, without a crawl: what differs between two editions is exactly what the editors changed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.diffing import ArticleDiff, compare_articles
from archive.records import Article
from crawler.demo.demonstration import portal_file
from crawler.demo.editions import Editions
from crawler.demo.site import Site
from crawler.extraction import read
from crawler.portal_file import parse

BASE = "http://127.0.0.1:8999"
PORTAL = parse(portal_file(BASE))
UNCHANGED = 12  # pages without an edit that are read as well


def reading(site: Site, edition: int, path: str, fetch: int) -> Article:
    now = datetime.now(UTC)
    answer = site.answer(edition, path, {}, fetch, now)
    content_type = dict(answer.headers)["Content-Type"]
    return read(answer.body, url=BASE + path, content_type=content_type, portal=PORTAL, at=now).article


def reported(diff: ArticleDiff) -> set[str]:
    return set() if diff.muted else set(diff.fields)


@pytest.mark.parametrize("number", [2, pytest.param(3, marks=pytest.mark.long), pytest.param(4, marks=pytest.mark.long)])
def test_each_edit_is_told_in_its_fields_and_declared_or_not(editions: Editions, number: int) -> None:
    site = Site(editions, BASE)
    for row in editions[number].truth:
        if row.kind == "edited":  # a document that was exchanged in place too
            diff = compare_articles(reading(site, number - 1, row.url, 1), reading(site, number, row.url, 2))
            assert reported(diff) == set(row.fields), row
            assert diff.declared == row.declared, row


def test_furniture_notices_and_new_typesetting_are_no_edit(editions: Editions) -> None:
    site = Site(editions, BASE)
    touched = {path for n in (2, 3) for row in editions[n].truth for path in (row.url, row.from_url)}
    still = [path for path in editions[3].stories if path not in touched]
    typeset = [path for path in still if editions[3].stories[path].markup]
    assert typeset
    for path in [*typeset, *[path for path in still if site.traits(path).live][:UNCHANGED]]:
        diff = compare_articles(reading(site, 1, path, 1), reading(site, 3, path, 99))
        assert reported(diff) == set(), path


def test_a_page_is_read_as_its_editors_wrote_it(editions: Editions) -> None:
    site = Site(editions, BASE)
    for lang in ("en", "az", "ru"):
        story = next(s for s in editions[1].stories.values() if s.lang == lang and s.authors and s.related and s.picture)
        article = reading(site, 1, story.path, 1)
        assert article.headline == story.headline
        assert article.inLanguage == lang
        assert article.authors == story.authors
        assert article.datePublished is not None
        assert article.datePublished.value.startswith(story.published.date().isoformat())
        body = article.articleBody.split()
        for paragraph in story.paragraphs:
            words = paragraph.text.split()
            assert any(body[n : n + len(words)] == words for n in range(len(body))), paragraph
        related = [(link.url, link.title) for link in article.links if link.kind == "related"]
        assert set(related) >= {(BASE + link.url, link.title) for link in story.related}
        press = [(link.title, link.outlet, link.date) for link in article.links if link.kind == "foreign_press"]
        assert press == [(item.headline, item.outlet, item.day.isoformat()) for item in story.press]
