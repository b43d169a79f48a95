"""Another archive (pywb on loopback) asked what it holds of our new and gone pages."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial
from pathlib import Path

from click.testing import CliRunner

from archive import corroboration
from archive.cli.front import FrontDoor
from archive.fetching import get
from archive.workspace import create
from tests.archive.story import HOME, Portal, article
from tests.crawler.past.test_import import warc_of
from tests.judges.pywb import wayback
from tests.site.raw import reply, serve


def test_the_nearest_memento_is_found_and_written_down(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("ONRECORD_CRAWL_ALLOW_PRIVATE", "1")
    workspace = create(tmp_path / "archive")
    portal = Portal(workspace)
    first, second = article("/news/1"), article("/news/2", headline="Another report of the council")
    portal.begin()
    portal.add(portal.shows(first), portal.shows(second))
    elsewhere = [portal.exchange("/news/1", portal.shows(first).exchanges[0].response)]
    portal.end()
    with wayback([warc_of(tmp_path, *elsewhere)], tmp_path) as collection, serve({}) as saver:
        saver.fallback = lambda path: reply(200, b"saved")
        words = ["corroborate", "--days", "9999", "--timegate", f"{collection}/", "--delay", "0"]
        words += ["--save", "--save-at", saver.url("/save/"), "--json"]
        result = CliRunner().invoke(FrontDoor(), ["-C", str(workspace.root), *words])
        assert result.exit_code == 0, result.output
        asked = [raw.split(b" ")[1] for raw in saver.asked]
    rows = json.loads(result.stdout)
    held = next(row for row in rows if row["url"] == f"{HOME}/news/1")
    assert held["memento_at"].startswith("2026-03-01")
    assert held["memento"].endswith(f"/{HOME}/news/1")
    missing = [row for row in rows if row["url"] == f"{HOME}/news/2"]
    assert [(row["memento_at"], row["saved"]) for row in missing] == [(None, False), (None, True)]
    assert asked == [f"/save/{HOME}/news/2".encode()]
    assert len(list(corroboration.told(workspace))) == 3


def test_an_archive_that_does_not_answer_is_told_and_not_raised(tmp_path: Path) -> None:
    ask = partial(get, user_agent="test", allow_private=True, timeout=2)
    portal = Portal(create(tmp_path / "archive"))
    said = corroboration.nearest(ask, "http://127.0.0.1:9/", f"{HOME}/news/1", portal.at + timedelta(days=1))
    assert said.memento is None
    assert said.error
