"""Every page of a portal told again under new rules, at once: a rule change, never a publisher's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from archive import database, query
from archive.digests import textprint
from archive.feeds import entry
from archive.ingest import (
    Prepare,
    Reader,
    Reextraction,
    Retold,
    RunStart,
    differences,
    reextraction,
    stale,
)
from archive.records import Article, Reading
from archive.unread import Unread, entity_of
from archive.workspace import Workspace
from tests.archive.ingest.test_rules import Extractor
from tests.archive.ingest.test_timeline import A2, A, history, told
from tests.archive.story import BODY, HOME, Portal, article


@pytest.fixture
def extractor() -> Extractor:
    return Extractor()


def retell(
    store: Workspace, reader: Reader | None, *, prepare: Prepare | None = None, since: datetime | None = None, rules: str = "r2"
) -> Retold:
    """The same portal's pages under other rules."""
    again, total = Reextraction(store, reader=reader), Retold()
    again.begin(Portal(store, rules=rules).record, RunStart(kind="reextract"))
    for part in again.retell(since=since, prepare=prepare):
        total += part
    again.end("ok", [], {})
    return total


def ahead(reader: Reader, asked: list[Unread]) -> Prepare:
    """Reads all at once, as workers do."""

    def begin(wanted: Sequence[Unread]) -> Callable[[], dict[Unread, Reading | None]]:
        asked.extend(wanted)
        found = {item: entity_of(item) for item in wanted}
        return lambda: {
            item: reader(body[0], url=item.url, content_type=body[1], at=item.at) if body else None
            for item, body in found.items()
        }

    return begin


def body(store: Workspace, page: str) -> str:
    with database.session(store, readonly=True) as session:
        return str(query.show(session, page)["articleBody"])


def test_every_page_reads_anew_and_none_is_edited(portal: Portal, extractor: Extractor) -> None:
    portal.add(portal.shows(A), portal.shows(replace(A, url=f"{HOME}/en/2")))
    portal.later().add(portal.shows(A2))
    portal.end()
    before = told(portal.workspace)
    assert retell(portal.workspace, extractor) == Retold(pages=2, captures=3)
    assert told(portal.workspace) == before
    assert [body(portal.workspace, f"{HOME}/en/{n}").endswith("State agency") for n in (1, 2)] == [True, True]
    assert stale(portal.workspace, "example-az", "r2") == 0


def test_what_only_the_old_rules_took_for_an_edit_is_merged(portal: Portal) -> None:
    for n in (3, 4):
        portal.add(portal.shows(replace(A, articleBody=f"{BODY}\n\n{n} comments"), furniture=str(n)))
    portal.end()

    def reader(body: bytes, *, url: str, content_type: str | None, at: datetime) -> Reading:
        return Reading(A, "page", "r2", "test 2", textprint(A))

    assert retell(portal.workspace, reader) == Retold(pages=1, captures=2, merged=1)
    assert history(portal.workspace, "/en/1") == [(1, "new", 2)]


def test_batches_use_what_was_read_beforehand(portal: Portal, extractor: Extractor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reextraction, "BATCH", 2)
    pages = [article(f"/en/{n}", headline=f"47 member states agree on point {n}") for n in range(5)]
    for page in pages:
        portal.add(portal.shows(page))
    portal.end()
    before, asked = told(portal.workspace), list[Unread]()
    done = retell(portal.workspace, None, prepare=ahead(extractor, asked))
    assert (done.pages, done.captures, len(asked)) == (5, 5, 5)
    assert told(portal.workspace) == before


def test_a_capture_that_cannot_be_read_leaves_the_history_as_it_was(portal: Portal) -> None:
    portal.add(portal.shows(A))
    portal.later().add(portal.shows(A2))
    portal.end()
    before = told(portal.workspace)
    done = retell(portal.workspace, None, prepare=lambda wanted: lambda: dict.fromkeys(wanted))
    assert (done.captures, done.unread) == (0, 2)
    assert told(portal.workspace) == before


def test_rules_that_come_back_keep_the_edits_seen_meanwhile(portal: Portal, extractor: Extractor) -> None:
    portal.add(portal.shows(A))
    portal.end()
    meanwhile = Portal(portal.workspace, rules="r2")
    meanwhile.at = portal.later(days=1).at
    meanwhile.begin(reader=extractor)
    meanwhile.add(meanwhile.shows(extractor.better(A), furniture="x"))
    meanwhile.later().add(meanwhile.shows(extractor.better(A2)))
    meanwhile.later().add(meanwhile.shows(extractor.better(A2), furniture="y"))
    meanwhile.end()
    before = told(portal.workspace)

    def reader(body: bytes, *, url: str, content_type: str | None, at: datetime) -> Reading:
        found = A if b"47" in body else A2
        return Reading(found, "page", "r1", "test 1", textprint(found))

    retell(portal.workspace, reader, rules="r1")
    assert told(portal.workspace) == before
    assert history(portal.workspace, "/en/1") == [(1, "new", 2), (2, "edited", 2)]
    assert body(portal.workspace, A.url) == A2.articleBody
    with database.session(portal.workspace, readonly=True) as session:
        brought = {line["version"] for line in query.blame(session, A.url)}
    assert brought == {1, 2}


def test_since_leaves_what_was_not_seen_since_then(portal: Portal, extractor: Extractor) -> None:
    portal.add(portal.shows(A))
    portal.later(days=9).add(portal.shows(replace(A, url=f"{HOME}/en/2")))
    portal.end()
    done = retell(portal.workspace, extractor, since=portal.at - timedelta(days=1))
    assert (done.pages, extractor.read) == (1, [f"{HOME}/en/2"])


def test_the_difference_is_told_without_writing(portal: Portal, extractor: Extractor) -> None:
    portal.add(portal.shows(A))
    portal.later().add(portal.shows(A2))
    portal.end()
    (first, second) = differences(portal.workspace, "example-az", "r2", ahead(extractor, []))
    assert (first.url, first.version, first.fields, second.version) == (A.url, 1, ("body",), 2)
    assert stale(portal.workspace, "example-az", "r2") == 1
    assert body(portal.workspace, A.url) == A2.articleBody


def test_rules_that_read_the_same_show_no_difference(portal: Portal) -> None:
    portal.add(portal.shows(A))
    portal.end()

    def reader(body: bytes, *, url: str, content_type: str | None, at: datetime) -> Reading:
        same: Article = A
        return Reading(same, "page", "r2", "test 2", textprint(same))

    assert list(differences(portal.workspace, "example-az", "r2", ahead(reader, []))) == []


def test_entries_of_feeds_keep_their_ids_when_versions_merge(portal: Portal) -> None:
    other = replace(A, articleBody=f"{BODY}\n\n3 comments")
    portal.add(portal.shows(A))
    portal.later().add(portal.shows(other))
    portal.later().add(portal.shows(A2))
    portal.end()

    def reader(body: bytes, *, url: str, content_type: str | None, at: datetime) -> Reading:
        found = A2 if b"46" in body else A
        return Reading(found, "page", "r2", "test 2", textprint(found))

    before = {entry_id: kind for entry_id, kind, _ in entries(portal.workspace)}
    assert len(before) == 3
    assert retell(portal.workspace, reader).merged == 1
    after = entries(portal.workspace)
    assert [(kind, to) for _, kind, to in after] == [("edited", 2), ("new", 1)]
    assert {entry_id: kind for entry_id, kind, _ in after}.items() <= before.items()


def entries(store: Workspace) -> list[tuple[str, str, int | None]]:
    """Id, kind and version of the entries of the feed of all changes."""
    with database.session(store, readonly=True) as session:
        rows = query.changes(session, blocks=True)
    return [(entry(row, "").id, row["kind"], row["to"]) for row in rows]
