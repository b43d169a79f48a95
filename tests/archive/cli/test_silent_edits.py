"""`changes --declared` and `--min-significance`: silent edits, and those that matter."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from archive.cli.front import onrecord
from archive.records import StatedDate
from archive.workspace import Workspace, create
from tests.archive.story import BODY, HOME, Portal, article


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Three edits: declared with a number, silent with a wording, and of a page that states no date of change."""
    found = create(tmp_path_factory.mktemp("silent") / "archive")
    portal = Portal(found)
    day = {n: StatedDate(f"2026-03-0{n}", f"{n} March 2026", "meta", 0.9) for n in (1, 2)}
    portal.add(
        portal.shows(article("/declared", dateModified=day[1])),
        portal.shows(article("/silent", dateModified=day[1])),
        portal.shows(article("/unknown")),
    )
    portal.end()
    portal.later(days=1).add(
        portal.shows(article("/declared", BODY.replace("47", "46"), dateModified=day[2])),
        portal.shows(
            article("/silent", BODY.replace("takes place", "is held").replace("talks", "debate"), dateModified=day[1])
        ),
        portal.shows(article("/unknown", BODY.replace("47", "45"))),
    )
    portal.end()
    return found


def told(workspace: Workspace, *words: str) -> set[str]:
    result = CliRunner().invoke(onrecord, ["-C", str(workspace.root), "changes", "--kind", "edited", *words, "--json"])
    assert result.exit_code == 0, result.output
    return {row["url"].removeprefix(HOME) for row in json.loads(result.stdout)}


@pytest.mark.parametrize(
    ("words", "paths"),
    [
        (("--declared", "no"), {"/silent"}),
        (("--declared", "yes"), {"/declared"}),
        (("--declared", "no,unknown"), {"/silent", "/unknown"}),
        (("--min-significance", "0.7"), {"/declared", "/unknown"}),
        (("--min-significance", "0"), {"/declared", "/silent", "/unknown"}),
    ],
)
def test_edits_are_picked_by_declaration_and_weight(workspace: Workspace, words: tuple[str, ...], paths: set[str]) -> None:
    assert told(workspace, *words) == paths


def test_a_score_beyond_one_is_a_usage_error(workspace: Workspace) -> None:
    result = CliRunner().invoke(onrecord, ["-C", str(workspace.root), "changes", "--min-significance", "2"])
    assert isinstance(result.exception, SystemExit)
    assert result.exit_code == 2
