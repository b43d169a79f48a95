"""The Merkle tree of RFC 9162 in C2SP tiles: heads, proofs, and every kind of tampering caught."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import pytest

from archive.errors import IntegrityError
from archive.ledger import merkle, open_note, standalone
from archive.ledger.note import Checkpoint, load_key
from archive.ledger.standalone import ProofError
from archive.ledger.tiles import Tiles, tile_path

# The test vectors that Certificate Transparency implementations share.
LEAVES = [bytes.fromhex(item) for item in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
LEAVES.append(bytes(range(0x60, 0x70)))
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def naive_root(entries: list[bytes]) -> bytes:
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    split = 1
    while split * 2 < len(entries):
        split *= 2
    return hashlib.sha256(b"\x01" + naive_root(entries[:split]) + naive_root(entries[split:])).digest()


@pytest.mark.parametrize("size", ROOTS)
def test_heads_equal_the_shared_test_vectors(tmp_path: Path, size: int) -> None:
    tiles = Tiles(tmp_path, 0)
    tiles.append(LEAVES[:size])
    assert merkle.root(tiles.node, size).hex() == ROOTS[size]


def grown(folder: Path, count: int, seed: int) -> tuple[Tiles, list[bytes]]:
    rng = random.Random(seed)
    entries = [b"entry %d" % n for n in range(count)]
    tiles, at = Tiles(folder, 0), 0
    while at < count:
        step = rng.choice([1, 2, 3, 100, 255, 256, 257, 700])
        tiles.append(entries[at : at + step])
        at += len(entries[at : at + step])
    return tiles, entries


def test_the_head_does_not_depend_on_how_the_ledger_grew(tmp_path: Path) -> None:
    for seed in range(3):
        tiles, entries = grown(tmp_path / str(seed), 1500, seed)
        assert tiles.size == 1500
        assert merkle.root(tiles.node, 1500) == naive_root(entries)
        assert list(Tiles(tmp_path / str(seed), 1500).entries(1000)) == entries[1000:]


def test_older_heads_stay_readable(tmp_path: Path) -> None:
    tiles, entries = grown(tmp_path, 700, 1)
    for size in (1, 2, 255, 256, 257, 511, 512, 699):
        assert merkle.root(tiles.node, size) == naive_root(entries[:size])


def test_inclusion_and_consistency_proofs_hold_and_a_changed_one_does_not(tmp_path: Path) -> None:
    tiles, entries = grown(tmp_path, 600, 2)
    rng = random.Random(5)
    for size in (1, 2, 3, 5, 8, 256, 257, 300, 513, 600):
        head = merkle.root(tiles.node, size)
        for index in {0, size - 1, rng.randrange(size)}:
            path = merkle.inclusion(tiles.node, index, size)
            leaf = merkle.leaf_hash(entries[index])
            assert standalone.root_from_inclusion(leaf, index, size, path) == head
            if path:
                broken = [*path[:-1], bytes(32)]
                assert standalone.root_from_inclusion(leaf, index, size, broken) != head
        for old in {1, size, rng.randrange(1, size + 1)}:
            path = merkle.consistency(tiles.node, old, size)
            old_head = merkle.root(tiles.node, old)
            standalone.check_consistency(old, old_head, size, head, path)
            with pytest.raises(ProofError):
                standalone.check_consistency(old, bytes(32), size, head, path)


def test_a_rewritten_history_is_caught_against_an_older_head(tmp_path: Path) -> None:
    tiles, entries = grown(tmp_path / "a", 400, 3)
    old_head = merkle.root(tiles.node, 300)
    forged = Tiles(tmp_path / "b", 0)
    forged.append([b"forged" if n == 17 else entry for n, entry in enumerate(entries)])
    with pytest.raises(ProofError, match="rewritten"):
        standalone.check_consistency(
            300, old_head, 400, merkle.root(forged.node, 400), merkle.consistency(forged.node, 300, 400)
        )


def test_tiles_are_named_as_the_specification_says() -> None:
    assert tile_path(0, 1234067) == "tile/0/x001/x234/067"
    assert tile_path("entries", 5, 17) == "tile/entries/005.p/17"


def test_a_missing_tile_is_named(tmp_path: Path) -> None:
    tiles, _ = grown(tmp_path, 300, 4)
    (tmp_path / "tile/0/000").unlink()
    with pytest.raises(IntegrityError, match="tile/0/000"):
        merkle.inclusion(Tiles(tmp_path, 300).node, 5, 300)
    assert tiles.size == 300


def test_a_note_is_accepted_from_its_key_only_and_any_changed_byte_is_refused(tmp_path: Path) -> None:
    key, other = load_key(tmp_path / "a.key", "onrecord/a"), load_key(tmp_path / "b.key", "onrecord/a")
    assert (tmp_path / "a.key").stat().st_mode & 0o777 == 0o600
    note = key.sign(Checkpoint("onrecord/a", 7, bytes(range(32)), ("beacon 17",)).text)
    assert open_note(note, key.verifier).size == 7
    assert standalone.open_note(note, key.verifier) == ("onrecord/a", 7, bytes(range(32)))
    assert load_key(tmp_path / "a.key", "ignored").verifier == key.verifier
    for verify, error in ((open_note, IntegrityError), (standalone.open_note, ProofError)):
        with pytest.raises(error):
            verify(note, other.verifier)
        for at in range(0, len(note) - 2, 3):
            changed = note[:at] + ("x" if note[at] != "x" else "y") + note[at + 1 :]
            with pytest.raises((error, ValueError)):
                verify(changed, key.verifier)
