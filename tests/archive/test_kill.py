"""A thousand kills at random moments: nothing acknowledged is lost, and the next start repairs what a kill left."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def loop(folder: Path, kills: int) -> str:
    command = [sys.executable, "-W", "ignore", "-m", "tests.archive.kill_loop", folder, str(kills), "20261124"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_a_hundred_kills_lose_nothing_acknowledged(tmp_path: Path) -> None:
    assert "problems=0" in loop(tmp_path / "archive", 100)


@pytest.mark.long
def test_a_thousand_kills_lose_nothing_acknowledged(tmp_path: Path) -> None:
    assert "problems=0" in loop(tmp_path / "archive", 1000)
