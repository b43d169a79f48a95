"""`mute`, `star` and `note` from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive.cli.front import onrecord
from archive.workspace import Workspace, create
from tests.archive.story import BODY, Portal, article

BLOCK = "\n\nMost read\n\n"
URL = "http://portal.example.az/news/1"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    found = create(tmp_path / "archive")
    portal = Portal(found)
    portal.add(portal.shows(article("/news/1", BODY + BLOCK + "A storm is on its way to the south")))
    portal.end()
    portal.later(days=1).add(portal.shows(article("/news/1", BODY + BLOCK + "Elections were set for autumn this year")))
    portal.end()
    return found


def run(workspace: Workspace, *words: str) -> Result:
    return CliRunner().invoke(onrecord, ["-C", str(workspace.root), *words])


def told(workspace: Workspace, *words: str) -> Any:
    result = run(workspace, *words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_muting_an_edit_takes_it_from_the_changes_and_undo_brings_it_back(workspace: Workspace) -> None:
    assert len(told(workspace, "changes", "--kind", "edited")) == 1
    (row,) = told(workspace, "mute", URL, "--reason", "a ticker")
    assert "a ticker" in row["why"]
    assert row["changes"] == 1
    assert told(workspace, "changes", "--kind", "edited") == []
    assert [row["muted"] for row in told(workspace, "changes", "--kind", "edited", "--muted")] == [True]
    told(workspace, "mute", "--portal", "example-az", "--slot", row["slot"], "--undo")
    assert len(told(workspace, "changes", "--kind", "edited")) == 1


def test_a_star_stands_until_it_is_taken_away(workspace: Workspace) -> None:
    assert told(workspace, "star") == []
    told(workspace, "star", URL, "--reason", "promise")
    assert [(row["url"], row["reason"]) for row in told(workspace, "star")] == [(URL, "promise")]
    told(workspace, "star", URL, "--undo")
    assert told(workspace, "star") == []


def test_notes_add_up_newest_first(workspace: Workspace) -> None:
    told(workspace, "note", URL, "first")
    told(workspace, "note", URL, "second")
    assert [row["reason"] for row in told(workspace, "note", URL)] == ["second", "first"]


def test_a_slot_without_its_portal_is_a_usage_error(workspace: Workspace) -> None:
    assert run(workspace, "mute", "--slot", "body>x").exit_code == 2


def test_a_page_without_an_edit_has_nothing_to_mute(workspace: Workspace) -> None:
    assert run(workspace, "mute", URL + "@1").exit_code == 3
