"""Which pages a crawl asks again, said from the archive's own history; on both databases."""

from __future__ import annotations

from datetime import timedelta

from archive import database, query
from archive.versioning import GoneRule
from archive.workspace import Workspace
from crawler.portal import Portal as PortalFile
from schedules import due
from schedules.past import past
from tests.archive.story import OTHER_BODY, Portal, article


def portal_file(requests: int = 1000) -> PortalFile:
    about = {"id": "example-az", "name": "Example", "home": "http://portal.example.az/", "timezone": "Asia/Baku"}
    return PortalFile.model_validate({"schema": 1, "portal": about, "politeness": {"requests_per_day": requests}})


def told(workspace: Workspace) -> Portal:
    """Three articles; /2 is edited an hour later, /3 is missing then."""
    slow = GoneRule(visits=3, over=timedelta(days=14), at_once_over=timedelta(days=1))
    story = Portal(workspace, gone=slow)
    texts = {path: article(path) for path in ("/1", "/2", "/3")}
    story.add(*(story.shows(text) for text in texts.values()))
    story.end()
    story.later(hours=1)
    story.add(story.same(texts["/1"]), story.shows(article("/2", OTHER_BODY)), story.missing("/3"))
    story.end()
    return story


def test_the_page_that_was_edited_comes_first_and_says_why(store: Workspace) -> None:
    story = told(store)
    with database.session(store, readonly=True) as session:
        found = due.ranked(session, portal_file(), story.at + timedelta(minutes=5), 10)
    assert [item.url[-2:] for item in found] == ["/2", "/1"]
    assert found[0].expected_unseen_edits > found[1].expected_unseen_edits
    assert "edits expected in" in found[0].why


def test_a_suspected_page_is_asked_after_10_minutes_1_6_and_24_hours_on_top_of_the_budget(store: Workspace) -> None:
    story, portal = told(store), portal_file()

    def suspected(**after: float) -> list[str]:
        with database.session(store, readonly=True) as session:
            return [item.why for item in due.suspected_pages(session, portal, story.at + timedelta(**after))]

    assert suspected(minutes=9) == []
    (why,) = suspected(minutes=11)
    assert why.endswith("asked again after 10 min")
    with database.session(store, readonly=True) as session:
        found = due.ranked(session, portal, story.at + timedelta(minutes=11), 1)
    assert [(item.url[-2:], item.in_budget) for item in found] == [("/3", False), ("/2", True)]
    missing_since = story.at
    for step, before in ((11, 59), (61, 359), (361, 1439), (1441, 14 * 1440 - 1)):  # asked then; next not before; minutes
        story.at = missing_since + timedelta(minutes=step)
        story.add(story.missing("/3"))
        story.end()
        now = missing_since + timedelta(minutes=before)
        with database.session(store, readonly=True) as session:
            assert list(due.suspected_pages(session, portal, now)) == []
    with database.session(store, readonly=True) as session:
        assert len(list(due.suspected_pages(session, portal, missing_since + timedelta(days=14, minutes=1)))) == 1


def test_the_budget_is_the_days_share_since_the_last_crawl(sqlite_workspace: Workspace) -> None:
    story = told(sqlite_workspace)
    with database.session(sqlite_workspace, readonly=True) as session:
        assert due.budget(session, portal_file(240), story.at + timedelta(hours=1)) == 10
        assert due.budget(session, portal_file(240), story.at + timedelta(days=3)) == 240
        assert due.budget(session, portal_file(7), story.at + timedelta(hours=12)) == 1  # 6 of 7 are spent


def test_the_past_is_played_as_the_visits_bound_it(sqlite_workspace: Workspace) -> None:
    told(sqlite_workspace)
    with database.session(sqlite_workspace, readonly=True) as session:
        history = past(session, "example-az")
        kinds = [look.changed for look in query.looks(session, "example-az")]
    assert history.born.size == 3
    assert kinds.count(True) >= 1
    assert (history.at - history.born[history.page] > 0.4).all()
