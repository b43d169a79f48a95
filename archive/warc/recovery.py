"""After a crash: what lies beyond the last acknowledged byte is put aside, never deleted, and told."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from archive.errors import IntegrityError
from archive.warc import manifest
from archive.warc.reader import iter_members

ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class Repair:
    """One thing that `recover` did or saw. `records`: whole records among the bytes put aside."""

    warc: str
    what: Literal["tail put aside", "file put aside", "bytes missing", "file missing"]
    offset: int
    bytes: int
    records: int = 0
    aside: str | None = None


def recover(folder: Path, acknowledged: Mapping[str, int] | None, leftovers: frozenset[str] = frozenset()) -> list[Repair]:
    """Bring the WARC files back to what is acknowledged, before anything is written.

    `acknowledged`: file name -> bytes that the database has committed; what lies beyond was never promised to anybody, its
    pages are fetched again, and its bytes move to `aside/`. Without a database (None) each file keeps its whole gzip
    members. `leftovers`: names of files that no row knows and that an interrupted run began; they move aside as a whole.
    Other unknown files are left alone: `verify` names them. Missing bytes are reported, and nothing is done about them.
    """
    repairs: list[Repair] = []
    paths = {path.name: path for path in sorted(folder.glob("*.warc.gz"))}
    for name, kept in sorted((acknowledged or {}).items()):
        path = paths.get(name)
        if path is None:
            repairs.append(Repair(name, "file missing", 0, kept))
        elif (size := path.stat().st_size) < kept:
            repairs.append(Repair(name, "bytes missing", size, kept - size))
        else:
            if size > kept:
                repairs.append(_cut(path, kept))
            listed = manifest.load(folder, name)
            if kept and (not listed or listed[-1].offset + listed[-1].length != kept):
                manifest.complete(folder, name, kept)
    repairs += [_cut(paths[name], 0) for name in sorted(leftovers & (paths.keys() - (acknowledged or {}).keys()))]
    if acknowledged is None:
        repairs += [_cut(path, whole) for path in paths.values() if (whole := whole_until(path)) < path.stat().st_size]
    return repairs


def whole_until(path: Path, start: int = 0) -> int:
    """The offset up to which the file consists of whole gzip members."""
    end = start
    with contextlib.suppress(IntegrityError):
        for member in iter_members(path, start):
            end = member.offset + member.length
    return end


def _cut(path: Path, kept: int) -> Repair:
    """Move the bytes from `kept` on to the folder `aside`, durably, then cut them off."""
    size = path.stat().st_size
    records = 0
    with contextlib.suppress(IntegrityError):  # the torn record that a crash leaves
        for _ in iter_members(path, kept):
            records += 1
    aside = path.parent / ASIDE
    aside.mkdir(exist_ok=True)
    number = 1
    while (target := aside / f"{path.name}.{kept}.{number}").exists():
        number += 1
    with path.open("rb") as source, target.open("xb") as copy:
        source.seek(kept)
        while data := source.read(1 << 20):
            copy.write(data)
        copy.flush()
        os.fsync(copy.fileno())
    if kept:
        with path.open("r+b") as file:
            file.truncate(kept)
            os.fsync(file.fileno())
    else:
        path.unlink()
    return Repair(path.name, "tail put aside" if kept else "file put aside", kept, size - kept, records, target.name)
