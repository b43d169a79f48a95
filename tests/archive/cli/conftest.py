"""One small archive for all tests of commands: an edited, a moved, a missing, a gone and a hostile page."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive import workspace
from archive.cli.front import onrecord
from archive.records import RelatedLink
from archive.workspace import Workspace
from tests.archive.story import BODY, HOME, OTHER_BODY, Portal, article

HOSTILE = "\x1b]0;pwned\x07 =cmd|' /C calc'!A0 \u202egnp.exe <script>alert(1)</script>"
PATHS = {"edited": "/news/1", "moved": "/news/2b", "gone": "/news/3", "suspected": "/news/4", "hostile": "/news/5"}


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Workspace:
    """The archive, made once through the one write path; nothing here writes to it."""
    made = workspace.create(tmp_path_factory.mktemp("archive"))
    shutil.copy(migrated_file, made.root / "archive.db")
    portal = Portal(made)
    links = (
        RelatedLink("foreign_press", "https://paper.example/a", "States agree", "The Paper", "2026-03-01", "en"),
        RelatedLink("citation", "https://agency.example/1", "Vote in the council", "Agency", "2026-02-28", "en"),
        RelatedLink("related", HOME + PATHS["gone"], "Hazelnuts", None, "2026-02-20", "en"),
    )
    edited = article(PATHS["edited"], links=links)
    moved = article("/news/2", "A bridge over the river was opened.\n\n" + OTHER_BODY[:120], "Bridge opened")
    gone = article(PATHS["gone"], OTHER_BODY, "Hazelnuts")
    suspected = article(PATHS["suspected"], BODY[80:200], "A short note")
    hostile = article(PATHS["hostile"], f"First words.\n\n{HOSTILE}", HOSTILE)
    portal.begin()
    portal.add(portal.lists("/news", *(HOME + path for path in PATHS.values())))
    portal.add(*(portal.shows(text) for text in (edited, moved, gone, suspected, hostile)))
    portal.end()
    portal.later(days=1).begin()
    second = article(PATHS["edited"], BODY.replace("47", "46"), "46 member states agree", links=links)
    portal.add(portal.shows(second), portal.missing(PATHS["gone"], 410), portal.same(hostile))
    portal.add(portal.redirects("/news/2", article(PATHS["moved"], moved.articleBody, "Bridge opened")))
    portal.end()
    portal.later(days=1).begin()
    shorter = BODY.replace("47", "46").replace(" after three days of talks", "")
    third = article(PATHS["edited"], shorter, "46 member states agree", links=links[2:])
    portal.add(portal.shows(third), portal.missing(PATHS["gone"], 410), portal.missing(PATHS["suspected"]))
    portal.end("unhealthy")
    return made


@pytest.fixture
def run(kept: Workspace) -> Callable[..., Result]:
    """Call `onrecord` on the archive, in this process."""

    def call(*words: str) -> Result:
        return CliRunner().invoke(onrecord, ["-C", str(kept.root), *words], prog_name="onrecord")

    return call


@pytest.fixture
def folder(kept: Workspace) -> Path:
    """The archive's folder, for calls as a process."""
    return kept.root


def is_instant(text: str) -> bool:
    """ISO-8601 with an offset."""
    return datetime.fromisoformat(text).tzinfo is not None
