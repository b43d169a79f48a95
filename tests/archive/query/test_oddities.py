"""Back-dated and future-dated articles, and articles that their list dropped."""

from __future__ import annotations

from archive import query
from archive.database import session
from archive.records import Article, StatedDate
from archive.workspace import Workspace
from tests.archive.story import BODY, HOME, Portal, article


def dated(path: str, day: str) -> Article:
    return article(path, f"{BODY}\n\n{path}", headline=f"About {path}", datePublished=StatedDate(day, day, "time", 0.9))


OLD, MIDDLE, NEW = dated("/news/1", "2026-02-20"), dated("/news/2", "2026-02-25"), dated("/news/3", "2026-02-28")


def told(store: Workspace, *kinds: str) -> list[tuple[str, str, int | None]]:
    with session(store, readonly=True) as record:
        rows = query.oddities(record, kinds=kinds)
    return [(row["kind"], row["url"].removeprefix(HOME), row["days"]) for row in rows]


def look(portal: Portal, *shown: Article, new: tuple[Article, ...] = ()) -> None:
    portal.later(days=3).begin()
    portal.add(portal.lists("/news", *(text.url for text in shown)), *(portal.shows(text) for text in new))
    portal.end()


def test_an_article_slipped_in_under_an_old_date_is_back_dated(store: Workspace) -> None:
    portal = Portal(store)
    look(portal, NEW, OLD, new=(NEW, OLD))
    look(portal, NEW, MIDDLE, OLD, new=(MIDDLE,))
    assert told(store) == [("back-dated", "/news/2", -7)]


def test_an_old_article_below_what_the_list_showed_is_not_back_dated(store: Workspace) -> None:
    portal = Portal(store)
    look(portal, NEW, MIDDLE, new=(NEW, MIDDLE))
    look(portal, NEW, MIDDLE, OLD, new=(OLD,))
    assert told(store) == []


def test_an_article_seen_before_its_day_is_future_dated(store: Workspace) -> None:
    portal = Portal(store)
    look(portal, dated("/news/9", "2026-03-10"), new=(dated("/news/9", "2026-03-10"),))
    assert told(store) == [("future-dated", "/news/9", 6)]


def test_a_live_article_missing_between_its_neighbours_was_dropped(store: Workspace) -> None:
    portal = Portal(store)
    look(portal, NEW, MIDDLE, OLD, new=(NEW, MIDDLE, OLD))
    look(portal, NEW, OLD)
    assert told(store, "dropped") == [("dropped", "/news/2", None)]


def test_an_article_pushed_off_the_end_of_its_list_was_not_dropped(store: Workspace) -> None:
    portal = Portal(store)
    look(portal, MIDDLE, OLD, new=(MIDDLE, OLD))
    look(portal, NEW, MIDDLE, new=(NEW,))
    assert told(store, "dropped") == []


def test_an_article_that_is_gone_is_not_called_dropped(store: Workspace) -> None:
    portal = Portal(store)
    look(portal, NEW, MIDDLE, OLD, new=(NEW, MIDDLE, OLD))
    portal.later(days=1).add(portal.missing("/news/2", 410))
    portal.end()
    look(portal, NEW, OLD)
    assert told(store, "dropped") == []
