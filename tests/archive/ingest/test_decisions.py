"""Decisions: kept in the evidence, carried out in the record, the same after a rebuild."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import query
from archive.database import session
from archive.errors import NotFound
from archive.ingest import decide
from archive.rebuild import rebuild
from archive.workspace import Workspace, create
from tests.archive.rebuild.test_rebuild import beside, remember
from tests.archive.rows import canonical
from tests.archive.story import BODY, Portal, article

BLOCK = "\n\nMost read\n\n"


def edited_twice(workspace: Workspace) -> tuple[Portal, str, object]:
    portal = Portal(workspace)
    reader_of = remember(portal)
    portal.add(portal.shows(article("/news/1", BODY + BLOCK + "A storm is on its way to the south")))
    portal.end()
    portal.later(days=1).add(portal.shows(article("/news/1", BODY + BLOCK + "Elections were set for autumn this year")))
    portal.end()
    with session(workspace, readonly=True) as record:
        return portal, query.pages(record)[0]["page"], reader_of


def shown(workspace: Workspace, *, muted: bool = False) -> list[tuple[str, bool]]:
    with session(workspace, readonly=True) as record:
        rows = query.changes(record, kinds=["edited"], muted=muted)
    return [(row["kind"], row["muted"]) for row in rows]


def slot_of(workspace: Workspace) -> str:
    with session(workspace, readonly=True) as record:
        (row,) = query.changes(record, kinds=["edited"], blocks=True)
    return str(row["blocks"][0]["slot"])  # type: ignore[typeddict-item]


def test_a_muted_slot_hides_its_changes_and_unmuting_brings_them_back(tmp_path: Path) -> None:
    workspace = create(tmp_path / "archive")
    edited_twice(workspace)
    slot = slot_of(workspace)
    decide(workspace, "mute", f"example-az: {slot}", reason="a list of others", who="ada")
    assert shown(workspace) == []
    assert shown(workspace, muted=True) == [("edited", True)]
    decide(workspace, "unmute", f"example-az: {slot}", who="ada")
    assert shown(workspace) == [("edited", False)]


def test_a_later_crawl_mutes_what_was_decided(tmp_path: Path) -> None:
    workspace = create(tmp_path / "archive")
    portal, _, _ = edited_twice(workspace)
    decide(workspace, "mute", f"example-az: {slot_of(workspace)}", who="ada")
    portal.later(days=1).add(portal.shows(article("/news/1", BODY + BLOCK + "Rain came to the north at last")))
    portal.end()
    assert shown(workspace) == []


def test_decisions_are_the_same_after_a_rebuild(tmp_path: Path) -> None:
    workspace = create(tmp_path / "archive")
    _portal, page, reader_of = edited_twice(workspace)
    slot = slot_of(workspace)
    decide(workspace, "star", page, who="ada")
    decide(workspace, "note", page, reason="ask the press office", who="ada")
    decide(workspace, "mute", f"example-az: {slot}", who="ada")
    decide(workspace, "unmute", f"example-az: {slot}", who="bob")
    again = beside(workspace)
    done = rebuild(workspace, again, reader_of)  # type: ignore[arg-type]
    assert done.decisions == 4
    assert done.notices == []
    assert canonical(again) == canonical(workspace)


def test_a_decision_about_nothing_leaves_nothing(tmp_path: Path) -> None:
    workspace = create(tmp_path / "archive")
    edited_twice(workspace)
    files = sorted(path.name for path in workspace.evidence.iterdir())
    with pytest.raises(NotFound):
        decide(workspace, "star", "0123456789abcdef")
    with pytest.raises(NotFound):
        decide(workspace, "mute", "elsewhere: body>x")
    assert sorted(path.name for path in workspace.evidence.iterdir()) == files
