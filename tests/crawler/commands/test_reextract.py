"""`onrecord reextract` after a portal's file was edited: texts differ, the history does not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from archive import workspace
from archive.cli.front import FrontDoor
from tests.crawler.commands.calls import onrecord
from tests.crawler.small_portal import archive_of, small_portal

NOTICE = "<p class=notice>This service is provided by the digital office of the ministry free of charge to everybody.</p>"


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of three articles of which two were edited between two crawls; its server is gone."""
    with small_portal(3) as portal:
        folder = archive_of(tmp_path_factory.mktemp("reextract") / "archive", portal)
        for edit in ("", "The budget was doubled on Tuesday. "):
            for number in range(1, 4):
                portal.article(number, words=(edit if number < 3 else "") + NOTICE)
            done = onrecord(folder, "crawl", "small", "--quiet")
            assert done.returncode == 0, done.stderr
    return folder


def told(folder: Path, *words: str) -> Any:
    result = CliRunner().invoke(FrontDoor(), ["-C", str(folder), *words, "--json"])
    assert result.exit_code == 0, result.output + str(result.exception)
    return json.loads(result.stdout)


def bodies(folder: Path) -> dict[str, str]:
    return {row["url"]: told(folder, "show", row["url"])["articleBody"] for row in told(folder, "list")}


def test_a_new_layout_is_a_rule_change_and_no_edit(crawled: Path) -> None:
    before, texts = told(crawled, "changes"), bodies(crawled)
    assert sorted(row["kind"] for row in before) == ["edited", "edited", "new", "new", "new"]
    assert all("digital office" in text for text in texts.values())
    path = crawled / "portals" / "small.toml"
    path.write_text(path.read_text() + '[[layout]]\nbody = { prune = [".notice"] }\n')

    would = told(crawled, "reextract", "small", "--dry-run")
    assert {(row["version"], tuple(row["fields"])) for row in would} == {(1, ("body",)), (2, ("body",))}
    assert len(would) == 5
    assert bodies(crawled) == texts

    (done,) = told(crawled, "reextract", "small")
    assert (done["pages"] >= 3, done["captures"], done["merged"], done["unread"]) == (True, 5, 0, 0)
    after = told(crawled, "changes")
    kept = ("page", "kind", "from", "to", "detected_at", "words_added", "words_removed")
    assert [[row[key] for key in kept] for row in after] == [[row[key] for key in kept] for row in before]
    assert not any("digital office" in text for text in bodies(crawled).values())

    (idle,) = told(crawled, "reextract")
    assert (idle["run"], idle["captures"]) == (None, 0)


def test_people_are_told_that_it_is_a_rule_change(crawled: Path) -> None:
    path = crawled / "portals" / "small.toml"
    path.write_text(path.read_text().replace("[[layout]]", '[[layout]]\ntitle = "h1"\n'))
    done = onrecord(crawled, "reextract", "small")
    assert done.returncode == 0, done.stderr
    assert "5 captures read again, 5 as before, 0 versions merged: rule change, not a publisher change" in done.stdout


def test_a_portal_that_is_being_crawled_is_left_alone(crawled: Path) -> None:
    with workspace.open_at(crawled).lock("crawl-small", "held by the test"):
        done = onrecord(crawled, "reextract", "small")
    assert done.returncode == 7 and "is being crawled" in done.stderr
