"""Offset, length and sha256 of every record of a WARC file, kept beside it: what `verify` names damage by.

gzip and digests inside a record find most damage; only a list kept elsewhere finds all of it (unused bits of the
compression, cut tails, swapped records) and says where.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from archive.records import Locator
from archive.warc.reader import iter_members

FOLDER = "manifest"


def path_of(folder: Path, warc: str) -> Path:
    """Where the list of a WARC file lies."""
    return folder / FOLDER / f"{warc}.tsv"


def append(folder: Path, locators: Iterable[Locator]) -> None:
    """Add records that have just been acknowledged."""
    lines: dict[str, list[str]] = {}
    for locator in locators:
        lines.setdefault(locator.warc, []).append(f"{locator.offset}\t{locator.length}\t{locator.sha256}\n")
    if lines:
        (folder / FOLDER).mkdir(exist_ok=True)
    for warc, rows in lines.items():
        with path_of(folder, warc).open("a", encoding="ascii") as file:
            file.writelines(rows)


def load(folder: Path, warc: str) -> list[Locator]:
    """The records of a WARC file in order; empty when there is no list. A half-written last line is left out."""
    try:
        text = path_of(folder, warc).read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return []
    found: list[Locator] = []
    for line in text.splitlines(keepends=True):
        parts = line.rstrip("\n").split("\t")
        if line.endswith("\n") and len(parts) == 3 and parts[0].isdecimal() and parts[1].isdecimal():
            found.append(Locator(warc, int(parts[0]), int(parts[1]), parts[2]))
    return found


def complete(folder: Path, warc: str, acknowledged: int) -> int:
    """After a crash: make the list reach exactly to the acknowledged byte; returns how many records were added."""
    known = [locator for locator in load(folder, warc) if locator.offset + locator.length <= acknowledged]
    end = known[-1].offset + known[-1].length if known else 0
    added = [
        Locator(warc, member.offset, member.length, member.sha256) for member in iter_members(folder / warc, end, acknowledged)
    ]
    (folder / FOLDER).mkdir(exist_ok=True)
    part = path_of(folder, warc).with_suffix(".part")
    with part.open("w", encoding="ascii") as file:
        file.writelines(f"{item.offset}\t{item.length}\t{item.sha256}\n" for item in [*known, *added])
        file.flush()
        os.fsync(file.fileno())
    part.replace(path_of(folder, warc))
    return len(added)
