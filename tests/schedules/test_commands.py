"""`onrecord schedule` as a person types it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.crawler.small_portal import SmallPortal, archive_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    portal = SmallPortal()
    portal.base = "http://127.0.0.1:9"
    return archive_of(tmp_path / "archive", portal)


def ask(folder: Path, *words: str, code: int = 0) -> Any:
    command = [sys.executable, "-m", "archive.cli", "-C", str(folder), "schedule", *words, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout or done.stderr)


def test_a_schedule_is_added_rests_wakes_and_goes(folder: Path) -> None:
    ask(folder, "add", "small", "--cron", "0 3 * * 7", "--tz", "Asia/Baku")
    (listed,) = ask(folder, "list")
    assert (listed["cron"], listed["timezone"], listed["paused"]) == ("0 3 * * 7", "Asia/Baku", False)
    assert listed["trouble"] is None
    assert "Sunday" in listed["words"]
    ask(folder, "pause", listed["name"])
    assert ask(folder, "list")[0]["paused"] is True
    ask(folder, "resume", listed["name"])
    assert ask(folder, "list")[0]["next"] is not None
    ask(folder, "remove", listed["name"])
    assert ask(folder, "list") == []


def test_history_tells_of_one_schedule_or_of_all(folder: Path) -> None:
    ask(folder, "add", "small", "every 30 min")
    assert ask(folder, "history") == []
    assert ask(folder, "history", ask(folder, "list")[0]["name"]) == []
    assert ask(folder, "history", "nightly", code=3)["error"]["code"]


def test_a_wrong_rule_is_one_line_with_exit_code_2(folder: Path) -> None:
    error = ask(folder, "add", "small", "--cron", "61 * * * *", code=2)["error"]
    assert "61" in error["message"]
