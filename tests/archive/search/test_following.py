"""A saved search tells of the changes that its filters ask for, and of what took its words away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from archive import database
from archive.records import StatedDate
from archive.search import following
from archive.workspace import Workspace
from tests.archive.story import HOME, OTHER_BODY, START, Portal, article

HARVEST = OTHER_BODY + "\n\nHazelnuts are sold in {} markets."
LAST_YEAR = StatedDate("2025-12-31", "31 December 2025", "dateline", 0.9)


@pytest.fixture(scope="module")
def session(module_store: Workspace) -> Iterator[Session]:
    """Of texts with hazelnuts: one loses them, one loses them in one of two places, one is edited elsewhere, one is gone, one
    moves on with them, one brings them, one puts a word that a query excludes."""
    portal = Portal(module_store)
    first = {
        path: article(path, HARVEST.format(40), f"Harvest {path}")
        for path in ("/lost", "/once", "/elsewhere", "/gone", "/old", "/excluded")
    }
    azeri = article("/az", "Hazelnuts satılır bazarda.\n\nQiymətlər artdı.", "Fındıq", inLanguage="az", datePublished=LAST_YEAR)
    brings = article("/brings", "Nothing of the kind was said of this.\n\nNeither of that.", "Nothing")
    portal.begin()
    portal.add(portal.lists("/news", *(HOME + path for path in ("/lost", "/gone"))))
    portal.add(*(portal.shows(text) for text in (*first.values(), azeri, brings)))
    portal.end()
    portal.later(days=1).begin()
    portal.add(
        portal.shows(
            article("/lost", HARVEST.format(40).replace("hazelnuts", "nuts").replace("Hazelnuts", "Nuts"), "Harvest /lost")
        ),
        portal.shows(article("/once", OTHER_BODY, "Harvest /once")),
        portal.shows(article("/elsewhere", HARVEST.format(41), "Harvest /elsewhere")),
        portal.shows(article("/excluded", HARVEST.format(40) + "\n\nAlmonts were added.", "Harvest /excluded")),
        portal.shows(
            article("/az", "Badam satılır bazarda.\n\nQiymətlər artdı.", "Fındıq", inLanguage="az", datePublished=LAST_YEAR)
        ),
        portal.shows(article("/brings", "Hazelnuts were said of this.\n\nNeither of that.", "Nothing")),
        portal.missing("/gone", 410),
        portal.redirects("/old", article("/new", HARVEST.format(40), "Harvest /old")),
    )
    portal.end()
    portal.later(days=1).begin()
    portal.add(portal.missing("/gone", 410))
    portal.end()
    with database.session(module_store, readonly=True) as opened:
        yield opened


def told(session: Session, words: str, **filters: Any) -> set[tuple[str, str]]:
    return {(row["kind"], row["url"].removeprefix(HOME)) for row in following(session, words, **filters)}


EDITS = {("edited", path) for path in ("/lost", "/once", "/elsewhere", "/excluded", "/az", "/brings")}
TAKEN = {("edited", "/lost"), ("edited", "/once"), ("edited", "/az"), ("gone", "/gone")}


def test_what_brought_or_took_the_words_is_told_with_the_words(session: Session) -> None:
    found = following(session, "hazelnuts")
    assert EDITS | {("gone", "/gone")} <= {(row["kind"], row["url"].removeprefix(HOME)) for row in found}
    assert all(row["blocks"] for row in found if row["kind"] == "edited")  # type: ignore[typeddict-item]
    assert [row["detected_at"] for row in found] == sorted((row["detected_at"] for row in found), reverse=True)


def test_gone_tells_only_what_took_the_words_away(session: Session) -> None:
    assert told(session, "hazelnuts", gone=True) == TAKEN
    assert told(session, '"hazelnuts are sold"', gone=True) == TAKEN - {("edited", "/az")}
    assert told(session, "hazelnuts harvest", gone=True) == TAKEN - {("edited", "/az"), ("edited", "/once")}
    assert told(session, "hazelnuts -almonts", gone=True) == TAKEN
    assert told(session, "nothing like this", gone=True) == told(session, "", gone=True) == set()


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"lang": "az"}, {("edited", "/az")}),
        ({"lang": "AZ"}, {("edited", "/az")}),
        ({"year": 2025}, {("edited", "/az")}),
        ({"year": 1999}, set()),
        ({"status": ("gone",)}, {("gone", "/gone")}),
        ({"status": ("live", "suspected")}, TAKEN - {("gone", "/gone")}),
        ({"section": "News"}, {("edited", "/lost"), ("gone", "/gone")}),
        ({"portal": "example-az"}, TAKEN),
        ({"portal": "none"}, set()),
        ({"until": START}, set()),
        ({"since": START + timedelta(days=1, hours=12)}, {("gone", "/gone")}),
        ({"limit": 1}, {("gone", "/gone")}),
    ],
)
def test_the_filters_of_the_search_are_kept(session: Session, filters: dict[str, Any], expected: set[tuple[str, str]]) -> None:
    assert told(session, "hazelnuts", gone=True, **filters) == expected
    assert {(kind, path) for kind, path in told(session, "hazelnuts", **filters) if (kind, path) in TAKEN} == expected
