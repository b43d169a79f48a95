"""Search means the same on both databases, finds what is gone, and never fails on what was typed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from archive import database
from archive.folding import fold, words
from archive.records import Aside, RelatedLink
from archive.search import facets, find, search
from archive.search.snippet import snippet
from archive.search.terms import parse, to_fts5, to_tsquery
from archive.workspace import Workspace
from tests.archive.ingest.test_timeline import A2, A, B
from tests.archive.story import HOME, Portal, article

AZERI = article("/az/1", "Bakı şəhərində görüş keçirildi. İyirmi iki ölkə iştirak etdi.", "Görüş", inLanguage="az")
RUSSIAN = article("/ru/1", "Ещё один документ подписан в Баку-Центре на сумму 4,5 млн.", "Документ", inLanguage="ru")
ASIDE = article("/en/3", "A short note on pipelines.", "Note", asides=(Aside("related", "See also", "Caspian corridor"),))


@pytest.fixture(scope="module")
def session(module_store: Workspace) -> Iterator[Session]:
    """Articles in three languages; one edited, one gone."""
    portal = Portal(module_store)
    portal.add(portal.lists("/news", A.url))
    portal.add(*(portal.shows(text) for text in (A, B, AZERI, RUSSIAN)))
    portal.add(portal.shows(replace(ASIDE, links=(RelatedLink("foreign_press", None, "Strait talk", "Le Monde"),))))
    portal.later().add(portal.shows(A2), portal.missing("/en/2"))
    portal.later().add(portal.missing("/en/2"))
    with database.session(module_store, readonly=True) as opened:
        yield opened


def found(session: Session, text: str, **options: Any) -> list[str]:
    return [hit["url"].removeprefix(HOME) for hit in search(session, text, **options)]


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("member states", ["/en/1"]),
        ("MEMBER", ["/en/1"]),
        ('"member states agreed"', ["/en/1"]),
        ('"states member"', []),
        ("hazelnut*", ["/en/2"]),
        ("hazelnut", []),
        ("hazelnuts OR resolution", ["/en/1", "/en/2"]),
        ("the -hazelnuts", ["/en/1"]),
        ('council -"talks in the capital"', []),
        ("baki", ["/az/1"]),
        ("Bakı seherinde", []),
        ("şəhərində", ["/az/1"]),
        ("iyirmi iki", ["/az/1"]),
        ("olke", []),
        ("ölkə", ["/az/1"]),
        ("еще", ["/ru/1"]),
        ("баку-центре", ["/ru/1"]),
        ('"4,5"', ["/ru/1"]),
        ("corridor", ["/en/3"]),
        ("monde", ["/en/3"]),
        ("nothing like this", []),
    ],
)
def test_a_query_finds_the_same_on_both_databases(session: Session, text: str, paths: list[str]) -> None:
    assert sorted(found(session, text)) == paths
    assert sorted(found(session, text, sort="rank")) == paths


def test_text_that_was_taken_out_is_found_in_the_version_that_had_it(session: Session) -> None:
    (hit,) = search(session, '"47 member states"')
    assert (hit["versions"], hit["of_versions"], hit["gone"]) == ([1], 2, True)
    assert "«47 member states»" in hit["snippet"]
    (hit,) = search(session, "resolution")
    assert (hit["versions"], hit["gone"]) == ([1, 2], False)


def test_only_what_is_gone_on_request(session: Session) -> None:
    assert sorted(found(session, "hazelnuts OR 47", gone=True)) == ["/en/1", "/en/2"]
    assert found(session, "resolution", gone=True) == []
    assert found(session, "hazelnuts", gone=True) == ["/en/2"]


def test_the_newest_come_first_and_the_best_on_request(session: Session) -> None:
    assert found(session, "agreed OR railway")[0] == "/en/1"
    hits = search(session, "agreed OR railway", sort="rank")
    assert all(hit["score"] is not None for hit in hits)
    assert search(session, "agreed")[0]["score"] is None


def test_what_newest_sorts_by_is_told(session: Session) -> None:
    hits = search(session, "the OR bakı OR note", limit=None)
    assert len(hits) > 2
    assert [hit["seen_at"] for hit in hits] == sorted((hit["seen_at"] for hit in hits), reverse=True)
    (edited,) = search(session, "resolution")
    (before,) = search(session, "resolution", until=edited["seen_at"] - timedelta(seconds=1))
    assert before["seen_at"] < edited["seen_at"]


@pytest.mark.parametrize(
    ("filters", "paths"),
    [
        ({"portal": "example-az"}, ["/en/1", "/en/2"]),
        ({"portal": "none"}, []),
        ({"section": "News"}, ["/en/1"]),
        ({"lang": "az"}, []),
        ({"year": 2026}, ["/en/1", "/en/2"]),
        ({"year": 2025}, []),
        ({"status": "gone"}, ["/en/2"]),
        ({"status": ("live", "suspected")}, ["/en/1"]),
        ({"limit": 1}, ["/en/1"]),
    ],
)
def test_search_is_filtered(session: Session, filters: dict[str, Any], paths: list[str]) -> None:
    assert sorted(found(session, "the", **filters)) == (paths)


NASTY = [
    *(
        '"',
        "'",
        "(",
        ")",
        "((",
        "*",
        "-",
        "--",
        "OR",
        "OR OR",
        "NOT",
        "AND",
        "a OR",
        "OR a",
        "-a",
        '-"',
        '"a',
        "a*b",
        "^a",
        "a:b",
    ),
    *("NEAR(a b, 5)", "headline:a", "{a b}: c", "a' OR '1'='1", "; DROP TABLE page; --", "\\", "%", "_", "a <-> b", "!a & b"),
    *("\x00", "\x00a", "\ud800", "a" * 10_000, "a " * 5_000, '"' * 999, "🙂", "\u202e", "İ", "ß", "ﬁ", "a&b|c", ":*", "'':*"),
]


@pytest.mark.parametrize("text", NASTY)
def test_no_input_is_an_error(session: Session, text: str) -> None:
    search(session, text)
    search(session, text, sort="rank", gone=True)


@given(st.text(max_size=40))
def test_every_text_is_a_query_whose_words_are_plain(text: str) -> None:
    terms = parse(text)
    for group in (*terms.all_of, terms.none_of):
        for term in group:
            assert term.words and all(words(word) == [word] for word in term.words)
    assert "'" not in to_fts5(terms)
    assert to_tsquery(terms).count("'") % 2 == 0


@given(st.text(alphabet="aIıİəşğЁё é\u0301ÅßﬁǅẞŐ", max_size=20))
def test_folding_keeps_the_number_of_words(text: str) -> None:
    import unicodedata

    composed = unicodedata.normalize("NFC", text)
    assert len(fold(composed).split()) == len(composed.split())


def test_a_snippet_marks_what_was_found_in_the_text_as_it_stands() -> None:
    text = "One two three. " * 40 + "In Bakı the minister spoke. " + "Four five six. " * 40
    told = snippet([None, text], parse("baki minister"), context=1)
    assert told.startswith("… ") and told.endswith(" …")
    assert "In «Bakı» the «minister» spoke." in told
    assert len(told.split()) < 40


def test_a_snippet_of_a_text_without_the_words_is_its_beginning() -> None:
    assert snippet(["alpha beta"], parse("gamma")) == "alpha beta"
    assert snippet([], parse("gamma")) == ""


def test_what_moved_is_not_gone_but_said_to_have_moved(store: Workspace) -> None:
    """A twice moved text stands at its end; the words that its end lost are gone; and so is all when its end is."""
    portal = Portal(store)
    first = replace(A, url=f"{HOME}/en/old", articleBody=f"{A.articleBody}\n\nThe last bridge was closed for a zeppelin show.")
    second, third = replace(first, url=f"{HOME}/en/middle"), replace(first, url=f"{HOME}/en/new")
    portal.add(portal.shows(first))
    portal.later().add(portal.redirects("/en/old", second))
    portal.later().add(portal.redirects("/en/middle", third))
    ends = {f"{HOME}/en/old": third.url, f"{HOME}/en/middle": third.url, third.url: None}

    def told(words: str, **filters: Any) -> dict[str, tuple[bool, str | None]]:
        with database.session(store, readonly=True) as session:
            found = find(session, words)
            hits = search(session, words, **filters)
            assert facets(session, found, 100).gone == len(search(session, words, gone=True))
            return {hit["url"]: (hit["gone"], hit["moved_to"]) for hit in hits}

    assert told("zeppelin") == {url: (False, end) for url, end in ends.items()}
    assert told("zeppelin", gone=True) == {}
    portal.later().add(portal.shows(replace(A, url=third.url)))
    assert told("zeppelin", gone=True) == {url: (True, end) for url, end in ends.items()}
    first_words = '"' + " ".join(A.articleBody.split()[:3]) + '"'
    assert told(first_words, gone=True) == {}
    portal.later().add(portal.missing("/en/new", 410))
    portal.later().add(portal.missing("/en/new", 410))
    assert told(first_words, gone=True) == {url: (True, end) for url, end in ends.items()}
