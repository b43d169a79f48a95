"""The git export tells the demo's story: `git log -p` has each change as its commit, `git blame` who brought a line."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Demonstration

pytestmark = pytest.mark.xdist_group("demo")


def onrecord(root: Path, *words: str) -> Any:
    command = [sys.executable, "-m", "archive.cli", "-C", str(root), *words, "--json"]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout)


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", folder, *words], capture_output=True, text=True, check=True, timeout=60).stdout


def test_log_and_blame_tell_what_the_archive_tells(demonstrated: Demonstration, tmp_path: Path) -> None:
    folder = tmp_path / "demo.git"
    onrecord(demonstrated.root, "export", "-o", str(folder))
    changes = onrecord(demonstrated.root, "changes", "--muted", "--limit", "5000")
    subjects = Counter(line.partition(":")[0] for line in git(folder, "log", "--format=%s").splitlines())
    articles = [change for change in changes if not change["url"].endswith(".pdf")]  # of documents no text is exported
    assert subjects == Counter(change["kind"] for change in articles)
    files = {name.rsplit("-", 1)[-1]: name for name in git(folder, "ls-tree", "-r", "--name-only", "main").splitlines()}
    edit = next(
        row
        for row in articles
        if row["kind"] == "edited" and row["to"] == 2 and row["fields"] == ["body"] and f"{row['page']}.md" in files
    )
    file = files[f"{edit['page']}.md"]
    blocks = onrecord(demonstrated.root, "diff", edit["page"], "1..2")["blocks"]
    ops = [op for block in blocks if block["field"] == "body" for op in block["ops"]]
    patch = git(folder, "log", "-p", "-1", "--format=%s %ad", "--date=iso-strict", "main", "--", file)
    assert patch.startswith("edited")
    for sign in "+-":
        lines = [line[1:] for line in patch.splitlines() if line.startswith(sign)]
        for op in ops:
            if op[0] == sign and len(op[1].strip()) > 12 and "\n" not in op[1].strip():
                assert any(op[1].strip() in line for line in lines), (sign, op[1])
    blamed = git(folder, "blame", "-s", "main", "--", file).splitlines()
    assert len({line.split()[0] for line in blamed}) == 2
