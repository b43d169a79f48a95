"""The questions of `cli.md`, with exactly its keys, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy.orm import Session

from archive import database, query
from archive.errors import NotFound, OnrecordError, UsageError
from archive.records import Dateline, RelatedLink
from archive.workspace import Workspace
from tests.archive.ingest.test_timeline import A2, A, B
from tests.archive.story import BODY, HOME, START, Portal, article

LINKS = (
    RelatedLink("related", B.url, "Record harvest", lang="en"),
    RelatedLink("foreign_press", "https://press.example/1", "Headline", "The Guardian", "2018-11-25"),
    RelatedLink("citation", None, "named only", "An agency", "2018-11-24"),
)
LISTED = replace(A, links=LINKS, dateline=Dateline("Baku", "2026-03-01"))


@pytest.fixture(scope="module")
def session(module_store: Workspace) -> Iterator[Session]:
    """An article edited twice on two days, another gone, both listed."""
    portal = Portal(module_store)
    portal.add(portal.lists("/news", A.url, B.url), portal.lists("/top", A.url, section="Top"))
    portal.add(portal.shows(LISTED, headers={"ETag": '"1"', "Last-Modified": "x"}), portal.shows(B))
    portal.at = START + timedelta(days=1)
    portal.add(portal.shows(replace(LISTED, articleBody=A2.articleBody)), portal.missing("/en/2"))
    portal.at = START + timedelta(days=2)
    portal.add(portal.shows(replace(A2, links=LINKS)), portal.missing("/en/2"))
    portal.end()
    with database.session(module_store, readonly=True) as opened:
        yield opened


def keys(row: Any) -> set[str]:
    return set(row)


def test_every_answer_has_the_keys_others_build_on(session: Session) -> None:
    ident = query.page(session, A.url)["page"]
    assert keys(query.pages(session)[0]) == {
        *("page", "portal", "url", "sections", "headline", "datePublished", "inLanguage", "state", "versions"),
        *("first_seen", "last_seen"),
    }
    assert keys(query.history(session, ident)[0]) == {
        *("version", "kind", "fields", "words_added", "words_removed", "not_before", "seen_at", "last_seen", "visits")
    }
    assert keys(query.changes(session)[0]) == {
        *("portal", "page", "url", "from_url", "from_page", "sections", "headline", "inLanguage", "kind", "fields"),
        *(
            "words_added",
            "words_removed",
            "from",
            "to",
            "not_before",
            "detected_at",
            "significance",
            "why",
            "declared",
            "muted",
        ),
    }
    assert keys(query.gone(session)[0]) >= {
        *("page", "url", "state", "first_missing_at", "visits", "last_status", "last_good", "redirects_to")
    }
    assert keys(query.diff(session, ident, "1..2")) >= {"schema", "page", "url", "from", "to", "fields", "words", "blocks"}
    shown = query.show(session, ident)
    assert keys(shown) >= {
        *("page", "version", "state", "first_seen", "last_seen", "sections", "dateline", "datePublishedSource", "links"),
        *("evidence", "headline", "articleBody", "datePublished", "inLanguage"),
    }
    assert keys(shown["evidence"]) >= {"warc", "offset", "length", "sha256", "captured_at"}
    assert all(keys(link) >= {"kind", "url", "title", "outlet", "date", "lang"} for link in shown["links"])


def test_list_tells_sections_state_and_number_of_versions(session: Session) -> None:
    first, second = sorted(query.pages(session), key=lambda row: row["url"])
    assert (first["sections"], first["versions"], first["state"]) == (["News", "Top"], 3, "live")
    assert (second["sections"], second["versions"], second["state"]) == (["News"], 2, "gone")
    assert first["first_seen"] is not None and str(first["first_seen"].tzinfo) == "Asia/Baku"


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"portal": "example-az"}, 2),
        ({"portal": "other"}, 0),
        ({"section": "top"}, 1),
        ({"lang": "az"}, 0),
        ({"state": "gone"}, 1),
        ({"state": ["gone", "live"]}, 2),
        ({"limit": 1}, 1),
    ],
)
def test_list_is_filtered(session: Session, filters: dict[str, Any], found: int) -> None:
    assert len(query.pages(session, **filters)) == found


@pytest.mark.parametrize(
    ("filters", "kinds"),
    [
        ({}, ["gone", "edited", "edited", "new", "new"]),
        ({"kinds": ["gone", "edited"]}, ["gone", "edited", "edited"]),
        ({"fields": ["headline"]}, ["edited"]),
        ({"since": START + timedelta(days=2)}, ["gone", "edited"]),
        ({"until": START + timedelta(hours=23)}, ["new", "new"]),
        ({"section": "Top"}, ["edited", "edited", "new"]),
        ({"min_words": 2}, ["edited", "edited"]),
        ({"limit": 2}, ["gone", "edited"]),
    ],
)
def test_changes_are_filtered_newest_first(session: Session, filters: dict[str, Any], kinds: list[str]) -> None:
    rows = query.changes(session, **filters)
    assert [row["kind"] for row in rows] == kinds
    assert [row["detected_at"] for row in rows] == sorted((row["detected_at"] for row in rows), reverse=True)


@pytest.mark.parametrize(
    ("ref", "version"),
    [
        ("{id}", 3),
        ("{id}@1", 1),
        ("{short}@first", 1),
        ("{short}@last", 3),
        ("{id}@{{2026-03-01}}", 1),
        ("{id}@{{2026-03-02}}", 2),
        ("{id}@{{2026-03-02T05:00+04:00}}", 1),
        ("{url}", 3),
        ("{url}@2", 2),
        ("portal.example.az/en/1/", 3),
        ("https://www.portal.example.az/en/1?utm_source=x", 3),
    ],
)
def test_a_reference_names_a_page_and_a_version(session: Session, ref: str, version: int) -> None:
    ident = query.page(session, A.url)["page"]
    assert query.show(session, ref.format(id=ident, short=ident[:6], url=A.url))["version"] == version


def test_a_range_names_two_versions(session: Session) -> None:
    ident = query.page(session, A.url)["page"]
    whole = query.diff(session, ident, "1..3")
    assert (whole["from"]["n"], whole["to"]["n"], whole["fields"]) == (1, 3, ["headline", "body"])
    assert query.diff(session, f"{ident}@1..3") == whole
    assert query.diff(session, ident)["fields"] == ["headline"]  # the last change
    assert query.diff(session, f"{ident}@2")["fields"] == ["body"]  # against the one before
    assert [row["version"] for row in query.history(session, f"{ident}@2..3")] == [2, 3]


def test_the_operations_of_a_diff_replay(session: Session) -> None:
    from archive.diffing import apply

    ident = query.page(session, A.url)["page"]
    told = query.diff(session, ident, "1..2")
    body = [block for block in told["blocks"] if block["field"] == "body"]
    assert apply(BODY, body) == A2.articleBody


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        ("ffffff", "no page ffffff"),
        ("zz", "no page"),
        ("{id}@9", "no version 9"),
        ("{id}@{{2020-01-01}}", "not seen at or before"),
        ("https://elsewhere.example/1", "no page with the address"),
        (HOME + "/en/404", "no page with the address"),
    ],
)
def test_what_is_not_there_is_told_with_what_is_near(session: Session, ref: str, words: str) -> None:
    ident = query.page(session, A.url)["page"]
    with pytest.raises(NotFound, match=words) as caught:
        query.show(session, ref.format(id=ident))
    assert caught.value.hint


def test_a_page_with_one_version_has_no_diff(store: Workspace) -> None:
    portal = Portal(store)
    portal.add(portal.shows(A))
    with database.session(store, readonly=True) as opened, pytest.raises(UsageError, match="one version only"):
        query.diff(opened, A.url)


def test_links_tell_what_of_them_is_kept_here_and_what_is_gone(session: Session) -> None:
    ident = query.page(session, B.url)["page"]
    rows = query.links(session, A.url)
    assert [(row["kind"], row["outlet"], row["archived"], row["state"]) for row in rows] == [
        ("related", None, f"{ident}@1", "gone"),
        ("foreign_press", "The Guardian", None, None),
        ("citation", "An agency", None, None),
    ]
    assert [row["kind"] for row in query.links(session, A.url, kinds=["foreign_press"])] == ["foreign_press"]
    assert [row["url"] for row in query.links(session, broken=True)] == [B.url]
    (row,) = query.links(session, B.url, incoming=True)
    assert row["page"] == query.page(session, A.url)["page"]


def test_blame_names_the_version_of_every_sentence_and_what_is_gone(session: Session) -> None:
    rows = query.blame(session, A.url)
    body = [(row["version"], row["until"], row["text"][:20]) for row in rows if row["field"] == "body"]
    assert body == [
        (2, None, A2.articleBody[:20]),
        (1, None, BODY.split("\n\n")[1][:20]),
        (1, None, BODY.split("\n\n")[2][:20]),
        (1, 2, BODY[:20]),
    ]
    assert [(row["version"], row["gone"]) for row in rows if row["field"] == "headline"] == [(3, False), (1, True)]


def test_known_pages_carry_what_a_conditional_request_needs(session: Session) -> None:
    first, second = query.known(session, "example-az")
    assert (first.url, first.role, first.state, first.etag) == (A.url, "article", "live", None)  # of the newest answer
    assert (second.url, second.state) == (B.url, "gone")
    assert first.fetched_at == START + timedelta(days=2)
    assert [known.url for known in query.known(session, "example-az", section="Top")] == [A.url]
    assert [known.url for known in query.known(session, "example-az", [B.url + "?utm_source=x"])] == [B.url]
    assert list(query.known(session, "other")) == []


def test_the_pages_a_run_visited_are_known_and_listings_are_to_be_seen_again(session: Session) -> None:
    (run,) = query.runs(session)
    visited = query.visited_in(session, run["run"])
    assert {A.url, B.url} <= visited
    assert HOME + "/news" not in visited
    assert (run["outcome"], run["visits"]) == ("ok", 8)


def test_the_answer_itself_is_found_again_also_behind_a_revisit(store: Workspace) -> None:
    portal = Portal(store)
    portal.add(portal.shows(A))
    portal.add(portal.missing("/en/1"))
    portal.add(portal.missing("/en/1"))
    portal.add(portal.same(A))
    with database.session(store, readonly=True) as opened:
        message = query.answer(opened, store, A.url)
        assert b"47 member states" in message.entity
        old, new = query.two_texts(opened, store, A.url, "1..3", raw=True)
    assert old.text == new.text


def test_stats_count_by_section_and_by_day(session: Session) -> None:
    by_section = {row["section"]: row for row in query.stats(session, by="section")}
    assert (by_section["News"]["articles"], by_section["News"]["edited"], by_section["News"]["gone"]) == (2, 2, 1)
    assert by_section["Top"]["median_first_edit_h"] == 24.0
    assert by_section["News"]["series"] == [2, 1, 2]
    assert [row["edited"] for row in query.stats(session, by="day")] == [0, 1, 1]
    assert query.stats(session)[0]["articles"] == 2


def test_pages_are_listed_without_hubs_images_and_pages_never_seen(store: Workspace) -> None:
    portal = Portal(store)
    portal.add(portal.lists("/news", HOME + "/en/never"), portal.missing("/en/404"), portal.fails("/en/down"))
    with database.session(store, readonly=True) as opened:
        assert query.pages(opened) == []
        with pytest.raises(OnrecordError):
            query.show(opened, HOME + "/en/down")


def test_a_prefix_of_several_pages_names_them(store: Workspace) -> None:
    portal = Portal(store)
    texts = [article(f"/en/{number}", f"{BODY} {number}") for number in range(400)]
    portal.add(*(portal.shows(text) for text in texts))
    with database.session(store, readonly=True) as opened:
        keys = sorted(row["page"] for row in query.pages(opened))
        close = min(pairwise(keys), key=lambda pair: -_common(*pair))
        length = _common(*close)
        if length >= 4:
            with pytest.raises(NotFound, match="several ids"):
                query.show(opened, close[0][:length])
        assert query.show(opened, close[0][: max(length + 1, 4)])["page"] == close[0]


def _common(one: str, other: str) -> int:
    return next(n for n in range(16) if one[n] != other[n])
