"""Copies kept in step: which there are, and what goes to them after every run."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive import custody
from archive.cdxj.index import FOLDER as INDEX
from archive.copies.places import Folder, Place, open_place
from archive.errors import OnrecordError, UsageError
from archive.warc.recovery import ASIDE
from archive.workspace import FILE, Workspace

LIST = "copies.json"
RECORD = "record/archive.db"
GENERATIONS = 3  # snapshots of the record that a copy holds: damage that nobody saw yet must not replace the last good one


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy took over."""

    location: str
    files: int
    bytes: int
    error: str | None = None


def locations(workspace: Workspace) -> list[str]:
    """Where the copies of this archive lie."""
    path = workspace.root / LIST
    return list(json.loads(path.read_text(encoding="utf-8"))["copies"]) if path.exists() else []


def add(workspace: Workspace, location: str) -> Copied:
    """Begin a copy and bring it up to date. UsageError when it lies inside the archive or is known already."""
    place = open_place(location)
    if isinstance(place, Folder):
        if place.root.is_relative_to(workspace.root.resolve()):
            raise UsageError("a copy inside the archive is none", hint="another disk, or a bucket")
        place.root.mkdir(parents=True, exist_ok=True)
    known = locations(workspace)
    if place.location in known:
        raise UsageError(f"{place.location} is a copy already", hint="onrecord copy sync")
    done = bring_up(workspace, place)
    _write(workspace, [*known, place.location])
    custody.note(workspace, "copy added", location=place.location)
    return done


def remove(workspace: Workspace, location: str) -> None:
    """Forget a copy; its files stay where they are."""
    known = locations(workspace)
    wanted = open_place(location).location
    if wanted not in known:
        raise UsageError(f"no copy {location}", hint="copies: " + (", ".join(known) or "none"))
    _write(workspace, [item for item in known if item != wanted])
    custody.note(workspace, "copy removed", location=wanted)


def bring_all_up(workspace: Workspace) -> list[Copied]:
    """Bring every copy up to date. A copy that cannot be reached is told, and holds nobody up."""
    done = []
    for location in locations(workspace):
        try:
            done.append(bring_up(workspace, open_place(location)))
        except (OSError, OnrecordError) as error:
            done.append(Copied(location, 0, 0, str(error)))
    return done


def bring_up(workspace: Workspace, place: Place) -> Copied:
    """Copy what the place lacks. A WARC file that has all its bytes there is never written again."""
    there = place.sizes()
    files = size = 0
    for name, path in _wanted(workspace):
        length = path.stat().st_size
        warc = path.suffix == ".gz"
        if there.get(name) == length and (warc or place.get(name) == path.read_bytes()):
            continue
        if warc and there.get(name, 0) > length:
            continue  # shorter here than there: damage here, which `verify` names, must not reach the copy
        place.put(name, path)
        files, size = files + 1, size + length
    files, size = _snapshot(workspace, place, files, size)
    return Copied(place.location, files, size)


def _wanted(workspace: Workspace) -> Iterator[tuple[str, Path]]:
    for path in sorted(workspace.evidence.rglob("*")):
        relative = path.relative_to(workspace.evidence)
        if path.is_file() and not path.name.startswith(".") and relative.parts[0] not in (ASIDE, INDEX):
            yield f"evidence/{relative.as_posix()}", path
    for path in sorted(workspace.portals.glob("*.toml")):
        yield f"portals/{path.name}", path
    yield FILE, workspace.root / FILE


def _snapshot(workspace: Workspace, place: Place, files: int, size: int) -> tuple[int, int]:
    """A snapshot of an SQLite record, the older ones pushed back; PostgreSQL has its own backups, and `rebuild`."""
    database = workspace.settings.archive.database
    source = workspace.root / database
    if "://" in database or not source.exists():
        return files, size
    part = workspace.root / ".record.snapshot"
    try:
        with sqlite3.connect(source) as live, sqlite3.connect(part) as copy:
            live.backup(copy)
        copy.close()
        live.close()
        for number in range(GENERATIONS - 1, 0, -1):
            older = place.get(RECORD if number == 1 else f"{RECORD}.{number - 1}")
            if older is not None:
                aside = workspace.root / ".record.older"
                aside.write_bytes(older)
                place.put(f"{RECORD}.{number}", aside)
                aside.unlink()
        place.put(RECORD, part)
        return files + 1, size + part.stat().st_size
    finally:
        part.unlink(missing_ok=True)


def _write(workspace: Workspace, known: list[str]) -> None:
    path = workspace.root / LIST
    part = path.with_suffix(".part")
    part.write_text(json.dumps({"copies": known, "at": datetime.now(UTC).isoformat()}, indent=1), encoding="utf-8")
    part.replace(path)
