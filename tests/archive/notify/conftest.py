"""A portal whose one page was edited, and channels that hear of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from archive import workspace
from archive.notify import send_due
from archive.workspace import Workspace
from tests.archive.story import BODY, START, Portal, article

PAST = START - timedelta(days=1)


def channels(made: Workspace, text: str) -> Workspace:
    """The workspace with these words under [alerts]."""
    (made.root / "onrecord.toml").write_text(text, encoding="utf-8")
    return workspace.open_at(made.root)


def edit(portal: Portal, number: int) -> None:
    """A crawl that finds the page edited."""
    portal.later(days=1).begin()
    portal.add(portal.shows(article("/news/1", BODY.replace("47", str(number)))))
    portal.end()


@pytest.fixture
def portal(sqlite_workspace: Workspace) -> Portal:
    """A portal whose one page was edited once."""
    made = Portal(sqlite_workspace).begin()
    made.add(made.shows(article("/news/1")))
    made.end()
    edit(made, 46)
    return made


def first_look(made: Workspace) -> None:
    """As if the channels had been there before everything."""
    send_due(made, made.settings.alerts, lambda: PAST)
