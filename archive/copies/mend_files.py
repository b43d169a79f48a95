"""A damaged WARC file put together again, record by record, from whatever holds each record as it was."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

from archive.copies.places import Place
from archive.copies.values import Mended
from archive.records import Locator
from archive.verify.files import file_sha256
from archive.warc import manifest, whole_until
from archive.warc.recovery import ASIDE
from archive.workspace import Workspace


def mend_file(
    workspace: Workspace, places: list[Place], name: str, row: dict[str, Any], captures: set[Locator]
) -> list[Mended]:
    """Put a WARC file together again, record by record, from whatever holds each record as it was."""
    path = workspace.evidence / name
    if path.exists() and path.stat().st_size == row["bytes"] and row["sha256"] == file_sha256(path, row["bytes"]):
        manifest.path_of(workspace.evidence, name).unlink(missing_ok=True)
        manifest.complete(workspace.evidence, name, row["bytes"])
        return [Mended(f"{manifest.FOLDER}/{name}.tsv", "the list of records", "made again from the file")]
    part = path.with_name(f".{name}.part")
    sources: set[str] = set()
    listed = manifest.load(workspace.evidence, name)
    if not listed or listed[-1].offset + listed[-1].length != row["bytes"]:
        listed = []
    with part.open("wb") as file:
        for locator in listed:
            data = _good_bytes(path, places, name, locator, sources)
            if data is None:
                break
            file.write(data)
        else:
            if not listed:
                _whole_copy(places, name, row, file, sources)
    whole = part.stat().st_size == row["bytes"] and (
        row["sha256"] == file_sha256(part, row["bytes"])
        if row["sha256"]
        else all(_holds(part, item) for item in captures) and whole_until(part) == row["bytes"]
    )
    if not whole:
        part.unlink()
        return []
    put_aside(workspace, path)
    part.replace(path)
    manifest.path_of(workspace.evidence, name).unlink(missing_ok=True)
    manifest.complete(workspace.evidence, name, row["bytes"])
    return [Mended(name, "records", ", ".join(sorted(sources)) or "the file itself")]


def _good_bytes(path: Path, places: list[Place], name: str, locator: Locator, sources: set[str]) -> bytes | None:
    if path.exists():
        with path.open("rb") as file:
            file.seek(locator.offset)
            data = file.read(locator.length)
        if hashlib.sha256(data).hexdigest() == locator.sha256:
            return data
    for place in places:
        found = place.get(f"evidence/{name}", locator.offset, locator.length)
        if found is not None and hashlib.sha256(found).hexdigest() == locator.sha256:
            sources.add(place.location)
            return found
    return None


def _whole_copy(places: list[Place], name: str, row: dict[str, Any], file: Any, sources: set[str]) -> None:
    for place in places:
        data = place.get(f"evidence/{name}", 0, row["bytes"])
        if data is not None and len(data) == row["bytes"]:
            if row["sha256"] and hashlib.sha256(data).hexdigest() != row["sha256"]:
                continue
            file.write(data)
            sources.add(place.location)
            return


def _holds(path: Path, locator: Locator) -> bool:
    with path.open("rb") as file:
        file.seek(locator.offset)
        return hashlib.sha256(file.read(locator.length)).hexdigest() == locator.sha256


def put_aside(workspace: Workspace, path: Path) -> None:
    """Move what is damaged out of the way; nothing is thrown away."""
    if not path.exists():
        return
    aside = workspace.evidence / ASIDE
    aside.mkdir(exist_ok=True)
    number = 1
    while (target := aside / f"{path.name}.damaged.{number}").exists():
        number += 1
    shutil.move(path, target)
