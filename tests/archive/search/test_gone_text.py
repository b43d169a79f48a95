"""`search --gone` finds every sentence that the demo and a real portal took away, asked as a reader would: as a phrase."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from archive import database
from archive.folding import fold, words
from archive.search import search
from archive.workspace import Workspace, open_at
from tests.judges.archives import digital_canada

_VERSIONS = text(
    "SELECT page.id, page.key, page.state, page.moved_to_id, reading.body FROM version"
    " JOIN page ON page.id = version.page_id AND page.rules_id = version.rules_id"
    " JOIN reading ON reading.id = version.reading_id"
    " WHERE version.state = 'content' AND page.role = 'article' ORDER BY page.id, version.n"
)

_MOVED = text(
    "SELECT DISTINCT reading.body FROM version JOIN page ON page.id = version.page_id AND page.rules_id = version.rules_id"
    " JOIN reading ON reading.id = version.reading_id WHERE page.moved_to_id IS NOT NULL AND version.state = 'content'"
)


@pytest.fixture(scope="module", params=["demo", pytest.param("digital-canada-ca", marks=pytest.mark.long)])
def archive(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    if request.param == "demo":
        return open_at(request.getfixturevalue("demonstrated").root)
    return digital_canada(tmp_path_factory.mktemp("search"))


def spelled(line: str) -> str:
    return " ".join(words(fold(line)))


def sentences(body: str) -> set[str]:
    """Their words; three at least, for "More" is on every page."""
    return {said for line in re.split(r"(?<=[.!?])\s+|\n", body) if (said := spelled(line)).count(" ") >= 2}


def taken_away(session: Session) -> Iterator[tuple[str, str]]:
    """(page, sentence) of everything an earlier version of a page said and what is served now does not."""
    last: dict[int, str] = {}
    said: dict[tuple[int, str], set[str]] = {}
    onward: dict[int, int] = {}
    for number, key, state, moved, body in session.execute(_VERSIONS):
        said.setdefault((number, key), set()).update(sentences(body))
        last[number] = "" if state == "gone" else f" {spelled(body)} "
        if moved is not None:
            onward[number] = moved
    for (number, key), lines in said.items():
        end = number
        while end in onward:  # what a moved page said stands or not at its new address
            end = onward[end]
        yield from ((key, line) for line in sorted(lines) if f" {line} " not in last[end])


@pytest.mark.xdist_group("demo")
def test_every_sentence_taken_away_is_found(archive: Workspace) -> None:
    with database.session(archive, readonly=True) as session:
        asked = list(taken_away(session))
        missed = [
            (page, line)
            for page, line in asked
            if page not in {hit["page"] for hit in search(session, f'"{line}"', gone=True, limit=None)}
        ]
        wrong = [
            (hit["page"], body)
            for (body,) in session.execute(_MOVED)
            for hit in search(session, f'"{max(sentences(body), key=len)}"', gone=True, limit=None)
            if (hit["page"], max(sentences(body), key=len)) not in asked
        ]
    assert len(asked) > 20
    assert missed == []
    assert wrong == []
