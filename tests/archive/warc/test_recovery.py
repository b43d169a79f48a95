"""A crash leaves a torn tail; the next start brings the files back to what was acknowledged and loses nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import IntegrityError
from archive.records import Locator
from archive.warc import WarcWriter, iter_records, manifest, read_record, recover
from archive.warc.recovery import whole_until
from tests.archive.warc.test_writer import exchange, page


@pytest.fixture
def torn(tmp_path: Path) -> tuple[Path, str, int]:
    """A file with three acknowledged exchanges, a fourth that is whole, and half a fifth."""
    writer = WarcWriter(tmp_path)
    writer.begin_run({})
    for n in range(3):
        writer.write_exchange(exchange(f"http://gov.example/{n}", page(b"%d" % n)))
    (file,) = writer.sync()
    writer.acknowledge()
    for n in (3, 4):
        writer.write_exchange(exchange(f"http://gov.example/{n}", page(b"%d" % n)))
    writer.sync()
    path = tmp_path / file.name
    with path.open("r+b") as handle:
        handle.truncate(path.stat().st_size - 40)
    return tmp_path, file.name, file.bytes


def test_what_lies_beyond_the_acknowledged_bytes_is_put_aside_not_deleted(torn: tuple[Path, str, int]) -> None:
    folder, name, kept = torn
    whole = (folder / name).read_bytes()
    (repair,) = recover(folder, {name: kept})
    assert (repair.warc, repair.offset, repair.what) == (name, kept, "tail put aside")
    assert repair.records == 3  # response and request of the fourth, and the response of the fifth
    assert (folder / name).read_bytes() == whole[:kept]
    assert (folder / "aside" / repair.aside).read_bytes() == whole[kept:]
    assert recover(folder, {name: kept}) == []
    assert len(list(iter_records(folder / name))) == 7


def test_without_a_database_each_file_keeps_its_whole_records(torn: tuple[Path, str, int]) -> None:
    folder, name, _ = torn
    end = whole_until(folder / name)
    (repair,) = recover(folder, None)
    assert repair.offset == end == (folder / name).stat().st_size
    assert len(list(iter_records(folder / name))) == 10


def test_missing_bytes_and_files_are_told_and_nothing_is_changed(torn: tuple[Path, str, int]) -> None:
    folder, name, _ = torn
    size = (folder / name).stat().st_size
    found = recover(folder, {name: size + 5, "other.warc.gz": 10})
    assert [(item.warc, item.what) for item in found] == [(name, "bytes missing"), ("other.warc.gz", "file missing")]
    assert (folder / name).stat().st_size == size


def test_a_file_that_an_interrupted_run_began_moves_aside_and_a_foreign_one_stays(torn: tuple[Path, str, int]) -> None:
    folder, name, _ = torn
    (folder / "foreign.warc.gz").write_bytes(b"x")
    (repair,) = recover(folder, {}, frozenset({name}))
    assert repair.what == "file put aside"
    assert not (folder / name).exists()
    assert (folder / "aside" / repair.aside).exists()
    assert (folder / "foreign.warc.gz").exists()


def test_the_manifest_is_completed_up_to_the_acknowledged_byte(torn: tuple[Path, str, int]) -> None:
    folder, name, kept = torn
    before = manifest.load(folder, name)
    listed = manifest.path_of(folder, name)
    listed.write_text(listed.read_text()[:-90])  # the crash came before the last lines
    recover(folder, {name: kept})
    assert manifest.load(folder, name) == before
    assert before[-1].offset + before[-1].length == kept


def test_reading_a_changed_record_names_file_and_offset(torn: tuple[Path, str, int]) -> None:
    folder, name, _ = torn
    record = next(iter(manifest.load(folder, name)[1:]))
    data = bytearray((folder / name).read_bytes())
    data[record.offset + 30] ^= 4
    (folder / name).write_bytes(data)
    with pytest.raises(IntegrityError, match=f"{name}:{record.offset}"):
        read_record(folder, record)


def test_a_locator_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "warc").mkdir()
    (tmp_path / "secret").write_bytes(b"x" * 10)
    with pytest.raises(IntegrityError):
        read_record(tmp_path / "warc", Locator("../secret", 0, 10, ""))
