"""What exports, doctor and filters ask, on both databases."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from archive import database, query
from archive.errors import NotFound
from archive.workspace import Workspace
from tests.archive.story import BODY, HOME, START, Portal, article


@pytest.fixture(scope="module")
def told(module_store: Workspace) -> Workspace:
    """Seven articles, one edited twice, one moved, one in Russian; the second crawl still runs."""
    portal = Portal(module_store)
    first = [article(f"/news/{n}", f"{BODY}\n\nNumber {n}.", f"Headline {n}") for n in range(1, 7)]
    russian = article("/ru/1", "Министр сказал об этом.", "Министр", inLanguage="ru", articleSection="Политика")
    portal.begin()
    portal.add(portal.lists("/news", *(text.url for text in first)))
    portal.add(*(portal.shows(text) for text in (*first, russian)))
    portal.end()
    portal.later(days=1).begin()
    portal.add(portal.shows(article("/news/1", BODY, "Headline 1b")), portal.missing("/news/2"))
    portal.add(portal.redirects("/news/3", article("/moved/3", first[2].articleBody, "Headline 3")))
    portal.later(hours=1)
    portal.add(portal.shows(article("/news/1", BODY, "Headline 1c")))
    return module_store


@pytest.fixture
def record(told: Workspace) -> Iterator[Session]:
    with database.session(told, readonly=True) as opened:
        yield opened


def test_the_newest_text_of_each_article_is_the_object_of_show(record: Session) -> None:
    rows = {row["url"]: row for row in query.texts(record)}
    assert len(rows) == 7
    assert HOME + "/news/3" not in rows, "it moved on"
    for url, row in rows.items():
        assert row == query.show(record, row["page"]), url


def test_every_version_comes_in_order(record: Session) -> None:
    rows = [(row["url"], row["version"]) for row in query.texts(record, every=True)]
    assert [version for url, version in rows if url == HOME + "/news/1"] == [1, 2, 3]
    assert len(rows) == len(set(rows)) == 10


def test_chunks_lose_and_repeat_nothing(record: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = list(query.texts(record, every=True))
    for size in (1, 2, 3, 10):
        monkeypatch.setattr(sys.modules["archive.query.texts"], "_CHUNK", size)
        assert list(query.texts(record, every=True)) == whole


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"portal": "example-az"}, 7),
        ({"portal": "other"}, 0),
        ({"lang": "RU"}, 1),
        ({"section": "politika"}, 0),
        ({"section": "Политика"}, 1),
        ({"section": "news"}, 5),
        ({"state": ("suspected",)}, 1),
        ({"since": START + timedelta(hours=12)}, 2),
        ({"until": START + timedelta(hours=12)}, 5),
    ],
)
def test_texts_are_chosen(record: Session, filters: dict[str, object], count: int) -> None:
    assert len(list(query.texts(record, **filters))) == count  # type: ignore[arg-type]


def test_captures_are_those_of_the_pages(record: Session) -> None:
    page = query.page(record, HOME + "/news/1")["page"]
    assert len(list(query.captures(record, pages=[page]))) == 3
    assert list(query.captures(record, pages=[])) == []
    assert list(query.captures(record)) == list(query.captures(record, portal="example-az"))
    assert list(query.captures(record, portal="other")) == []


def test_a_mistyped_name_is_answered_with_the_nearest(record: Session) -> None:
    assert query.check_names(record, portal="example-az", section="NEWS") == "News"
    assert query.check_names(record, section="политика") == "Политика"
    with pytest.raises(NotFound, match="did you mean example-az"):
        query.check_names(record, portal="exampleaz")
    with pytest.raises(NotFound, match="did you mean News"):
        query.check_names(record, section="New")


def test_short_ids_name_their_page(record: Session) -> None:
    short = query.short_ids(record)
    for row in query.pages(record):
        assert len(short(row["page"])) < 10
        assert query.page(record, short(row["page"]))["page"] == row["page"]
    assert short("a1f3c9a1f3c9a1f3@12").endswith("@12")


def test_doctor_knows_what_runs_and_what_is_usual(record: Session) -> None:
    assert list(query.running(record)) == ["example-az"]
    assert len(query.open_files(record)) == 1
    newest = query.newest_visit(record)
    assert newest is not None
    assert newest > START + timedelta(days=1)
    (rhythm,) = query.rhythms(record, START + timedelta(days=2))
    assert rhythm.per_day == 0
    assert rhythm.last_new_at is not None
    assert rhythm.last_new_at < START + timedelta(hours=1)
