"""A page whose furniture changes at every visit, told by the whole store: captures in, changes out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archive import query
from archive.database import session
from archive.records import Article
from archive.workspace import Workspace, create
from tests.archive.diffing.test_noise import capture
from tests.archive.story import HOME, Portal


def page(n: int, body: str | None = None) -> Article:
    text = capture(n) if body is None else capture(n, body)
    return replace(text, url=f"{HOME}/news/1", headline="Council report")


def visited(workspace: Workspace, count: int, edited_at: int | None = None) -> None:
    portal = Portal(workspace)
    for n in range(count):
        body = "The committee adopted its report.\n\nIt named 46 states." if edited_at and n >= edited_at else None
        portal.later(hours=6).add(portal.shows(page(n, body)))
        portal.end()


def told(workspace: Workspace) -> list[list[str]]:
    with session(workspace, readonly=True) as record:
        return [row["fields"] for row in query.changes(record, kinds=["edited"])]


@pytest.mark.parametrize("captures", [20, pytest.param(200, marks=pytest.mark.long)])
def test_furniture_that_changes_on_each_capture_leaves_no_unmuted_change(tmp_path: Path, captures: int) -> None:
    workspace = create(tmp_path / "archive")
    visited(workspace, captures)
    assert told(workspace) == []
    with session(workspace, readonly=True) as record:
        assert len(query.changes(record, kinds=["edited"], muted=True)) == captures - 1
        assert query.furniture(record)


def test_an_edit_among_it_is_told(tmp_path: Path) -> None:
    workspace = create(tmp_path / "archive")
    visited(workspace, 20, edited_at=15)
    assert told(workspace) == [["body"]]
