"""A day is the same day wherever it is counted or named: the portal's, that which all portals share, else that of UTC."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from archive import database, query
from archive.cli.front import onrecord
from archive.web import create_app
from archive.workspace import Workspace
from tests.archive.ingest.test_timeline import A2, A, B
from tests.archive.story import Portal, article


class Other(Portal):
    """A second portal in another zone."""

    def __init__(self, workspace: Workspace, tz: str) -> None:
        super().__init__(workspace)
        self.record = replace(self.record, slug="other", home="http://other.example/", name="Other", tz=tz)


@pytest.fixture
def late(store: Workspace) -> Iterator[Workspace]:
    """An edit at 22:00 UTC on the last day of a year: in Baku it is the first of the next."""
    portal = Portal(store)
    portal.at = datetime(2025, 12, 30, 12, tzinfo=UTC)
    portal.add(portal.shows(A), portal.shows(B))
    portal.at = datetime(2025, 12, 31, 22, tzinfo=UTC)
    portal.add(portal.shows(A2))
    portal.end()
    yield store


def said(workspace: Workspace, *words: str) -> Any:
    done = CliRunner().invoke(onrecord, ["-C", str(workspace.root), "--json", *words])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_a_square_of_the_calendar_leads_to_the_changes_it_counts(late: Workspace) -> None:
    viewer = TestClient(create_app(late), base_url="http://127.0.0.1")
    for home in ("/index", "/portals/example-az"):
        page = viewer.get(home.replace("/index", "/")).text
        assert "/changes?since=2026-01-01&amp;until=2026-01-01" in page, home
    assert [row["day"] for row in viewer.get("/index.json?year=2025").json()["days"]] == ["2025-12-30"]
    (row,) = viewer.get("/index.json").json()["days"]
    assert (row["day"], row["edited"], row["new"]) == ("2026-01-01", 1, 0)
    for portal in ("", "&portal=example-az"):
        (found,) = viewer.get(f"/changes.json?since=2026-01-01&until=2026-01-01{portal}").json()
        assert (found["kind"], found["detected_at"]) == ("edited", "2026-01-01T02:00:00+04:00")
        assert viewer.get(f"/changes.json?since=2025-12-31&until=2025-12-31{portal}").json() == []
    assert len(viewer.get("/search.json?q=minister&since=2026-01-01").json()) == 1
    assert viewer.get("/index.json?since=2026-01-01").json()["since"]["edited"] == 1


def test_the_command_line_names_the_same_days(late: Workspace) -> None:
    day = ("--since", "2026-01-01", "--until", "2026-01-01")
    assert [row["kind"] for row in said(late, "changes", *day)] == ["edited"]
    assert said(late, "changes", *day, "--tz", "UTC") == []
    days = {row["day"]: row["edited"] for row in said(late, "stats", "--by", "day")}
    assert days == {"2025-12-30": 0, "2026-01-01": 1}
    in_utc = {row["day"]: row["edited"] for row in said(late, "stats", "--by", "day", "--tz", "UTC")}
    assert in_utc == {"2025-12-30": 0, "2025-12-31": 1}


def test_where_portals_differ_days_are_those_of_utc_until_one_is_chosen(late: Workspace) -> None:
    with database.session(late, readonly=True) as session:
        assert query.zone_of(session) == ZoneInfo("Asia/Baku")
    other = Other(late, "America/Lima")
    other.at = datetime(2026, 1, 2, 3, tzinfo=UTC)
    text = article("/news/9", headline="Another")
    other.add(other.shows(replace(text, url="http://other.example/news/9")))
    other.end()
    with database.session(late, readonly=True) as session:
        assert query.zone_of(session) is UTC
        assert query.zone_of(session, "other") == ZoneInfo("America/Lima")
        assert query.zone_of(session, "example-az") == ZoneInfo("Asia/Baku")
    day = ("--since", "2026-01-01", "--until", "2026-01-01")
    assert said(late, "changes", *day) == []
    # `--portal` may stand before the period or behind it.
    assert [row["kind"] for row in said(late, "changes", *day, "--portal", "example-az")] == ["edited"]
    assert [row["kind"] for row in said(late, "changes", "--portal", "other", *day)] == ["new"]
    page = TestClient(create_app(late), base_url="http://127.0.0.1").get("/portals/other").text
    assert "/changes?since=2026-01-01&amp;until=2026-01-01&amp;portal=other" in page
