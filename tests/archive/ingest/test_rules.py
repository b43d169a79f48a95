"""An upgrade of rules or extractor is never an edit: old captures are read again before anything is compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from archive import database, query
from archive.digests import textprint
from archive.records import Article, Reading
from archive.workspace import Workspace
from tests.archive.ingest.test_timeline import A2, A, history, told
from tests.archive.story import BODY, Portal


def new_rules(portal: Portal) -> Portal:
    """The same portal a day later under other rules."""
    if portal.ingest is not None:
        portal.end()
    after = Portal(portal.workspace, rules="r2")
    after.at = portal.later(days=1).at
    return after


class Extractor:
    """The new extractor: it sees one more line than the old one did."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def better(self, text: Article) -> Article:
        return replace(text, articleBody=text.articleBody + "\n\nPhoto: State agency")

    def __call__(self, body: bytes, *, url: str, content_type: str | None, at: datetime) -> Reading:
        self.read.append(url)
        found = self.better(A if b"47" in body else A2)
        return Reading(found, "page", "r2", "test 2", textprint(found))


@pytest.fixture
def extractor() -> Extractor:
    return Extractor()


def test_a_page_read_by_new_rules_is_not_edited(portal: Portal, extractor: Extractor) -> None:
    portal.add(portal.shows(A))
    after = new_rules(portal).begin(reader=extractor)
    (done,) = after.add(after.shows(extractor.better(A), furniture="other bytes"))
    assert done.change is None
    assert extractor.read == [A.url]
    assert told(portal.workspace) == [("new", "/en/1", None, 1)]
    with database.session(portal.workspace, readonly=True) as session:
        assert query.show(session, A.url)["articleBody"].endswith("State agency")


def test_an_edit_seen_together_with_new_rules_is_found_and_only_it(portal: Portal, extractor: Extractor) -> None:
    portal.add(portal.shows(A))
    after = new_rules(portal).begin(reader=extractor)
    (done,) = after.add(after.shows(extractor.better(A2)))
    assert done.change == "edited"
    with database.session(portal.workspace, readonly=True) as session:
        (row,) = query.changes(session, kinds=["edited"])
    assert (row["words_added"], row["words_removed"]) == (2, 2)


def test_the_whole_history_is_told_again_with_its_dates(portal: Portal, extractor: Extractor) -> None:
    portal.add(portal.shows(A))
    portal.later().add(portal.shows(A2))
    for _ in range(2):
        portal.later().add(portal.missing("/en/1"))
    portal.later().add(portal.shows(A2))
    before, changes = _timeline(portal.workspace), told(portal.workspace)
    after = new_rules(portal).begin(reader=extractor)
    after.add(after.shows(extractor.better(A2), furniture="other bytes"))
    assert _timeline(portal.workspace)[:-1] == before[:-1]
    assert told(portal.workspace) == changes
    assert history(portal.workspace, "/en/1")[-1] == (4, "back", 2)


def _timeline(store: Workspace) -> list[Any]:
    with database.session(store, readonly=True) as session:
        return [(row["version"], row["kind"], row["seen_at"], row["not_before"]) for row in query.history(session, A.url)]


def test_what_only_the_old_rules_took_for_an_edit_is_one_version_now(portal: Portal) -> None:
    counted = [replace(A, articleBody=f"{BODY}\n\n{n} comments") for n in (3, 4)]
    for n, text in enumerate(counted):
        portal.add(portal.shows(text, furniture=str(n)))
    assert [kind for _, kind, _ in history(portal.workspace, "/en/1")] == ["new", "edited"]

    def reader(body: bytes, *, url: str, content_type: str | None, at: datetime) -> Reading:
        return Reading(A, "page", "r2", "test 2", textprint(A))

    after = new_rules(portal).begin(reader=reader)
    (done,) = after.add(after.shows(A, furniture="2"))
    assert (done.change, done.version) == (None, 1)
    assert history(portal.workspace, "/en/1") == [(1, "new", 3)]


def test_without_a_reader_the_first_new_reading_is_taken_for_the_last_text(portal: Portal, extractor: Extractor) -> None:
    portal.add(portal.shows(A))
    after = new_rules(portal).begin()
    (done,) = after.add(after.shows(extractor.better(A)))
    assert done.change is None
    (done,) = after.add(after.shows(extractor.better(A2)))
    assert done.change == "edited"
    assert [row[0] for row in told(portal.workspace)] == ["new", "edited"]


def test_known_bytes_need_no_reading_under_new_rules(portal: Portal, extractor: Extractor) -> None:
    portal.add(portal.shows(A))
    after = new_rules(portal).begin(reader=extractor)
    (done,) = after.add(after.same(A))
    assert (done.change, extractor.read) == (None, [])


def test_rules_that_come_back_find_their_timeline(portal: Portal, extractor: Extractor) -> None:
    portal.add(portal.shows(A))
    after = new_rules(portal).begin(reader=extractor)
    after.add(after.shows(extractor.better(A), furniture="x"))
    after.end()
    again = Portal(portal.workspace)
    again.at = after.later(days=1).at
    (done,) = again.add(again.shows(A, furniture="y"))
    assert (done.change, done.version) == (None, 1)
