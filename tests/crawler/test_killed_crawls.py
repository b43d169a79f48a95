"""Whole crawls killed at random moments: nothing committed is lost, the next start repairs, a crawl left alone completes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest


def series(folder: Path, kills: int, seconds: int, seed: int = 20261124) -> str:
    """Run the series; what it counted."""
    words = [str(folder), str(kills), str(seconds), str(seed)]
    command = [sys.executable, "-W", "ignore", "-m", "tests.crawler.kill_series", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 240)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.endswith("problems=0\n"), done.stdout
    return done.stdout


def killed(told: str) -> int:
    """How many crawls a series killed."""
    found = re.search(r"kills=(\d+) ", told)
    assert found is not None, told
    return int(found[1])


def test_crawls_killed_for_half_a_minute_lose_nothing(tmp_path: Path) -> None:
    assert killed(series(tmp_path / "killed", 100, 30)) >= 3


@pytest.mark.long
def test_a_thousand_killed_crawls_lose_nothing(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    """One series a core, side by side: each has its portal, its archive and its seed."""
    cores = os.cpu_count() or 1
    kills = [1000 // cores + (number < 1000 % cores) for number in range(cores)]
    with ThreadPoolExecutor(cores) as pool:
        told = list(pool.map(series, [tmp_path / str(n) for n in range(cores)], kills, [7200] * cores, range(cores)))
    record_property("kills", sum(map(killed, told)))
    record_property(
        "captures seen committed before a kill", sum(int(found) for found in re.findall(r"committed=(\d+)", str(told)))
    )
    record_property("lost", 0)
    assert sum(map(killed, told)) == 1000
