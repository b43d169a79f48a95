"""What a portal had in front on a day: its home page, its listings and sections, and how far apart the looks lie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from archive import database, query
from archive.records import Discovery
from archive.workspace import Workspace
from tests.archive.story import BODY, HOME, OTHER_BODY, START, Portal, answer, article

FIRST, SECOND = article("/news/1"), article("/news/2", OTHER_BODY, "Hazelnuts")
NEW = article("/press/2", OTHER_BODY, "Hazelnuts")
MARCH = [START + timedelta(days=day, hours=1) for day in range(5)]  # an hour after the crawl of each day


@pytest.fixture(scope="module")
def session(module_store: Workspace) -> Iterator[Session]:
    """Five days: Press comes on the second, News loses an article on the third, an article moves on the fourth, on the fifth
    a listing is gone and another has no answer."""
    portal = Portal(module_store).begin()

    def home() -> Any:
        front = portal.lists("/", FIRST.url)
        return replace(
            front, discovery=Discovery("home"), sightings=tuple(replace(one, section=None) for one in front.sightings)
        )

    def hub(path: str, status: int = 304, outcome: Any = "not_modified") -> Any:
        return replace(portal.lists(path), outcome=outcome, sightings=(), exchanges=(portal.exchange(path, answer(status)),))

    portal.add(home(), portal.lists("/news", FIRST.url, SECOND.url), portal.shows(FIRST), portal.shows(SECOND))
    portal.at = START + timedelta(days=1)
    portal.add(hub("/news"), portal.lists("/press", SECOND.url, FIRST.url + "0", section="Press"))
    portal.at = START + timedelta(days=2)
    portal.add(portal.lists("/news", FIRST.url), portal.same(FIRST))
    portal.at = START + timedelta(days=3)
    portal.add(home(), portal.redirects("/news/2", NEW), portal.lists("/news?page=2", FIRST.url))
    portal.at = START + timedelta(days=4)
    portal.add(hub("/press", 410, "gone"), replace(portal.lists("/news"), outcome="no_answer", sightings=(), exchanges=()))
    portal.end()
    with database.session(module_store, readonly=True) as opened:
        yield opened


def day(at: datetime | None) -> int | None:
    return None if at is None else at.day


def test_the_home_page_and_the_listings_are_told_with_the_captures_next_to_the_instant(session: Session) -> None:
    told = query.front_pages(session, "example-az", MARCH[1])
    home = told["home"]
    assert (home["url"], home["status"], day(home["captured_before"]), day(home["captured_after"])) == (HOME + "/", 200, 1, 4)
    assert str(home["captured_before"].tzinfo) == "Asia/Baku"
    hubs = [
        (hub["url"].removeprefix(HOME), hub["section"], *map(day, (hub["captured_before"], hub["captured_after"])))
        for hub in told["hubs"]
    ]
    assert hubs == [("/news", "News", 2, 3), ("/press", "Press", 2, 5), ("/news?page=2", "News", None, 4)]
    last = query.front_pages(session, "example-az", MARCH[4])["hubs"]
    assert [(hub["status"], hub["captured_after"]) for hub in last] == [(200, None), (410, None), (200, None)]


def test_sections_are_those_that_listings_named_when_last_looked_at(session: Session) -> None:
    def then(at: datetime) -> dict[str, int]:
        return {row["section"]: row["listed"] for row in query.sections_at(session, "example-az", at)}

    assert then(START - timedelta(days=1)) == {}
    assert then(MARCH[0]) == {"News": 2}
    assert then(MARCH[1]) == {"News": 2, "Press": 2}  # a server's word that nothing changed takes nothing away
    assert then(MARCH[2]) == {"News": 1, "Press": 2}
    assert then(MARCH[3]) == {"News": 1, "Press": 2}  # an address on two pages of a listing counts once
    assert then(MARCH[4]) == {"News": 1}  # a listing that is gone lists nothing; one without an answer is not known to


@pytest.mark.parametrize("at", [START - timedelta(days=1), *MARCH, START + timedelta(seconds=1)])
def test_the_spread_is_that_of_all_articles_in_force(session: Session, at: datetime) -> None:
    whole = query.as_of(session, "example-az", at)
    looks = [row["seen_before"] for row in whole]
    told = query.spread(session, "example-az", at)
    assert told == {"first": min(looks, default=None), "last": max(looks, default=None), "pages": len(whole)}
    if at == MARCH[2]:
        assert (told["last"] - told["first"]).days == 2  # the first article was seen again, the second was not
    if at == MARCH[3]:
        assert max(looks).day == 4  # by way of its old address


def test_a_capture_tells_its_portal_and_its_day_there(store: Workspace) -> None:
    from archive import memento

    portal = Portal(store)
    portal.at = START.replace(hour=22)  # two o'clock of the next day in Baku
    portal.add(portal.shows(article("/late", BODY)))
    portal.end()
    with database.session(store, readonly=True) as opened:
        (found,) = memento.mementos(opened, HOME + "/late")
        slug, local_day = query.day_of_capture(opened, found.id)
    assert (slug, local_day.isoformat()) == ("example-az", "2026-03-02")
