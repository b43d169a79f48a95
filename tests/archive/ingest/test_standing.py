"""Pages that read under other rules as they did before keep their timeline: rows, numbers and all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update

from archive import database, query
from archive.database import open_engine
from archive.digests import textprint
from archive.ingest import Prepare, Reader, Retold
from archive.ingest.rows import table
from archive.records import Article, Block, Reading
from archive.seals import check_seals, seal
from archive.workspace import Workspace
from tests.archive.ingest.test_reextraction import ahead, retell
from tests.archive.ingest.test_timeline import A2, A, history, told
from tests.archive.story import BODY, HOME, OTHER_BODY, Portal, article

B = article("/en/2", OTHER_BODY, headline="A record harvest")
B2 = replace(B, articleBody=f"{OTHER_BODY}\n\nPrices of walnuts fell.")


def reader(change: Callable[[Article], Article] = lambda found: found, rules: str = "r2", extractor: str = "test 1") -> Reader:
    """Reads the four texts as they were read when they were crawled, but for what `change` makes of them."""

    def read(body: bytes, *, url: str, content_type: str | None, at: datetime) -> Reading:
        (found,) = (one for one in (A, A2, B, B2) if f"<p>{one.articleBody}</p>".encode() in body)
        other = change(found)
        return Reading(other, "page", rules, extractor, textprint(other))

    return read


@pytest.fixture
def crawled(portal: Portal) -> Portal:
    """Two articles, an edit of each."""
    portal.add(portal.shows(A), portal.shows(B))
    portal.later().add(portal.shows(A2), portal.shows(B2))
    portal.end()
    return portal


def rows(store: Workspace, statement: str) -> list[Any]:
    with open_engine(store, readonly=True).connect() as connection:
        return list(connection.execute(text(statement)).all())


TEXTS = "SELECT id, payload_id, context, textprint FROM reading ORDER BY id"
TIMELINES = "SELECT id, page_id, n, reading_id, first_at, last_at, visits FROM version ORDER BY id"
CHANGES = "SELECT * FROM change ORDER BY id"
SENTENCES = "SELECT * FROM stretch ORDER BY id"


def test_nothing_is_written_twice_where_all_reads_as_before(crawled: Portal) -> None:
    store = crawled.workspace
    before = [rows(store, one) for one in (TEXTS, TIMELINES, CHANGES, SENTENCES)]
    assert retell(store, reader()) == Retold(pages=2, captures=4, as_before=4)
    assert [rows(store, one) for one in (TEXTS, TIMELINES, CHANGES, SENTENCES)] == before
    in_force = "SELECT DISTINCT rules.digest, rules.extractor FROM {} JOIN rules ON rules.id = rules_id"
    assert [rows(store, in_force.format(one)) for one in ("page", "version", "reading")] == [[("r2", "test 1")]] * 3
    with open_engine(store, readonly=True).connect() as connection:
        assert list(check_seals(connection)) == []


def test_workers_that_say_so_spare_the_reading(crawled: Portal) -> None:
    assert retell(crawled.workspace, None, prepare=ahead(reader(), [])) == Retold(pages=2, captures=4)
    (done,) = rows(crawled.workspace, "SELECT count(*) FROM reading")
    assert done[0] == 8  # whole readings came back: they were not compared there, and are written


def test_one_text_that_differs_has_its_page_told_again_and_no_other(crawled: Portal) -> None:
    store = crawled.workspace
    before = told(store)

    def better(found: Article) -> Article:
        return replace(found, articleBody=f"{found.articleBody}\n\nPhoto: State agency") if found == A2 else found

    assert retell(store, reader(better)) == Retold(pages=2, captures=4, as_before=2)
    assert sorted(map(str, told(store))) == sorted(map(str, before))
    assert [len(rows(store, f"SELECT id FROM version WHERE page_id = {number}")) for number in (1, 2)] == [4, 2]
    with database.session(store, readonly=True) as session:
        shown = {url: str(query.show(session, url)["articleBody"]) for url in (A.url, B.url)}
        assert (shown[A.url].endswith("State agency"), shown[B.url]) == (True, B2.articleBody)
        assert {line["version"] for line in query.blame(session, A.url)} == {1, 2}
        assert {line["version"] for line in query.blame(session, B.url)} == {1, 2}
    with open_engine(store, readonly=True).connect() as connection:
        assert list(check_seals(connection)) == []


def test_a_format_that_differs_is_a_difference(crawled: Portal) -> None:
    def quoted(found: Article) -> Article:
        return replace(found, blocks=(Block("quote", found.articleBody),))

    assert retell(crawled.workspace, reader(quoted)).as_before == 0


def test_rules_that_come_back_find_the_history(crawled: Portal) -> None:
    store = crawled.workspace
    before = told(store)
    for rules in ("r2", "r1", "r3", "r1"):
        assert retell(store, reader(rules=rules), rules=rules) == Retold(pages=2, captures=4, as_before=4)
    assert told(store) == before


def test_rules_that_differed_once_and_come_back(crawled: Portal) -> None:
    store = crawled.workspace
    before = told(store)

    def better(found: Article) -> Article:
        return replace(found, articleBody=f"{found.articleBody}\n\nPhoto: State agency")

    retell(store, reader(better))
    assert retell(store, reader(better, rules="r3"), rules="r3").as_before == 4
    retell(store, reader(rules="r1"), rules="r1")
    assert told(store) == before
    assert retell(store, reader(better), rules="r2").as_before == 0  # told anew: its timeline went over to r3
    assert told(store) == before
    assert [history(store, path) for path in ("/en/1", "/en/2")] == [[(1, "new", 1), (2, "edited", 1)]] * 2


def test_a_text_that_came_back_is_read_once(portal: Portal) -> None:
    portal.add(portal.shows(A))
    portal.later().add(portal.shows(A2))
    portal.later().add(portal.shows(A))
    portal.end()
    before = told(portal.workspace), history(portal.workspace, "/en/1")
    assert len(before[1]) == 3
    assert retell(portal.workspace, reader()) == Retold(pages=1, captures=2, as_before=2)
    assert (told(portal.workspace), history(portal.workspace, "/en/1")) == before


def test_a_crawl_under_other_rules_goes_on_with_what_stands(crawled: Portal) -> None:
    store = crawled.workspace
    after = Portal(store, rules="r2")
    after.at = crawled.later(days=1).at
    after.begin(reader=reader())
    newest = replace(A, articleBody=f"{BODY}\n\nA correction was published later by the ministry.")
    (done, other) = after.add(after.shows(newest), after.shows(B2, furniture="other bytes"))
    after.end()
    assert (done.change, done.version, other.change, other.version) == ("edited", 3, None, 2)
    assert [len(rows(store, f"SELECT id FROM version WHERE page_id = {number}")) for number in (1, 2)] == [3, 2]
    assert history(store, "/en/2") == [(1, "new", 1), (2, "edited", 2)]
    with database.session(store, readonly=True) as session:
        brought = [line["version"] for line in query.blame(session, HOME + "/en/1") if not line["gone"]]
    assert brought == [3, 3, 1, 1, 3]


def test_another_extractor_that_reads_the_same_is_named(crawled: Portal) -> None:
    store = crawled.workspace
    with open_engine(store).begin() as connection:
        connection.execute(text("UPDATE rules SET extractor = 'test 0'"))
        for row in connection.execute(select(table("reading"))).mappings().all():
            sealed = seal(table("reading"), {**row, "extractor": "test 0"})
            connection.execute(
                update(table("reading")).where(table("reading").c.id == row["id"]).values(extractor="test 0", seal=sealed)
            )
    assert retell(store, reader()).as_before == 4
    assert rows(store, "SELECT DISTINCT extractor FROM reading") == [("test 1",)]
    with open_engine(store, readonly=True).connect() as connection:
        assert list(check_seals(connection)) == []


@pytest.mark.parametrize("unreadable", [False, True])
def test_what_rules_between_merged_or_could_not_read_is_told_again(crawled: Portal, *, unreadable: bool) -> None:
    """r1 is passed to r3; r2 takes two texts for one, or reads none; back to r1, and on to what saw neither."""
    store = crawled.workspace
    before = told(store)

    def blind(found: Article) -> Article:
        return replace(A, url=found.url) if found in (A, A2) else replace(B, url=found.url)

    none: Prepare = lambda wanted: lambda: dict.fromkeys(wanted)  # noqa: E731
    assert retell(store, reader(rules="r3"), rules="r3").as_before == 4
    retell(store, reader(blind), rules="r2", prepare=none if unreadable else None)
    if not unreadable:
        assert len(told(store)) == 2
    for rules in ("r1", "r3", "r2", "r5", "r1"):
        retell(
            store, reader(rules=rules, change=blind if rules == "r2" and not unreadable else lambda found: found), rules=rules
        )
        if rules != "r2":
            assert told(store) == before, rules
            with database.session(store, readonly=True) as session:
                assert query.show(session, A.url)["articleBody"] == A2.articleBody
    with open_engine(store, readonly=True).connect() as connection:
        assert list(check_seals(connection)) == []


def test_what_was_seen_while_a_merged_timeline_stood_is_kept(crawled: Portal) -> None:
    store = crawled.workspace

    def blind(found: Article) -> Article:
        return replace(A, url=found.url) if found in (A, A2) else replace(B, url=found.url)

    retell(store, reader(rules="r3"), rules="r3")
    retell(store, reader(blind), rules="r2")
    meanwhile = Portal(store, rules="r2")
    meanwhile.at = crawled.later(days=1).at
    meanwhile.begin(reader=reader(blind))
    meanwhile.add(meanwhile.missing("/en/1", 410), meanwhile.same(B2))
    meanwhile.later().add(meanwhile.missing("/en/1", 410))
    meanwhile.end()
    retell(store, reader(rules="r1"), rules="r1")
    assert history(store, "/en/1") == [(1, "new", 1), (2, "edited", 1), (3, "gone", 2)]
    assert [(n, kind) for n, kind, _ in history(store, "/en/2")] == [(1, "new"), (2, "edited")]
    with database.session(store, readonly=True) as session:
        assert query.page(session, B.url)["last_seen"] >= meanwhile.at.replace(microsecond=0) - timedelta(hours=2)


def test_every_capture_is_read_also_where_versions_share_a_text(portal: Portal) -> None:
    """P1 is shown, P2 has the same text under r1; gone; back with P2. r2 reads in P2 what is not in P1."""
    portal.add(portal.shows(A, furniture="one"))
    portal.later().add(portal.shows(A, furniture="two"))
    portal.later().add(portal.missing("/en/1", 410))
    portal.later().add(portal.missing("/en/1", 410))
    portal.later().add(portal.same(A, furniture="two"))
    portal.end()
    assert [kind for _, kind, _ in history(portal.workspace, "/en/1")] == ["new", "gone", "back"]

    def read(body: bytes, *, url: str, content_type: str | None, at: datetime) -> Reading:
        found = replace(A, articleBody=f"{A.articleBody}\n\nA box.") if b"two" in body else A
        return Reading(found, "page", "r2", "test 1", textprint(found))

    retell(portal.workspace, read)
    with database.session(portal.workspace, readonly=True) as session:
        assert query.show(session, A.url)["articleBody"].endswith("A box.")


def test_sentences_are_traced_over_a_version_that_could_not_be_read(portal: Portal) -> None:
    """A sentence is there, taken, there again in a version that r2 cannot read, seen by r2 after all, and taken again."""
    without = replace(A, articleBody=BODY.partition("\n\n")[2])
    for shown in (A, without, A):
        portal.later().add(portal.shows(shown, furniture=str(portal.at)))
    portal.end()

    def read(body: bytes, *, url: str, content_type: str | None, at: datetime) -> Reading:
        if at == portal.at:
            return Reading(Article(url), "page", "r2", "test 2", textprint(Article(url)))
        found = A if BODY.encode() in body else without
        return Reading(found, "page", "r2", "test 2", textprint(found))

    retell(portal.workspace, read)
    after = Portal(portal.workspace, rules="r2")
    after.at = portal.later(days=1).at
    after.begin(reader=read)
    after.add(after.shows(A, furniture="x"))
    after.later().add(after.shows(without, furniture="y"))
    after.later().add(after.shows(A, furniture="z"))
    after.end()
    with database.session(portal.workspace, readonly=True) as session:
        lines = [(line["version"], line["until"]) for line in query.blame(session, A.url) if "47 member" in line["text"]]
    assert sorted(lines, key=str) == sorted([(1, None), (1, 2), (3, 4), (5, None)], key=str)


def test_an_address_that_is_seen_twice_in_one_instant_is_kept(portal: Portal) -> None:
    """Replaced by another article at the very instant at which it was first seen: as clocks of copies may tell it."""
    portal.add(portal.shows(A), portal.shows(replace(B, url=A.url)), portal.shows(A2))
    portal.end()
    assert [kind for _, kind, _ in history(portal.workspace, "/en/1")] == ["new", "replaced", "replaced"]


def test_a_move_to_a_page_that_was_there_is_told_once(crawled: Portal) -> None:
    store = crawled.workspace
    twin = replace(A2, url=f"{HOME}/en/3")
    crawled.later().add(crawled.shows(twin))
    crawled.later().add(crawled.same(A2))
    crawled.later().add(crawled.redirects("/en/1", twin))
    crawled.end()
    before = told(store)
    assert sum(kind == "moved" for kind, *_ in before) == 1

    def better(found: Article) -> Article:
        return replace(found, articleBody=f"{found.articleBody}\n\nPhoto: State agency")

    retell(store, reader(better))
    assert sorted(map(str, told(store))) == sorted(map(str, before))
