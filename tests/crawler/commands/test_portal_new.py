"""`onrecord portal new`: file, page and test at once; the test passes, and fails when the file reads otherwise."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from archive import database, workspace
from tests.crawler.commands.calls import Here
from tests.shared_data import ROOT

SAVED = ROOT / "tests/portals/gb/harbour-authority/wordpress-notice/page.html"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    made = workspace.create(tmp_path / "archive")
    database.upgrade(made)
    return made.root


@pytest.fixture
def here(archive: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(archive, monkeypatch, capsys)


def outcome_of(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=folder)


def test_the_test_passes_at_once_and_fails_where_the_file_reads_otherwise(archive: Path, here: Here) -> None:
    assert here("portal", "new", "hand-made", "https://hand.example.az/").returncode == 0
    folder = archive / "portals" / "hand-made"
    passed = outcome_of(folder)
    assert (passed.returncode, "1 passed" in passed.stdout) == (0, True), passed.stdout
    path = archive / "portals" / "hand-made.toml"
    path.write_text(path.read_text() + '\n[[layout]]\ntitle = "nav a"\n')
    failed = outcome_of(folder)
    assert failed.returncode == 1
    assert "headline: 'Home', expected 'A bridge over the Sel is opened'" in failed.stdout


def test_a_saved_page_is_what_it_begins_with_and_another_folder_works_too(archive: Path, here: Here, tmp_path: Path) -> None:
    url = "https://harbour.example/notice"
    words = ("portal", "new", "harbour", "https://harbour.example/", "--page", str(SAVED))
    assert here(*words).returncode == 2
    assert here(*words, "--page-url", url, "--tests", str(tmp_path / "checked")).returncode == 0
    assert (tmp_path / "checked/first-page/page.html").read_bytes() == SAVED.read_bytes()
    told = json.loads((tmp_path / "checked/first-page/expected.json").read_text())
    assert told["url"] == url
    assert told["headline"] and told["datePublished"] and len(told["must"]) == 2
    assert outcome_of(tmp_path / "checked").returncode == 0


def test_nothing_that_is_there_is_overwritten(archive: Path, here: Here) -> None:
    folder = archive / "portals" / "hand"
    folder.mkdir()
    (folder / "test_hand.py").write_text("# mine\n")
    done = here("portal", "new", "hand", "https://hand.example.az/")
    assert (done.returncode, "is there already" in done.stderr) == (2, True)
    assert (folder / "test_hand.py").read_text() == "# mine\n"
    assert not (archive / "portals" / "hand.toml").exists()
