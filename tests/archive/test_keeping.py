"""Index and ledger follow a run while it goes on."""

from __future__ import annotations

import logging

import pytest

from archive import keeping
from archive.cdxj import Index
from archive.ledger import Ledger
from archive.verify import verify
from archive.workspace import Workspace
from tests.archive.story import HOME, Portal, article


@pytest.fixture
def portal(store: Workspace, monkeypatch: pytest.MonkeyPatch) -> Portal:
    monkeypatch.setattr(keeping, "INDEX_SECONDS", 0.0)
    monkeypatch.setattr(keeping, "LEDGER_SECONDS", 0.0)
    monkeypatch.setattr(keeping, "REST", 0)
    return Portal(store).begin()


def indexed(workspace: Workspace) -> set[str]:
    return {entry.fields["url"] for entry in Index(workspace.evidence).lookup(f"{HOME}/news/", prefix=True)}


def test_what_was_acknowledged_is_in_index_and_ledger_before_the_run_ends(store: Workspace, portal: Portal) -> None:
    for number in (1, 2, 3):
        portal.add(portal.shows(article(f"/news/{number}")))
        assert indexed(store) == {f"{HOME}/news/{n}" for n in range(1, number + 1)}
        head = Ledger(store).head()
        assert head is not None
        assert head.size == number
    assert verify(store).problems == []  # as a kill would leave it
    portal.end()
    assert verify(store).problems == []


def test_a_short_run_is_indexed_once_at_its_end(store: Workspace) -> None:
    portal = Portal(store)
    portal.add(portal.shows(article("/news/1")))
    assert indexed(store) == set()
    portal.end()
    assert indexed(store) == {f"{HOME}/news/1"}


def test_an_index_that_cannot_be_written_stops_no_run(
    store: Workspace, portal: Portal, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, caplog.at_level(logging.WARNING):
        patch.setattr(Index, "add", full)
        assert len(portal.add(portal.shows(article("/news/1")))) == 1
    assert "No space left" in caplog.text
    portal.end()
    assert indexed(store) == {f"{HOME}/news/1"}
    assert verify(store).problems == []
