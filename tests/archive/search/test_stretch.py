"""A stretch of a long answer is told as it stands in the whole, and what is told of common words is true of every version."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from archive import database
from archive.search import facets, find, finding, search, tell
from archive.workspace import Workspace
from tests.archive.story import BODY, Portal, article


@pytest.fixture
def told(store: Workspace) -> Workspace:
    """Twelve articles in two languages with one word; the third and fourth lose it, the fifth is edited elsewhere."""
    portal = Portal(store).begin()
    texts = [article(f"/n/{n}", f"Caspian {n}. {BODY}", f"N {n}", inLanguage="az" if n % 3 else "en") for n in range(12)]
    portal.add(*map(portal.shows, texts))
    lost = [replace(text, articleBody=text.articleBody.replace("Caspian", "Another")) for text in texts[2:4]]
    portal.later(days=1).add(*map(portal.shows, lost))
    portal.later(days=1).add(portal.shows(replace(texts[4], articleBody=texts[4].articleBody + " Words came after.")))
    portal.end()
    return store


@pytest.mark.parametrize("sort", ["newest", "rank"])
def test_a_stretch_is_told_as_in_the_whole_and_facets_count_the_beginning(told: Workspace, sort: finding.Sort) -> None:
    with database.session(told, readonly=True) as session:
        whole = search(session, "caspian", sort=sort, context=2, limit=None)
        assert len(whole) == 12
        found = find(session, "caspian", sort=sort, limit=9)
        assert tell(session, found, 3, 6, context=2) == whole[3:6]
        counted = facets(session, found, 8)
        assert counted.pages == 8
        assert counted.lang == Counter(hit["inLanguage"] for hit in whole[:8])
        assert counted.gone == sum(hit["gone"] for hit in whole[:8])
        assert counted.portal == {"example-az": 8}


def test_of_words_in_very_many_texts_every_version_that_holds_them_is_told(
    told: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.session(told, readonly=True) as session:
        whole = {hit["page"]: hit for hit in search(session, "caspian", limit=None)}
        assert not find(session, "caspian").cut
        monkeypatch.setattr(finding, "CANDIDATES", 1)
        assert find(session, "caspian").cut
        (newest,) = search(session, "caspian", limit=None)
        assert newest["versions"] == [1, 2]
        assert newest == whole[newest["page"]]
        assert search(session, "nowhere", limit=None) == []
