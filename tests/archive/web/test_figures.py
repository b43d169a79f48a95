"""The numbers behind the plots are those of the command line, and every list counts the same changes."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from typing import Any

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from archive.cli.front import onrecord
from archive.web import create_app
from archive.web.figures import TABLES
from archive.workspace import Workspace, open_at
from tests.conftest import Demonstration

KINDS = ("new", "edited", "moved", "replaced", "gone", "back")


def said(archive: Workspace, *words: str) -> str:
    done = CliRunner().invoke(onrecord, ["-C", str(archive.root), *words])
    assert done.exit_code == 0, done.output
    return done.stdout


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def same(archive: Workspace) -> None:
    viewer = TestClient(create_app(archive), base_url="http://127.0.0.1")
    page, data = viewer.get("/stats").text, viewer.get("/stats.json").json()
    for table, by in TABLES.items():
        assert f'href="/stats.csv?table={table}"' in page or not any(row["new"] for row in data["week"]), table
        told = rows(said(archive, "stats", "--by", by, "--format", "csv"))
        assert rows(viewer.get(f"/stats.csv?table={table}").text) == told, table
        drawn = data[{"first-edits": "bars"}.get(table, table)]
        assert drawn == json.loads(said(archive, "stats", "--by", by, "--json")), table
    assert viewer.get("/stats.csv").text == viewer.get("/stats.csv?table=week").text


def test_every_plot_has_its_numbers_as_the_command_line_has_them(kept: Workspace) -> None:
    same(kept)


@pytest.mark.parametrize("asked", ["section=News", "since=7d", "until=2026", "table=months"])
def test_what_figures_cannot_be_filtered_by_is_refused_aloud(viewer: TestClient, asked: str) -> None:
    for form in ("", ".json", ".csv"):
        assert viewer.get(f"/stats{form}?{asked}").status_code == 400


@pytest.mark.xdist_group("demo")
def test_lists_calendar_counts_and_stats_tell_the_same_numbers_of_the_demo(demonstrated: Demonstration) -> None:
    archive = open_at(demonstrated.root)
    same(archive)
    viewer = TestClient(create_app(archive), base_url="http://127.0.0.1")
    listed: Counter[str] = Counter(row["kind"] for row in viewer.get("/changes.json?limit=10000").json())
    assert listed["edited"] and listed["gone"] and listed["new"]
    by_day = rows(viewer.get("/index.csv").text)
    assert {kind: sum(int(row[kind]) for row in by_day) for kind in KINDS} == {kind: listed[kind] for kind in KINDS}
    since: dict[str, Any] = viewer.get("/index.json?since=2000").json()["since"]
    assert {kind: since[kind] for kind in KINDS} == {kind: listed[kind] for kind in KINDS}
    days = json.loads(said(archive, "stats", "--by", "day", "--json"))
    assert {kind: sum(row[kind] for row in days) for kind in KINDS} == {kind: listed[kind] for kind in KINDS}
    portals = json.loads(said(archive, "stats", "--json"))
    counted = [kind for kind in KINDS if kind != "gone"]  # `gone` of a portal is of its pages, now
    assert {kind: sum(row[kind] for row in portals) for kind in counted} == {kind: listed[kind] for kind in counted}
