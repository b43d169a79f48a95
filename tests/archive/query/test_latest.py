"""The head of a list is the same whether all of it was looked at or only its latest days."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from archive import database, query
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


def test_the_head_of_the_list_is_that_of_the_whole_list(dated: Workspace) -> None:
    with database.session(dated, readonly=True) as session:
        for section in (None, "Even"):
            whole = query.pages(session, section=section)
            for limit, offset in ((1, 0), (2, 0), (3, 1), (1, 2), (39, 0)):
                found = query.pages(session, section=section, limit=limit, offset=offset)
                assert found == whole[offset : offset + limit], (section, limit, offset)


def test_the_head_of_a_day_in_the_past_is_that_of_the_whole_day(dated: Workspace) -> None:
    with database.session(dated, readonly=True) as session:
        for at in (START + timedelta(hours=1), START + timedelta(days=3)):
            whole = query.as_of(session, "example-az", at)
            assert len(whole) == 40
            assert query.as_of(session, "example-az", at, limit=2) == whole[:2]
            assert query.as_of(session, "example-az", at, limit=1, offset=2) == whole[2:3]


def test_changes_are_found_by_their_fields_and_page_by_page(dated: Workspace) -> None:
    with database.session(dated, readonly=True) as session:
        whole = query.changes(session, fields=["dates", "headline"])
        assert {change["kind"] for change in whole} == {"edited"}
        assert len(whole) == 3
        assert query.changes(session, fields=["dates"], limit=1, offset=1) == whole[1:2]
        assert query.changes(session, fields=["images"]) == []
