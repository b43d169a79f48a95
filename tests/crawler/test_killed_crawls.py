"""Whole crawls killed at random moments: nothing committed is lost, the next start repairs, a crawl left alone completes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest


def series(folder: Path, kills: int, seconds: int) -> int:
    """Run the series; how many crawls were killed."""
    words = [str(folder), str(kills), str(seconds), "20261124"]
    command = [sys.executable, "-W", "ignore", "-m", "tests.crawler.kill_series", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 240)
    assert done.returncode == 0, done.stderr[-3000:]
    told = re.search(r"kills=(\d+) .* problems=0", done.stdout)
    assert told is not None, done.stdout
    return int(told[1])


def test_crawls_killed_for_half_a_minute_lose_nothing(tmp_path: Path) -> None:
    assert series(tmp_path / "killed", 100, 30) >= 3


@pytest.mark.long
def test_a_thousand_killed_crawls_lose_nothing(tmp_path: Path) -> None:
    assert series(tmp_path / "killed", 1000, 7200) == 1000
