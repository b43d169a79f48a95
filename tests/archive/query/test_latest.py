"""The head of a list is the same whether all of it was looked at, few pages of it, or its latest days."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from archive import database, query
from archive.query import latest
from archive.records import StatedDate
from archive.workspace import Workspace
from tests.archive.story import BODY, HOME, START, Portal, article


@pytest.fixture
def dated(store: Workspace) -> Workspace:
    """Forty articles on mixed days, some undated; a few lose or change their day later."""
    portal, rng = Portal(store).begin(), random.Random(7)
    days = [None if n % 9 == 0 else f"2026-02-{rng.randint(1, 28):02d}" for n in range(40)]

    def told(number: int, day: str | None, words: str = "") -> object:
        stated = StatedDate(day, day, "dateline", 0.9) if day else None
        return portal.shows(article(f"/news/{number}", f"Item {number}. {words}{BODY}", f"Item {number}", datePublished=stated))

    portal.add(portal.lists("/even", *(f"{HOME}/news/{number}" for number in range(0, 40, 2)), section="Even"))
    portal.add(*(told(number, day) for number, day in enumerate(days)))  # type: ignore[arg-type]
    portal.later(days=1).add(told(3, None, "now "), told(5, "2026-01-01", "now "), told(9, "2026-02-28", "now "))  # type: ignore[arg-type]
    portal.end()
    return store


@pytest.fixture(params=[0, latest.FEW])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Lists are walked for from the latest day on, or looked for among few pages."""
    monkeypatch.setattr(latest, "FEW", request.param)
    return int(request.param)


@pytest.mark.usefixtures("few")
def test_the_head_of_the_list_is_that_of_the_whole_list(dated: Workspace) -> None:
    filters: list[dict[str, Any]] = [{}, {"section": "Even"}, {"section": "even"}, {"lang": "en"}, {"lang": "az"}]
    filters += [{"state": "live"}, {"state": ["suspected", "gone"]}, {"section": "Even", "state": "live", "lang": "en"}]
    with database.session(dated, readonly=True) as session:
        for portal in (None, "example-az"):
            for asked in filters:
                whole = query.pages(session, portal=portal, **asked)
                assert whole or asked.get("lang") == "az" or "gone" in asked.get("state", ())
                for limit, offset in ((1, 0), (2, 0), (3, 1), (1, 2), (10, 30), (39, 0)):
                    found = query.pages(session, portal=portal, **asked, limit=limit, offset=offset)
                    assert found == whole[offset : offset + limit], (asked, limit, offset)
        assert query.pages(session)[4:] == query.pages(session, offset=4)


@pytest.mark.usefixtures("few")
def test_the_head_of_a_day_in_the_past_is_that_of_the_whole_day(dated: Workspace) -> None:
    with database.session(dated, readonly=True) as session:
        for at in (START - timedelta(days=1), START + timedelta(hours=1), START + timedelta(days=3)):
            for section in (None, "Even"):
                whole = query.as_of(session, "example-az", at, section=section)
                assert len(whole) == (0 if at < START else 20 if section else 40)
                assert query.as_of(session, "example-az", at, section=section, offset=7) == whole[7:]
                for limit, offset in ((2, 0), (1, 2), (10, 10), (60, 0)):
                    found = query.as_of(session, "example-az", at, section=section, limit=limit, offset=offset)
                    assert found == whole[offset : offset + limit], (at, section, limit, offset)


@pytest.mark.usefixtures("few")
def test_texts_dated_ahead_of_their_first_sight_stand_first_on_the_days_between(store: Workspace) -> None:
    portal = Portal(store).begin()
    days = ["2026-12-24", "2026-03-01", "2099-01-01", "2026-02-28"]
    stated = [StatedDate(day, day, "dateline", 0.9) for day in days]
    portal.add(*(portal.shows(article(f"/n/{n}", f"{n} {BODY}", f"N {n}", datePublished=day)) for n, day in enumerate(stated)))
    portal.end()
    with database.session(store, readonly=True) as session:
        for limit, offset in ((3, 0), (2, 1), (1, 3)):
            found = query.as_of(session, "example-az", START + timedelta(hours=1), limit=limit, offset=offset)
            assert [row["headline"] for row in found] == ["N 2", "N 0", "N 1", "N 3"][offset : offset + limit]


@pytest.mark.usefixtures("few")
def test_a_text_counts_only_where_it_is_the_newest_of_its_page(dated: Workspace) -> None:
    """Item 9 went from an earlier day to the last one, item 5 back to January, item 3 lost its day."""
    with database.session(dated, readonly=True) as session:
        newest = [row["headline"] for row in query.pages(session, limit=10)]
        assert "Item 9" in newest and not {"Item 3", "Item 5"} & set(newest)
        before = query.as_of(session, "example-az", START + timedelta(hours=1), limit=40)
        assert next(row["datePublished"] for row in before if row["headline"] == "Item 5") != "2026-01-01"


def test_changes_are_found_by_their_fields_and_page_by_page(dated: Workspace) -> None:
    with database.session(dated, readonly=True) as session:
        whole = query.changes(session, fields=["dates", "headline"])
        assert {change["kind"] for change in whole} == {"edited"}
        assert len(whole) == 3
        assert query.changes(session, fields=["dates"], limit=1, offset=1) == whole[1:2]
        assert query.changes(session, fields=["images"]) == []
