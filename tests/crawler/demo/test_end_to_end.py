"""The whole product on the demo portal: four crawls through the real command find exactly the truth."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from crawler.demo.editions import COUNT
from tests.conftest import Demonstration, demonstrate


def onrecord(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "archive.cli", *words]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False)


def told(editions: list[dict[str, Any]]) -> str:
    rows = [(e["edition"], what, row) for e in editions for what in ("missing", "extra") for row in e[what]]
    return "\n".join(f"{n} {what} {row['kind']} {row['url']} {row['fields']} {row.get('detail')}" for n, what, row in rows)


def is_exact(done: Demonstration) -> None:
    assert done.report["exact"], told(done.report["editions"])
    assert done.code == 0
    assert len(done.report["editions"]) == COUNT
    assert all(edition["crawl"]["healthy"] for edition in done.report["editions"])
    assert done.report["seconds"] <= done.seconds
    gone = json.loads(onrecord("-C", str(done.root), "gone", "--json").stdout)
    assert {row["state"] for row in gone} == {"suspected", "gone"}


@pytest.mark.xdist_group("demo")
def test_the_demo_finds_exactly_the_truth(demonstrated: Demonstration) -> None:
    is_exact(demonstrated)


@pytest.mark.long
@pytest.mark.parametrize("seed", [2, 3, 4, 5])
def test_the_demo_finds_exactly_the_truth_whatever_is_edited(seed: int, tmp_path: Path) -> None:
    is_exact(demonstrate(tmp_path / "kept", seed))


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = onrecord("demo", "--keep", str(tmp_path))
    assert done.returncode == 2
    assert "is not empty" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_stopped_demo_leaves_no_crawl_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "archive.cli", "demo", "--keep", str(tmp_path / "kept")]
    demo = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 120
    while not (children := children_of(demo.pid)) and time.monotonic() < deadline:
        time.sleep(0.1)
    (crawl,) = children
    demo.terminate()
    assert demo.wait(60) == 130
    while Path(f"/proc/{crawl}").exists() and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not Path(f"/proc/{crawl}").exists()


def children_of(pid: int) -> list[int]:
    """Processes whose parent this is."""
    return [int(number) for number in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
