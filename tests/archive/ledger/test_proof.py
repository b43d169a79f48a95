"""A proof made here holds elsewhere without this software; one changed byte anywhere and it does not."""

from __future__ import annotations

import base64
import json
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from archive.database import open_engine
from archive.errors import NotFound
from archive.ledger import Ledger, prove, standalone
from archive.ledger.standalone import ProofError, check
from archive.models import Base
from archive.workspace import Workspace, create
from tests.archive.story import Portal, article


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = create(tmp_path_factory.mktemp("ledger") / "archive")
    portal = Portal(workspace)
    for run in range(3):
        portal.later(days=1).begin()
        portal.add(*(portal.shows(article(f"/news/{run}-{n}", headline=f"Report {run} {n}")) for n in range(5)))
        portal.end()
    return workspace


def proof_of(workspace: Workspace, leaf: int, **options: Any) -> dict[str, Any]:
    capture = Base.metadata.tables["capture"]
    with open_engine(workspace, readonly=True).connect() as connection:
        number = connection.scalar(select(capture.c.id).where(capture.c.leaf == leaf))
        return prove(workspace, connection, number, **options)


def test_every_capture_has_a_proof_that_holds(workspace: Workspace) -> None:
    verifier = Ledger(workspace).key().verifier
    for leaf in range(15):
        shown = check(proof_of(workspace, leaf), verifier)
        assert (shown["index"], shown["size"]) == (leaf, 15)


def test_a_proof_holds_in_an_empty_place_with_nothing_but_one_signature_library(workspace: Workspace, tmp_path: Path) -> None:
    script = Path(shutil.copy(standalone.__file__, tmp_path / "check.py"))
    path = tmp_path / "proof.json"
    path.write_text(json.dumps(proof_of(workspace, 7)))
    key = Ledger(workspace).key().verifier
    command = [sys.executable, "-I", script, path]
    done = subprocess.run([*command, "--key", key], cwd=tmp_path, env={}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("HOLDS\n")
    assert "import archive" not in script.read_text()
    damaged = json.loads(path.read_text()) | {"index": 8}
    path.write_text(json.dumps(damaged))
    assert subprocess.run(command, cwd=tmp_path, env={}, capture_output=True).returncode == 5


def test_one_changed_byte_of_a_proof_and_it_does_not_hold(workspace: Workspace) -> None:
    text = json.dumps(proof_of(workspace, 3))
    rng = random.Random(4)
    for _ in range(400):
        at = rng.randrange(len(text))
        changed = text[:at] + chr((ord(text[at]) ^ 1 << rng.randrange(7)) or 63) + text[at + 1 :]
        try:
            proof = json.loads(changed)
        except ValueError:
            continue
        if proof == json.loads(text):
            continue
        with pytest.raises((ProofError, ValueError, KeyError, TypeError, EOFError, OSError)):
            check(proof)


def reseal(proof: dict[str, Any]) -> dict[str, Any]:
    return {**proof, "sum": standalone.sum_of(proof)}


def test_a_forger_who_mends_the_sum_is_caught_by_record_path_and_signature(workspace: Workspace) -> None:
    good, other = proof_of(workspace, 3), proof_of(workspace, 4)
    forged = [
        {"record": other["record"]},
        {"entry": other["entry"]},
        {"record": other["record"], "entry": other["entry"], "url": other["url"], "captured_at": other["captured_at"]},
        {"index": 4},
        {"inclusion": other["inclusion"]},
        {"inclusion": good["inclusion"][:-1]},
        {"checkpoint": good["checkpoint"].replace("\n15\n", "\n16\n")},
        {"request": other["request"]},
        {"url": "http://elsewhere.example/"},
        {"tokens": [{"authority": "x", "token": base64.b64encode(b"no token").decode()}]},
        {"limits": "none"},
    ]
    assert check(reseal(good))
    for change in forged[:-1]:
        with pytest.raises(ProofError):
            check(reseal(good | change))


def test_a_proof_shows_that_the_ledger_begins_with_an_older_checkpoint(workspace: Workspace) -> None:
    checkpoint = Base.metadata.tables["checkpoint"]
    with open_engine(workspace, readonly=True).connect() as connection:
        notes = {row.size: row.note for row in connection.execute(select(checkpoint))}
    assert sorted(notes) == [5, 10, 15]
    assert check(proof_of(workspace, 2, since=(5, 10)), older=[notes[5], notes[10], notes[15]])["older_checkpoints"] == 3
    with pytest.raises(ProofError, match="--since 5"):
        check(proof_of(workspace, 2), older=[notes[5]])
    lying = Ledger(workspace).key().sign(notes[5].split("\n\n")[0].replace("\n5\n", "\n6\n") + "\n")
    with pytest.raises(ProofError):
        check(proof_of(workspace, 2, since=(6,)), older=[lying])


@pytest.mark.parametrize("other", [[1], "proof", None, 5, {}])
def test_what_is_no_proof_is_told_apart(other: Any) -> None:
    with pytest.raises(ProofError, match="not a proof"):
        check(other)


def test_another_key_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    stranger = Ledger(create(tmp_path / "other")).key().verifier
    with pytest.raises(ProofError, match="another key"):
        check(proof_of(workspace, 1), stranger)


def test_a_capture_that_is_not_there_has_no_proof(workspace: Workspace) -> None:
    with pytest.raises(NotFound), open_engine(workspace, readonly=True).connect() as connection:
        prove(workspace, connection, 999)
