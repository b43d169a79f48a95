"""Every damage to what was kept is found and named: bits, tails, files, rows, index, ledger."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from archive.database import open_engine
from archive.seals import sealed_tables
from archive.verify import verify
from archive.workspace import Workspace, create, open_at
from tests.archive.story import OTHER_BODY, Portal, article


def told(root: Path) -> Workspace:
    """An archive with two runs: pages, an edit, a revisit, a redirect, a missing page, a visit without an answer."""
    workspace = create(root)
    portal = Portal(workspace)
    texts = [article(f"/news/{n}", headline=f"Council report {n}") for n in range(6)]
    portal.begin()
    portal.add(portal.lists("/news", *(text.url for text in texts)), *(portal.shows(text) for text in texts))
    portal.end()
    portal.later(days=1).begin()
    portal.add(portal.shows(article("/news/0", OTHER_BODY)), portal.same(texts[1]), portal.missing("/news/2"))
    portal.add(portal.redirects("/news/3", texts[4]), portal.fails("/news/5"))
    portal.end()
    return workspace


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return told(tmp_path_factory.mktemp("whole") / "archive")


@pytest.fixture
def copied(whole: Workspace, tmp_path: Path) -> Iterator[Workspace]:
    shutil.copytree(whole.root, tmp_path / "archive")
    yield open_at(tmp_path / "archive")


def warc_files(workspace: Workspace) -> list[Path]:
    return sorted(workspace.evidence.glob("*.warc.gz"))


def test_an_untouched_archive_has_no_problem(whole: Workspace) -> None:
    report = verify(whole)
    assert report.problems == []
    assert report.notices == []
    assert report.ok == report.captures == 12
    assert report.size == 12
    assert set(report.as_json()) >= {"captures", "ok", "problems", "ledger"}


def flips(workspace: Workspace, count: int) -> None:
    rng = random.Random(20261124)
    files = warc_files(workspace)
    original = {path: path.read_bytes() for path in files}
    for _ in range(count):
        path = rng.choice(files)
        data = bytearray(original[path])
        bit = rng.randrange(len(data) * 8)
        data[bit // 8] ^= 1 << bit % 8
        path.write_bytes(data)
        problems = [item for item in verify(workspace).problems if item.file == path.name]
        assert problems, f"a flip of bit {bit} of {path.name} was not found"
        assert any(item.offset is not None and item.offset <= bit // 8 for item in problems), (bit, problems)
        path.write_bytes(original[path])
    assert verify(workspace).problems == []


def test_single_flipped_bits_in_warc_files_are_all_found_and_named(copied: Workspace) -> None:
    flips(copied, 30)


@pytest.mark.long
def test_three_hundred_flipped_bits_in_warc_files_are_all_found_and_named(copied: Workspace) -> None:
    flips(copied, 300)


def row_flips(workspace: Workspace, count: int) -> None:
    """Change one stored value a time, by one bit of its text or number, in any table whose rows carry a seal."""
    rng = random.Random(20261124)
    database = sqlite3.connect(workspace.root / "archive.db", isolation_level=None)
    names = [table.name for table in sealed_tables()]
    done = 0
    while done < count:
        table = rng.choice(names)
        rows = database.execute(f'SELECT rowid, * FROM "{table}"').fetchall()
        columns = [item[1] for item in database.execute(f'PRAGMA table_info("{table}")')]
        if not rows:
            continue
        row = rng.choice(rows)
        column = rng.choice([name for name in columns if name not in ("id", "leaf", "withheld", "seal")])
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
        except sqlite3.IntegrityError:
            continue
        problems = verify(workspace).problems
        assert any(item.file == "archive.db" and item.offset == row[0] for item in problems), (table, column, value, changed)
        database.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', (value, row[0]))
        done += 1
    database.close()
    assert verify(workspace).problems == []


def test_single_flipped_bits_in_rows_are_all_found_and_named(copied: Workspace) -> None:
    row_flips(copied, 20)


@pytest.mark.long
def test_two_hundred_flipped_bits_in_rows_are_all_found_and_named(copied: Workspace) -> None:
    row_flips(copied, 200)


def test_a_missing_a_cut_a_longer_and_an_extra_file_are_named(copied: Workspace) -> None:
    first, second = warc_files(copied)
    shutil.copy(first, copied.evidence / "copy.warc.gz")
    first.write_bytes(first.read_bytes()[:-7])
    second.write_bytes(second.read_bytes() + bytes(4096))
    named = {(item.file, item.what.split(" ", 1)[1]) for item in verify(copied).problems}
    assert ("copy.warc.gz", "file that the record does not know") in named
    assert (first.name, "bytes are missing at the end") in named
    assert (second.name, "bytes too many at the end") in named
    first.unlink()
    assert any(item.file == first.name and "missing" in item.what for item in verify(copied).problems)


def test_a_changed_index_is_found(copied: Workspace) -> None:
    path = next((copied.evidence / "index").glob("*.cdxj"))
    path.write_text(path.read_text().replace('"status": "404"', '"status": "200"'))
    assert any(item.file == "index" for item in verify(copied).problems)


def test_a_changed_manifest_is_told_from_a_changed_file(copied: Workspace) -> None:
    path = next((copied.evidence / "manifest").glob("*.tsv"))
    text = path.read_text()
    path.write_text(text.replace(text.split("\t")[2][:8], "00000000", 1))
    assert {item.file for item in verify(copied).problems} == {f"manifest/{path.name}"}


@pytest.mark.parametrize("what", ["tile/0/000.p/12", "tile/entries/000.p/12", "checkpoint", "verifier"])
def test_a_changed_byte_of_the_ledger_is_found(copied: Workspace, what: str) -> None:
    path = copied.evidence / "ledger" / what
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert any(item.file.startswith("ledger") for item in verify(copied).problems)


def test_a_rewritten_history_is_caught_by_a_checkpoint_kept_outside(whole: Workspace, tmp_path: Path) -> None:
    old = (whole.evidence / "ledger/checkpoint").read_text()
    forged = create(tmp_path / whole.root.name)
    shutil.copy(whole.root / "ledger.key", forged.root / "ledger.key")
    portal = Portal(forged)
    portal.begin()
    portal.add(*(portal.shows(article(f"/news/{n}", headline=f"Never said {n}")) for n in range(20)))
    portal.end()
    assert verify(forged).problems == []
    assert any("rewritten" in item.what for item in verify(forged, kept=(old,)).problems)
    assert verify(whole, kept=(old,)).problems == []


def test_a_database_that_is_no_database_is_one_problem_and_no_traceback(copied: Workspace) -> None:
    (copied.root / "archive.db").write_bytes(b"nonsense" * 1000)
    assert any(item.file == "archive.db" for item in verify(copied).problems)


@pytest.mark.postgresql
def test_on_postgresql_everything_is_checked_alike(
    tmp_path: Path, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_DATABASE_URL", postgresql_url)
    workspace = told(tmp_path / "archive")
    report = verify(workspace)
    assert report.problems == []
    assert report.ok == report.size == 12
    with open_engine(workspace).begin() as connection:
        connection.execute(text("UPDATE page SET url = url || 'x' WHERE id = (SELECT min(id) FROM page)"))
    assert {item.file for item in verify(workspace).problems} == {"database"}
