"""A channel with a saved search: only changes that brought, or took, a text with its words are told; none is missed."""

from __future__ import annotations

import sys

import pytest

from archive import database, query, search
from archive.errors import UsageError
from archive.notify import send_due
from archive.search import finding
from archive.workspace import Workspace
from tests.archive.notify.conftest import channels, first_look
from tests.archive.story import BODY, OTHER_BODY, START, Portal, article

HEAD = f'[[alerts.channel]]\nname="{{name}}"\nby="command"\ncommand=["{sys.executable}", "-c", "pass"]\n'
WORDS = {
    "asked": "resolution",
    "either": "zebra OR resolution",
    "other": "harvest",
    "none": "zebra",
    "but": "resolution -talks",
}


def saved(made: Workspace, **searches: str) -> Workspace:
    """The workspace with a channel for each search, which has looked once."""
    text = "".join(HEAD.format(name=name) + f"search='{words}'\n" for name, words in searches.items())
    made = channels(made, text)
    first_look(made)
    return made


def told(made: Workspace) -> dict[str, int]:
    return {sent.channel: sent.changes for sent in send_due(made, made.settings.alerts)}


def test_only_changes_of_texts_with_the_words_are_told(store: Workspace) -> None:
    portal = _two_pages(store)
    made = saved(store, **WORDS)
    portal.later(days=1).begin()
    portal.add(portal.shows(article("/news/1", BODY.replace("47", "46"))), portal.missing("/news/2", 410))
    portal.later(days=1).add(portal.missing("/news/2", 410))
    portal.end()
    assert told(made) == {"asked": 1, "either": 1, "other": 1, "none": 0, "but": 0}
    assert set(told(made).values()) == {0}


def test_words_that_an_edit_takes_out_are_told_and_those_long_gone_are_not(store: Workspace) -> None:
    portal = _two_pages(store)
    made = saved(store, taken="talks")
    for body in ("The text was adopted.", "The text was adopted by a vote."):
        portal.later(days=1).begin()
        portal.add(portal.shows(article("/news/1", body + "\n\nThe next meeting of the council is to take place in June.")))
        portal.end()
    assert told(made) == {"taken": 1}


def test_an_old_text_that_is_taken_is_told_however_many_newer_ones_hold_the_word(
    store: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "CANDIDATES", 2)
    portal = _two_pages(store)
    portal.later(days=1).begin()
    portal.add(*(portal.shows(article(f"/news/{number}", f"Another resolution, of {number}.")) for number in range(3, 8)))
    portal.end()
    made = saved(store, asked="resolution")
    told(made)  # what is new is not asked for: the time of this look becomes the beginning
    portal.later(days=1).begin()
    portal.add(portal.missing("/news/1", 410))
    portal.later(days=1).add(portal.missing("/news/1", 410))
    portal.end()
    with database.session(made, readonly=True) as session:
        newest = query.changes(session, kinds=("gone",), among=search.matching(session, "resolution"))
        whole = query.changes(session, kinds=("gone",), among=search.matching(session, "resolution", START))
    assert (len(newest), len(whole)) == (0, 1)
    assert told(made) == {"asked": 1}


@pytest.mark.parametrize("words", ["", "-resolution", "…", '""'])
def test_a_search_that_asks_for_nothing_is_named_with_its_line(sqlite_workspace: Workspace, words: str) -> None:
    with pytest.raises(UsageError, match=r"onrecord\.toml:5: alerts\.channel\.0\.search: .* asks for no word"):
        saved(sqlite_workspace, desk=words)


def _two_pages(made: Workspace) -> Portal:
    portal = Portal(made).begin()
    portal.add(portal.shows(article("/news/1")), portal.shows(article("/news/2", OTHER_BODY, "Hazelnuts")))
    portal.end()
    return portal
