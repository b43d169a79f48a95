"""The operator hears of a portal in trouble once, and once that it is over, however many crawls fail meanwhile."""

from __future__ import annotations

import json
import sys
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from archive import database, models, workspace
from archive.notify import tell_operator
from archive.workspace import Workspace

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
CHANNEL = """
[[alerts.channel]]
name = "{name}"
by = "command"
command = ["{python}", "-c", "{code}"]
operator = true
"""
KEEP = "import sys; open('said-{name}', 'a').write(sys.stdin.read() + chr(10))"


def crawled(made: Workspace, hour: int, outcome: str, portal: str = "alpha") -> None:
    """A crawl that ended so."""
    with database.session(made) as session:
        owner = session.scalar(select(models.Portal).where(models.Portal.slug == portal))
        if owner is None:
            owner = models.Portal(slug=portal, home=f"https://{portal}.example/", name=portal, tz="UTC")
            session.add(owner)
            session.flush()
        at = NOW + timedelta(hours=hour)
        reasons = [] if outcome == "ok" else ["only 1 of 9 visits were answered"]
        row = models.Run(uid=uuid.uuid4().hex, portal_id=owner.id, started_at=at, ended_at=at, outcome=outcome, reasons=reasons)
        session.add(row)


@pytest.fixture
def made(sqlite_workspace: Workspace) -> Workspace:
    """An archive with a channel to its operator."""
    return with_channels(sqlite_workspace, good=KEEP.format(name="good"))


def with_channels(made: Workspace, **codes: str) -> Workspace:
    text = "".join(CHANNEL.format(name=name, python=sys.executable, code=code) for name, code in codes.items())
    (made.root / "onrecord.toml").write_text(text, encoding="utf-8")
    return workspace.open_at(made.root)


def told(made: Workspace, name: str = "good") -> list[dict[str, Any]]:
    path = Path(made.root / f"said-{name}")
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_thirty_failed_crawls_are_one_notice_and_their_end_another(made: Workspace) -> None:
    for hour in range(33):
        crawled(made, hour, "ok" if hour < 3 else "unhealthy")
        tell_operator(made, made.settings.alerts)
    (notice,) = told(made)
    assert [item["portal"] for item in notice["troubles"]] == ["alpha"] and notice["over"] == []
    assert "2 bad crawls in a row since 2026-11-24 15:00: only 1 of 9 visits" in notice["troubles"][0]["message"]
    for hour in range(33, 40):
        crawled(made, hour, "ok")
        tell_operator(made, made.settings.alerts)
    assert [(len(item["troubles"]), item["over"]) for item in told(made)] == [(1, []), (0, ["alpha"])]
    assert len({item["id"] for item in told(made)}) == 2


def test_portals_that_fall_ill_together_are_one_notice(made: Workspace) -> None:
    for portal in ("alpha", "beta", "gamma"):
        for hour in range(2):
            crawled(made, hour, "failed", portal)
    assert [sent.changes for sent in tell_operator(made, made.settings.alerts)] == [3]
    assert [[item["portal"] for item in notice["troubles"]] for notice in told(made)] == [["alpha", "beta", "gamma"]]


def test_a_channel_that_could_not_be_reached_hears_of_it_later_and_the_other_not_again(made: Workspace) -> None:
    both = with_channels(made, good=KEEP.format(name="good"), bad="raise SystemExit(3)")
    for hour in range(2):
        crawled(both, hour, "failed")
    assert [bool(sent.waits) for sent in tell_operator(both, both.settings.alerts)] == [False, True]
    mended = with_channels(made, good=KEEP.format(name="good"), bad=KEEP.format(name="bad"))
    assert [sent.changes for sent in tell_operator(mended, mended.settings.alerts)] == [0, 1]
    assert (len(told(made)), len(told(made, "bad"))) == (1, 1)


def test_a_channel_for_changes_only_hears_nothing_of_it(made: Workspace) -> None:
    path = made.root / "onrecord.toml"
    path.write_text(path.read_text().replace("operator = true", ""))
    plain = workspace.open_at(made.root)
    for hour in range(2):
        crawled(plain, hour, "failed")
    assert tell_operator(plain, plain.settings.alerts) == []
