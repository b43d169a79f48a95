"""The evidence commands as people and programs call them: exit codes, JSON, and no traceback for damage."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive.cli.front import FrontDoor
from archive.workspace import Workspace, create
from tests.archive.story import HOME
from tests.archive.verify.test_verify import told


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return told(tmp_path / "archive")


def call(workspace: Workspace, *words: str) -> Result:
    return CliRunner().invoke(FrontDoor(), ["-C", str(workspace.root), *words])


def data(workspace: Workspace, *words: str, code: int = 0) -> Any:
    result = call(workspace, *words, "--json")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def damage(workspace: Workspace) -> Path:
    path = min(workspace.evidence.glob("*.warc.gz"))
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)
    return path


def test_verify_says_how_much_holds_and_ends_with_0(workspace: Workspace) -> None:
    said = data(workspace, "verify")
    assert said["captures"] == said["ok"] == said["ledger"]["size"] == 12
    assert said["problems"] == []
    assert len(said["ledger"]["root"]) == 64


def test_verify_names_file_and_offset_and_ends_with_5(workspace: Workspace) -> None:
    path = damage(workspace)
    said = data(workspace, "verify", code=5)
    assert {problem["file"] for problem in said["problems"]} == {path.name}
    assert all(isinstance(problem["offset"], int) and problem["what"] for problem in said["problems"])
    human = call(workspace, "verify")
    assert human.exit_code == 5
    assert f"{path.name}:" in human.stdout


def test_verify_of_one_page_looks_at_its_captures_only(workspace: Workspace) -> None:
    assert data(workspace, "verify", f"{HOME}/news/0")["captures"] == 2
    assert data(workspace, "verify", "--checkpoint", str(workspace.evidence / "ledger/checkpoint"))["problems"] == []
    assert call(workspace, "verify", f"{HOME}/nowhere").exit_code == 3


def test_a_proof_is_written_checked_and_refused_when_it_was_changed(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "proof.json"
    assert call(workspace, "prove", f"{HOME}/news/0@2", "-o", str(path), "--with-verifier").exit_code == 0
    key = data(workspace, "ledger", "show")["verifier"]
    said = data(workspace, "verify-proof", str(path), "--key", key)
    assert (said["holds"], said["url"]) == (True, f"{HOME}/news/0")
    script = [sys.executable, "-I", tmp_path / "verify_onrecord_proof.py", path, "--key", key]
    assert subprocess.run(script, cwd=tmp_path, capture_output=True).returncode == 0
    path.write_text(path.read_text().replace('"index": ', '"index": 1'))
    result = call(workspace, "verify-proof", str(path), "--json")
    assert result.exit_code == 5
    assert json.loads(result.stderr)["error"]["code"] == "integrity.proof"


def test_an_empty_ledger_and_an_unknown_page_are_not_found(tmp_path: Path, workspace: Workspace) -> None:
    assert call(create(tmp_path / "empty"), "ledger", "show").exit_code == 3
    assert call(workspace, "prove", "ffff", "-o", str(tmp_path / "x")).exit_code == 3


def test_checkpoints_and_authorities_that_do_not_answer_are_told(workspace: Workspace) -> None:
    assert [row["size"] for row in data(workspace, "ledger", "show", "--all")] == [7, 12]
    rows = data(workspace, "ledger", "timestamp", "--authority", "http://127.0.0.1:9/", code=1)
    assert rows[0]["stamped"] is False
    assert rows[0]["error"]


def test_a_copy_is_made_damage_is_mended_from_it_and_all_is_logged(workspace: Workspace, tmp_path: Path) -> None:
    data(workspace, "copy", "add", str(tmp_path / "copy"))
    assert data(workspace, "copy", "list") == [{"location": str(tmp_path / "copy")}]
    path = damage(workspace)
    assert data(workspace, "verify", code=5)["problems"]
    said = data(workspace, "repair")
    assert [item["file"] for item in said["mended"]] == [path.name]
    assert said["problems"] == []
    assert {row["what"] for row in data(workspace, "custody")} == {"copy added", "repaired"}
    assert data(workspace, "copy", "sync")[0]["error"] is None
    assert call(workspace, "copy", "remove", str(tmp_path / "copy")).exit_code == 0
    assert data(workspace, "copy", "list") == []


def test_repair_without_a_copy_ends_with_5_and_says_so(workspace: Workspace) -> None:
    damage(workspace)
    assert data(workspace, "repair", code=5)["mended"] == []
