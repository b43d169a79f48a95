"""Copies stay in step with the archive, and what is damaged here is mended from what is good there."""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from archive import copies, custody
from archive.errors import UsageError
from archive.seals import sealed_tables
from archive.verify import verify
from archive.workspace import Workspace, open_at
from tests.archive.story import OTHER_BODY, Portal, article
from tests.archive.verify.test_verify import told


@pytest.fixture
def kept(tmp_path: Path) -> Workspace:
    """An archive with one copy in step."""
    workspace = told(tmp_path / "archive")
    copies.add(workspace, str(tmp_path / "copy"))
    return workspace


def test_a_copy_holds_all_evidence_and_a_snapshot_and_no_key(kept: Workspace, tmp_path: Path) -> None:
    there = {path.relative_to(tmp_path / "copy").as_posix() for path in (tmp_path / "copy").rglob("*") if path.is_file()}
    for path in kept.evidence.glob("*.warc.gz"):
        assert f"evidence/{path.name}" in there
    assert {"record/archive.db", "evidence/ledger/checkpoint", "onrecord.toml"} <= there
    assert not any("ledger.key" in name for name in there)
    assert copies.locations(kept) == [str(tmp_path / "copy")]


def test_every_run_brings_the_copies_up_to_date(kept: Workspace, tmp_path: Path) -> None:
    portal = Portal(kept)
    portal.later(days=9).begin()
    portal.add(portal.shows(article("/news/new", OTHER_BODY)))
    portal.end()
    for path in kept.evidence.glob("*.warc.gz"):
        assert (tmp_path / "copy/evidence" / path.name).read_bytes() == path.read_bytes()
    assert (tmp_path / "copy/record/archive.db.1").exists()


def test_a_copy_that_cannot_be_reached_holds_no_run_up(kept: Workspace, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "copy")
    (tmp_path / "copy").write_text("a file where the folder was")
    portal = Portal(kept)
    portal.later(days=9).begin()
    portal.add(portal.shows(article("/news/new", OTHER_BODY)))
    portal.end()
    (done,) = copies.bring_all_up(kept)
    assert done.error


def test_a_copy_inside_the_archive_or_twice_is_refused(kept: Workspace, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="inside"):
        copies.add(kept, str(kept.root / "copy"))
    with pytest.raises(UsageError, match="already"):
        copies.add(kept, str(tmp_path / "copy"))
    copies.remove(kept, str(tmp_path / "copy"))
    assert copies.locations(kept) == []


def mend_flips(workspace: Workspace, count: int) -> None:
    rng = random.Random(7)
    files = sorted(workspace.evidence.glob("*.warc.gz"))
    original = {path: path.read_bytes() for path in files}
    for _ in range(count):
        path = rng.choice(files)
        data = bytearray(original[path])
        bit = rng.randrange(len(data) * 8)
        data[bit // 8] ^= 1 << bit % 8
        path.write_bytes(data)
        mended, after = copies.repair(workspace)
        assert [item.file for item in mended] == [path.name]
        assert path.read_bytes() == original[path]
        assert after.problems == []


def test_flipped_bits_in_warc_files_are_mended_from_a_copy_and_logged(kept: Workspace) -> None:
    mend_flips(kept, 15)
    logged = [entry for entry in custody.entries(kept) if entry["what"] == "repaired"]
    assert len(logged) == 15
    assert (kept.evidence / "aside").exists()


@pytest.mark.long
def test_three_hundred_flipped_bits_in_warc_files_are_all_mended(kept: Workspace) -> None:
    mend_flips(kept, 300)


def mend_rows(workspace: Workspace, count: int) -> None:
    rng = random.Random(8)
    done = 0
    names = [table.name for table in sealed_tables()]
    while done < count:
        with sqlite3.connect(workspace.root / "archive.db") as database:
            table = rng.choice(names)
            rows = database.execute(f'SELECT rowid, * FROM "{table}"').fetchall()
            columns = [item[1] for item in database.execute(f'PRAGMA table_info("{table}")')]
            if not rows:
                continue
            row, column = (
                rng.choice(rows),
                rng.choice([name for name in columns if name not in ("id", "leaf", "withheld", "seal")]),
            )
            value = row[1 + columns.index(column)]
            if isinstance(value, str) and value:
                at = rng.randrange(len(value))
                changed: object = value[:at] + chr(ord(value[at]) ^ 1) + value[at + 1 :]
            elif isinstance(value, int):
                changed = value ^ (1 << rng.randrange(12))
            else:
                continue
            try:
                database.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', (changed, row[0]))
                database.commit()
            except sqlite3.IntegrityError:
                continue
        database.close()
        mended, after = copies.repair(workspace)
        assert mended, (table, column, value, changed)
        assert after.problems == []
        with sqlite3.connect(workspace.root / "archive.db") as database:
            assert database.execute(f'SELECT "{column}" FROM "{table}" WHERE rowid = ?', (row[0],)).fetchone()[0] == value
        database.close()
        done += 1


def test_flipped_bits_in_rows_are_mended_from_a_copy(kept: Workspace) -> None:
    mend_rows(kept, 10)


@pytest.mark.long
def test_two_hundred_flipped_bits_in_rows_are_all_mended(kept: Workspace) -> None:
    mend_rows(kept, 200)


def test_missing_and_cut_files_a_lost_index_and_a_damaged_ledger_are_mended(kept: Workspace) -> None:
    first, second = sorted(kept.evidence.glob("*.warc.gz"))
    whole = [first.read_bytes(), second.read_bytes()]
    first.unlink()
    second.write_bytes(whole[1][:-50])
    for path in (kept.evidence / "manifest").glob("*.tsv"):
        path.write_text("nonsense\n")
    for path in (kept.evidence / "index").glob("*.cdxj"):
        path.write_text("")
    tile = next((kept.evidence / "ledger/tile/0").iterdir())
    tile = next(tile.iterdir()) if tile.is_dir() else tile
    tile.write_bytes(bytes(len(tile.read_bytes())))
    _, after = copies.repair(kept)
    assert after.problems == []
    assert [first.read_bytes(), second.read_bytes()] == whole


def test_damage_in_two_copies_at_different_places_is_mended_from_both(kept: Workspace, tmp_path: Path) -> None:
    path = max(kept.evidence.glob("*.warc.gz"), key=lambda item: item.stat().st_size)
    whole = path.read_bytes()
    copies.add(kept, str(tmp_path / "second"))
    for target, at in ((path, 5), (path, len(whole) - 5)):
        data = bytearray(target.read_bytes())
        data[at] ^= 1
        target.write_bytes(data)
    for name, at in (("copy", 5), ("second", len(whole) - 5)):
        target = tmp_path / name / "evidence" / path.name
        data = bytearray(target.read_bytes())
        data[at] ^= 1
        target.write_bytes(data)
    _, after = copies.repair(kept)
    assert after.problems == []
    assert path.read_bytes() == whole


def test_without_a_good_copy_nothing_is_touched_and_the_problem_stays(kept: Workspace, tmp_path: Path) -> None:
    path = min(kept.evidence.glob("*.warc.gz"))
    for target in (path, tmp_path / "copy/evidence" / path.name):
        data = bytearray(target.read_bytes())
        data[100] ^= 1
        target.write_bytes(data)
    before = path.read_bytes()
    mended, after = copies.repair(kept)
    assert mended == []
    assert after.problems
    assert path.read_bytes() == before


def test_a_copy_put_back_on_an_empty_machine_verifies(kept: Workspace, tmp_path: Path) -> None:
    home = tmp_path / "restored"
    shutil.copytree(tmp_path / "copy/evidence", home / "warc")
    shutil.copy(tmp_path / "copy/record/archive.db", home / "archive.db")
    shutil.copy(tmp_path / "copy/onrecord.toml", home / "onrecord.toml")
    shutil.copy(kept.root / "ledger.key", home / "ledger.key")
    restored = open_at(home)
    (home / "portals").mkdir()
    from archive.database import open_engine
    from archive.keeping import during_run

    during_run(restored, open_engine(restored))
    assert verify(restored).problems == []


def test_a_changed_custody_log_is_found(kept: Workspace) -> None:
    custody.note(kept, "exported", selection="all")
    custody.note(kept, "exported", selection="some")
    path = custody.path_of(kept)
    path.write_text(path.read_text().replace("all", "few"))
    assert [item.file for item in verify(kept).problems] == ["custody.jsonl"]


def test_an_object_store_holds_a_copy_as_a_folder_does(kept: Workspace, tmp_path: Path) -> None:
    pytest.importorskip("obstore", reason="onrecord[s3] is not installed")
    (tmp_path / "bucket").mkdir()
    done = copies.add(kept, f"file://{tmp_path}/bucket")
    assert done.error is None
    path = min(kept.evidence.glob("*.warc.gz"))
    whole = path.read_bytes()
    shutil.rmtree(tmp_path / "copy")
    path.write_bytes(whole[:200] + b"\0" + whole[201:])
    mended, after = copies.repair(kept)
    assert after.problems == []
    assert "file://" in mended[0].source
