"""The ledger's hashes and entries as static files: C2SP tlog-tiles, so that any tile client can follow this log.

`tile/<level>/<n>[.p/<width>]` holds up to 256 hashes, `tile/entries/<n>[.p/<width>]` the entries themselves. A full tile
never changes; the partial ones of an older size stay until the full one exists.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from archive.errors import IntegrityError
from archive.ledger.merkle import leaf_hash, node_hash

WIDTH = 256
_HASH = 32


def tile_path(level: int | str, index: int, width: int = WIDTH) -> str:
    """Path of a tile as the specification names it: `tile/0/x001/234`, with `.p/<width>` when it is not full."""
    parts = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        parts.append(f"x{index % 1000:03d}")
    suffix = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(reversed(parts))}{suffix}"


class Tiles:
    """The tiles in a folder, for a tree of `size` leaves."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder = folder
        self.size = size
        self._tile = lru_cache(maxsize=512)(self._read_tile)

    def node(self, level: int, index: int) -> bytes:
        """Hash of a full subtree (see `merkle.Node`)."""
        row, depth = divmod(level, 8)
        start, count = index << depth, 1 << depth
        tile, at = divmod(start, WIDTH)
        data = self._tile(row, tile)
        hashes = [data[_HASH * n : _HASH * (n + 1)] for n in range(at, at + count)]
        if len(hashes[-1]) != _HASH:
            raise IntegrityError(f"ledger: tile {row}/{tile} is too short", code="integrity.ledger")
        while len(hashes) > 1:
            hashes = [node_hash(hashes[n], hashes[n + 1]) for n in range(0, len(hashes), 2)]
        return hashes[0]

    def entries(self, start: int = 0) -> Iterator[bytes]:
        """Entries from leaf `start` on."""
        for tile in range(start // WIDTH, -(-self.size // WIDTH)):
            width = min(WIDTH, self.size - tile * WIDTH)
            data = self._read(tile_path("entries", tile, width))
            at, n = 0, tile * WIDTH
            while at < len(data):
                (length,) = struct.unpack_from(">H", data, at)
                if n >= start:
                    yield data[at + 2 : at + 2 + length]
                at, n = at + 2 + length, n + 1

    def append(self, entries: Sequence[bytes]) -> None:
        """Add leaves: write the tiles that are new or grew, each durably; the size goes up once all are there."""
        if not entries:
            return
        self._write_entries(entries)
        fresh, start, row = [leaf_hash(entry) for entry in entries], self.size, 0
        while fresh:
            fresh = self._extend(row, start, fresh)
            start, row = start // WIDTH, row + 1
        self.size += len(entries)
        self._tile.cache_clear()

    def _extend(self, row: int, start: int, fresh: list[bytes]) -> list[bytes]:
        """Add hashes to a row from position `start` on; returns the hashes of the tiles that became full."""
        full: list[bytes] = []
        while fresh:
            tile, at = divmod(start, WIDTH)
            old = self._read(tile_path(row, tile, at))[: at * _HASH] if at else b""
            take = fresh[: WIDTH - at]
            data = old + b"".join(take)
            self._write(tile_path(row, tile, at + len(take)), data)
            if at + len(take) == WIDTH:
                hashes = [data[_HASH * n : _HASH * (n + 1)] for n in range(WIDTH)]
                while len(hashes) > 1:
                    hashes = [node_hash(hashes[n], hashes[n + 1]) for n in range(0, len(hashes), 2)]
                full.append(hashes[0])
            fresh, start = fresh[len(take) :], start + len(take)
        return full

    def _write_entries(self, entries: Sequence[bytes]) -> None:
        at = self.size
        while entries:
            tile, filled = divmod(at, WIDTH)
            old = self._read(tile_path("entries", tile, filled)) if filled else b""
            take = entries[: WIDTH - filled]
            self._write(
                tile_path("entries", tile, filled + len(take)),
                old + b"".join(struct.pack(">H", len(entry)) + entry for entry in take),
            )
            entries, at = entries[len(take) :], at + len(take)

    def _read_tile(self, row: int, tile: int) -> bytes:
        width = min(WIDTH, (self.size >> 8 * row) - tile * WIDTH)
        return self._read(tile_path(row, tile, width))

    def _read(self, path: str) -> bytes:
        try:
            return (self.folder / path).read_bytes()
        except FileNotFoundError as error:
            raise IntegrityError(f"ledger: {path} is missing", code="integrity.ledger") from error

    def _write(self, path: str, data: bytes) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.part")
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
