"""What visits do to a page's timeline: each hard case of the model, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from archive import database, query
from archive.records import Image, RelatedLink, StatedDate
from archive.versioning import GoneRule
from archive.workspace import Workspace
from tests.archive.story import BODY, HOME, OTHER_BODY, Portal, article

A = article("/en/1")
A2 = replace(A, articleBody=BODY.replace("47", "46"), headline="46 member states agree")
B = article("/en/2", OTHER_BODY, "Record harvest of hazelnuts")


def told(store: Workspace, **filters: Any) -> list[tuple[str, str, int | None, int | None]]:
    """Changes, oldest first: kind, path, from, to."""
    with database.session(store, readonly=True) as session:
        rows = query.changes(session, **filters)
    return [(row["kind"], row["url"].removeprefix(HOME), row["from"], row["to"]) for row in reversed(rows)]  # type: ignore[typeddict-item]


def history(store: Workspace, path: str) -> list[tuple[int, str | None, int]]:
    """Versions: number, kind of the change, visits."""
    with database.session(store, readonly=True) as session:
        return [(row["version"], row["kind"], row["visits"]) for row in query.history(session, HOME + path)]


def page(store: Workspace, path: str) -> Any:
    with database.session(store, readonly=True) as session:
        return query.page(session, HOME + path)


def test_a_page_first_seen_is_new_also_in_the_first_crawl(portal: Portal) -> None:
    (done,) = portal.add(portal.shows(A))
    assert (done.change, done.version, done.state) == ("new", 1, "live")
    assert told(portal.workspace) == [("new", "/en/1", None, 1)]


@pytest.mark.parametrize("again", ["same bytes", "not modified", "other bytes, same text", "same text by the gate"])
def test_a_look_that_shows_nothing_new_extends_the_version(portal: Portal, again: str) -> None:
    portal.add(portal.shows(A, headers={"ETag": '"1"'}))
    portal.later()
    visits = {
        "same bytes": lambda: portal.same(A),
        "not modified": lambda: replace(portal.missing("/en/1", 304), outcome="not_modified", basis="not_modified"),
        "other bytes, same text": lambda: portal.shows(A, furniture="12 comments"),
        "same text by the gate": lambda: portal.same(A, furniture="13 comments", basis="same_text"),
    }
    (done,) = portal.add(visits[again]())
    assert (done.change, done.version) == (None, 1)
    assert history(portal.workspace, "/en/1") == [(1, "new", 2)]
    assert page(portal.workspace, "/en/1")["last_seen"] == portal.at.replace(microsecond=0) - timedelta(seconds=1)


def test_an_edit_is_a_version_with_its_words_fields_and_interval(portal: Portal) -> None:
    portal.add(portal.shows(A))
    seen = portal.later().at
    portal.add(portal.same(A))
    portal.later()
    (done,) = portal.add(portal.shows(A2))
    assert (done.change, done.version) == ("edited", 2)
    with database.session(portal.workspace, readonly=True) as session:
        (row, _) = query.changes(session, blocks=True)
    assert row["fields"] == ["headline", "body"]
    assert (row["words_added"], row["words_removed"]) == (2, 2)
    assert (row["not_before"], row["detected_at"]) == (seen, portal.at - timedelta(seconds=1))
    assert "47" in row["why"] and "46" in row["why"]
    assert row["declared"] == "unknown"


@pytest.mark.parametrize(
    ("field", "edit"),
    [
        ("dates", {"datePublished": StatedDate("2026-02-28", "28 February 2026", "dateline", 0.9)}),
        ("authors", {"authors": ("Somebody Else",)}),
        ("images", {"images": (Image(HOME + "/other.jpg"),)}),
        ("links", {"links": (RelatedLink("body", HOME + "/en/9", "here"),)}),
        ("attachments", {"links": (RelatedLink("attachment", HOME + "/report.pdf", "Report"),)}),
    ],
)
def test_an_edit_beside_the_words_is_an_edit(portal: Portal, field: str, edit: dict[str, Any]) -> None:
    portal.add(portal.shows(A))
    portal.add(portal.shows(replace(A, **edit)))
    with database.session(portal.workspace, readonly=True) as session:
        rows = query.changes(session)
    assert [(row["kind"], row["fields"]) for row in rows] == [("edited", [field]), ("new", [])]


def test_a_silent_edit_and_a_declared_one_are_told_apart(portal: Portal) -> None:
    dated = replace(A, dateModified=StatedDate("2026-03-01", "2026-03-01", "meta", 1.0))
    portal.add(portal.shows(dated))
    portal.add(portal.shows(replace(dated, articleBody=A2.articleBody)))
    portal.add(portal.shows(replace(dated, dateModified=StatedDate("2026-03-02", "2026-03-02", "meta", 1.0))))
    with database.session(portal.workspace, readonly=True) as session:
        rows = query.changes(session, kinds=["edited"])
    assert [row["declared"] for row in rows] == ["yes", "no"]


def test_a_text_that_comes_and_goes_is_three_versions(portal: Portal) -> None:
    for text in (A, A2, A):
        portal.later().add(portal.shows(text))
    assert [kind for _, kind, _ in history(portal.workspace, "/en/1")] == ["new", "edited", "edited"]


@pytest.mark.parametrize(("status", "outcome"), [(404, "missing"), (410, "gone"), (200, "soft404"), (302, "redirect_home")])
def test_a_missing_page_is_suspected_at_once_and_gone_when_confirmed(portal: Portal, status: int, outcome: str) -> None:
    portal.add(portal.shows(A))
    first = portal.later().at
    (one,) = portal.add(portal.missing("/en/1", status, outcome=outcome))
    assert (one.state, one.suspected, one.change, one.version) == ("suspected", True, None, 1)
    assert told(portal.workspace) == [("new", "/en/1", None, 1)]
    portal.later()
    (two,) = portal.add(portal.missing("/en/1", status, outcome=outcome))
    assert (two.state, two.suspected, two.change, two.version) == ("gone", False, "gone", 2)
    assert told(portal.workspace)[1:] == [("gone", "/en/1", 1, 2)]
    with database.session(portal.workspace, readonly=True) as session:
        (row,) = query.gone(session)
        _, version = query.history(session, A.url)
        shown = query.show(session, A.url)
    assert (row["state"], row["visits"], row["last_status"], row["first_missing_at"]) == ("gone", 2, status, first)
    assert row["last_good"] == f"{two.page}@1"
    assert (version["seen_at"], version["visits"]) == (first, 2)  # the removal is dated by the first look that missed it
    assert (shown["articleBody"], shown["state"], shown["version"]) == (BODY, "gone", 1)


def test_a_removal_waits_for_the_portals_own_rule(store: Workspace) -> None:
    portal = Portal(store, gone=GoneRule())
    portal.add(portal.shows(A), portal.shows(B))
    for days in (1, 6):
        portal.later(days=days).add(portal.missing("/en/1", 404), portal.missing("/en/2", 410))
    assert told(store)[2:] == [("gone", "/en/2", 1, 2)]  # 410: two visits, a day apart
    (done,) = portal.later(days=7).add(portal.missing("/en/1", 404))
    assert done.state == "suspected"  # three visits, but 13 days
    (done,) = portal.later(days=2).add(portal.missing("/en/1", 404))
    assert done.change == "gone"


def test_a_page_missing_once_and_there_again_has_no_new_version(portal: Portal) -> None:
    portal.add(portal.shows(A))
    portal.add(portal.missing("/en/1"))
    (done,) = portal.add(portal.same(A))
    assert (done.state, done.change, done.version) == ("live", None, 1)
    assert history(portal.workspace, "/en/1") == [(1, "new", 2)]
    with database.session(portal.workspace, readonly=True) as session:
        assert [row["outcome"] for row in query.visits(session, A.url)] == ["content", "missing", "content"]


@pytest.mark.parametrize(("text", "words", "how"), [(A, 0, "same"), (A, 0, "shows"), (A2, 2, "shows")])
def test_a_page_that_is_back_is_compared_with_its_last_text(portal: Portal, text: Any, words: int, how: str) -> None:
    portal.add(portal.shows(A))
    portal.add(portal.missing("/en/1"))
    portal.add(portal.missing("/en/1"))
    (done,) = portal.add(getattr(portal, how)(text))
    assert (done.state, done.change, done.version) == ("live", "back", 3)
    with database.session(portal.workspace, readonly=True) as session:
        row = query.changes(session)[0]
        assert query.show(session, A.url)["headline"] == text.headline
    assert (row["kind"], row["from"], row["to"], row["words_added"]) == ("back", 1, 3, words)


def test_a_gone_page_stays_one_version_however_often_it_is_asked(portal: Portal) -> None:
    portal.add(portal.shows(A))
    for _ in range(5):
        portal.later().add(portal.missing("/en/1"))
    assert history(portal.workspace, "/en/1") == [(1, "new", 1), (2, "gone", 5)]


def test_a_page_never_seen_is_neither_listed_nor_gone(portal: Portal) -> None:
    for _ in range(3):
        portal.add(portal.missing("/en/404"))
    with database.session(portal.workspace, readonly=True) as session:
        assert query.pages(session) == []
        assert query.gone(session) == []
        assert query.changes(session) == []


@pytest.mark.parametrize("outcome", ["blocked", "error", "no_answer", "robots"])
def test_what_is_no_answer_of_the_page_never_moves_its_timeline(portal: Portal, outcome: str) -> None:
    portal.add(portal.shows(A))
    for _ in range(3):
        if outcome == "blocked":
            wall = article("/en/1", "Please prove that you are no robot.", "Attention required")
            portal.add(replace(portal.shows(wall), outcome="blocked", reading=portal.reading(wall, kind="blocked")))
        elif outcome == "error":
            portal.add(portal.missing("/en/1", 500, outcome="error"))
        else:
            portal.add(portal.fails("/en/1", outcome=outcome))
    assert history(portal.workspace, "/en/1") == [(1, "new", 1)]
    assert page(portal.workspace, "/en/1")["state"] == "live"
    with database.session(portal.workspace, readonly=True) as session:
        assert [row["outcome"] for row in query.visits(session, A.url)] == ["content", *[outcome] * 3]


def test_a_block_page_between_does_not_count_towards_gone_nor_end_the_suspicion(portal: Portal) -> None:
    portal.add(portal.shows(A))
    portal.add(portal.missing("/en/1"))
    portal.add(portal.fails("/en/1"))
    assert page(portal.workspace, "/en/1")["state"] == "suspected"
    (done,) = portal.add(portal.missing("/en/1"))
    assert done.change == "gone"


def test_a_body_that_was_cut_off_is_kept_but_never_an_edit(portal: Portal) -> None:
    portal.add(portal.shows(A))
    cut = replace(A, articleBody=BODY[:100])
    visit = portal.shows(cut)
    portal.add(replace(visit, exchanges=(replace(visit.exchanges[0], truncated="disconnect"),)))
    assert history(portal.workspace, "/en/1") == [(1, "new", 1)]
    portal.add(portal.shows(A))
    assert history(portal.workspace, "/en/1") == [(1, "new", 2)]


def test_an_answer_shorter_than_it_says_is_cut_off_too(portal: Portal) -> None:
    portal.add(portal.shows(A))
    visit = portal.shows(replace(A, articleBody=BODY[:100]))
    short = replace(visit.exchanges[0], response=visit.exchanges[0].response[:-40])
    portal.add(replace(visit, exchanges=(short,)))
    assert history(portal.workspace, "/en/1") == [(1, "new", 1)]


def test_an_answer_that_could_not_be_read_changes_nothing_and_is_asked_for_again(portal: Portal) -> None:
    portal.add(portal.shows(A))
    portal.add(replace(portal.shows(A2), reading=None, basis="none", error="the reader failed"))
    with database.session(portal.workspace, readonly=True) as session:
        (known,) = query.known(session, "example-az")
    (done,) = portal.add(portal.shows(A2))
    assert done.change == "edited"
    assert known.payload is not None  # that of the text that was read, so the other bytes are read when next seen
    with database.session(portal.workspace, readonly=True) as session:
        assert next(query.known(session, "example-az")).payload != known.payload


def test_a_url_given_to_another_article_is_replaced_without_a_word_diff(portal: Portal) -> None:
    portal.add(portal.shows(A))
    (done,) = portal.add(portal.shows(replace(B, url=A.url)))
    assert done.change == "replaced"
    with database.session(portal.workspace, readonly=True) as session:
        row = query.changes(session, blocks=True)[0]
    assert (row["fields"], row["words_added"], row["blocks"]) == ([], 0, [])  # type: ignore[typeddict-item]
    assert len(works(portal.workspace)) == 2


def works(store: Workspace) -> set[str]:
    from sqlalchemy import text

    with database.session(store, readonly=True) as session:
        found = "SELECT DISTINCT work.key FROM work JOIN version ON version.work_id = work.id"
        return set(session.execute(text(found)).scalars())


def test_a_rewritten_article_under_its_headline_is_edited_not_replaced(portal: Portal) -> None:
    portal.add(portal.shows(A))
    (done,) = portal.add(portal.shows(replace(A, articleBody=OTHER_BODY)))
    assert done.change == "edited"


def test_two_looks_in_one_batch_are_taken_in_order(portal: Portal) -> None:
    done = portal.add(portal.shows(A), portal.shows(A2), portal.same(A2))
    assert [item.version for item in done] == [1, 2, 2]


def test_articles_differing_only_in_spacing_are_one_version(portal: Portal) -> None:
    portal.add(portal.shows(A))
    (done,) = portal.add(portal.shows(replace(A, articleBody=BODY.replace(" ", "  ").replace("minister", "minis\u00adter"))))
    assert done.change is None


def test_a_line_that_the_portals_file_calls_noise_mutes_the_change(store: Workspace) -> None:
    portal = Portal(store, noise=(r"^Comments \(",))
    portal.add(portal.shows(replace(A, articleBody=BODY + "\n\nComments (no one yet)")))
    portal.add(portal.shows(replace(A, articleBody=BODY + "\n\nComments (somebody wrote)")))
    assert told(store) == [("new", "/en/1", None, 1)]
    assert told(store, muted=True)[1] == ("edited", "/en/1", 1, 2)


def test_an_image_and_a_document_have_timelines_of_their_own(portal: Portal) -> None:
    def file(path: str, role: str, data: bytes) -> Any:
        from archive.records import Visit
        from tests.archive.story import answer

        exchange = portal.exchange(path, answer(200, data, {"Content-Type": "application/octet-stream"}))
        return Visit(HOME + path, role, portal.at, "content", (exchange,), requisite_of=A.url)  # type: ignore[arg-type]

    for data in (b"one", b"one", b"two"):
        portal.later().add(file("/r.pdf", "document", data), file("/i.jpg", "image", data))
    assert history(portal.workspace, "/r.pdf") == [(1, "new", 2), (2, "edited", 1)]
    assert told(portal.workspace) == [("edited", "/r.pdf", 1, 2)]
    with database.session(portal.workspace, readonly=True) as session:
        assert [(row["url"], row["fields"]) for row in query.changes(session)] == [(HOME + "/r.pdf", ["attachments"])]
        assert query.pages(session) == []


def test_a_language_by_cookie_has_a_timeline_of_its_own(portal: Portal) -> None:
    portal.add(portal.shows(A))
    (done,) = portal.add(portal.shows(replace(A, articleBody=OTHER_BODY, headline="Rekord məhsul"), variant="lang=az"))
    assert (done.change, done.version) == ("new", 1)
    assert history(portal.workspace, "/en/1") == [(1, "new", 1)]


@pytest.mark.parametrize("batches", [1, 3])
def test_translations_are_tied_whichever_is_seen_first(portal: Portal, batches: int) -> None:
    from sqlalchemy import text

    english = replace(A, links=(RelatedLink("translation", HOME + "/az/1", lang="az"),))
    azeri = article("/az/1", OTHER_BODY, "Rekord", inLanguage="az")
    russian = article(
        "/ru/1", BODY[::-1], "Рекорд", inLanguage="ru", links=(RelatedLink("translation", HOME + "/en/1", lang="en"),)
    )
    visits = [portal.shows(one) for one in (english, azeri, russian)]
    for start in range(0, 3, 3 // batches):
        portal.add(*visits[start : start + 3 // batches])
    with database.session(portal.workspace, readonly=True) as session:
        rows = session.execute(text("SELECT key, translation_of FROM work ORDER BY key")).all()
    assert [row.translation_of is None for row in rows] == [True, False, False]


def test_a_text_with_nul_and_lone_surrogates_is_kept_without_them(portal: Portal) -> None:
    portal.add(portal.shows(A))
    odd = replace(A, articleBody=BODY + " \x00 and \udcff more", headline="nul \x00", authors=("a\x00",))
    visit = portal.shows(A)
    (done,) = portal.add(replace(visit, reading=portal.reading(odd)))
    assert done.change == "edited"
    with database.session(portal.workspace, readonly=True) as session:
        assert query.show(session, A.url)["articleBody"].endswith("\ufffd and \ufffd more")


def test_a_clock_set_back_loses_nothing(portal: Portal) -> None:
    portal.add(portal.shows(A))
    portal.at -= timedelta(days=365)
    assert portal.add(portal.same(A))[0].change is None
    assert portal.add(portal.shows(A2))[0].change == "edited"
    assert [visits for _, _, visits in history(portal.workspace, "/en/1")] == [2, 1]
