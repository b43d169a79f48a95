"""The walls between the rooms."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_imports_go_one_way_and_the_demo_stands_apart() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_nothing_is_pickled() -> None:
    pickling = [
        str(path.relative_to(ROOT))
        for package in ("archive", "crawler", "schedules")
        for path in (ROOT / package).rglob("*.py")
        if any(line.split("#")[0].strip() in ("import pickle", "import marshal", "import shelve") for line in path.open())
    ]
    assert pickling == []


def test_the_top_level_is_what_the_design_card_fixed() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        return
    top = {line.split("/")[0] for line in listed.stdout.splitlines()}
    fixed = {"scrapy.cfg", "pyproject.toml", "crawler", "archive", "schedules", "tests"}
    usual = {"README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "Makefile", ".ci", "docs", ".gitignore"}
    assert fixed <= top <= fixed | usual
