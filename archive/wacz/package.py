"""A selection as a WACZ 1.1.1: one ZIP with pages, captures, full text, index and digests."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from archive import __version__
from archive.ledger import Ledger
from archive.wacz.selection import Chosen, records
from archive.wacz.warc import write_warc
from archive.workspace import Workspace

VERSION = "1.1.1"
_LINES = 300  # index lines a compressed block
_STEP = 1 << 20
_TIME = (2000, 1, 1, 0, 0, 0)  # of ZIP entries: when they were packed is said inside, and equal content gives equal files


@dataclass(frozen=True, slots=True)
class PageText:
    """A page for pages.jsonl: what a reader of the package can open and search."""

    url: str
    at: datetime
    title: str | None = None
    text: str | None = None


class _Package:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._zip = archive
        self.resources: list[dict[str, Any]] = []

    def add(self, path: str, data: bytes | BinaryIO, *, store: bool = False, listed: bool = True) -> None:
        entry = zipfile.ZipInfo(path, _TIME)
        entry.compress_type = zipfile.ZIP_STORED if store else zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        source = BytesIO(data) if isinstance(data, bytes) else data
        # ZIP64 only where it must be: wabac.js (ReplayWeb.page) computes where an entry's bytes begin from the central
        # directory alone when that has no extra field, and misses them behind a local header that has one.
        large = source.seek(0, os.SEEK_END) > zipfile.ZIP64_LIMIT
        source.seek(0)
        digest, size = hashlib.sha256(), 0
        with self._zip.open(entry, "w", force_zip64=large) as target:
            for piece in iter(lambda: source.read(_STEP), b""):
                digest.update(piece)
                size += len(piece)
                target.write(piece)
        if listed:
            name = path.rpartition("/")[2]
            self.resources.append({"name": name, "path": path, "hash": f"sha256:{digest.hexdigest()}", "bytes": size})


def write_wacz(workspace: Workspace, chosen: Sequence[Chosen], pages: Iterable[PageText], path: Path, *, title: str) -> int:
    """Write the package; returns the number of WARC records in it. `pages` should be captures of the selection."""
    created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    listed = list(pages)
    part = path.with_name(f".{path.name}.part")
    with zipfile.ZipFile(part, "w") as archive, TemporaryFile() as warc:
        package = _Package(archive)
        done = write_warc(workspace, records(workspace, chosen), warc, "data.warc.gz", {"description": title})
        package.add("archive/data.warc.gz", warc, store=True)
        index, places = _compressed(done.lines)
        package.add("indexes/index.cdx.gz", index, store=True)
        package.add("indexes/index.idx", places)
        package.add("pages/pages.jsonl", _pages(listed))
        _add_ledger(workspace, package)
        data = {
            "profile": "data-package",
            "wacz_version": VERSION,
            "title": title,
            "created": created,
            "modified": created,
            "software": f"onrecord {__version__}",
            "resources": package.resources,
        }
        if listed:
            data |= {"mainPageUrl": listed[0].url, "mainPageDate": _iso(listed[0].at)}
        text = json.dumps(data, indent=2, ensure_ascii=False).encode()
        package.add("datapackage.json", text, listed=False)
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(text).hexdigest()}"}
        package.add("datapackage-digest.json", json.dumps(digest, indent=2).encode(), listed=False)
    part.replace(path)
    return done.records


def _add_ledger(workspace: Workspace, package: _Package) -> None:
    """The archive's checkpoint travels along, in files of its own: `signedData` allows no other keys."""
    ledger = Ledger(workspace)
    if (head := ledger.head()) is not None:
        package.add("ledger/checkpoint", head.note.encode())
        package.add("ledger/verifier", f"{ledger.key().verifier}\n".encode())


def _compressed(lines: Sequence[str]) -> tuple[bytes, bytes]:
    """The index in gzip blocks of some hundred lines, and the list of where each block begins (ZipNum)."""
    blocks: list[bytes] = []
    places = ['!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}']
    offset = 0
    for start in range(0, len(lines), _LINES):
        part = lines[start : start + _LINES]
        block = gzip.compress("".join(f"{text}\n" for text in part).encode(), mtime=0)
        urlkey, stamp, _ = part[0].split(" ", 2)
        place = {"offset": offset, "length": len(block), "digest": f"sha256:{hashlib.sha256(block).hexdigest()}"}
        places.append(f"{urlkey} {stamp} {json.dumps(place)}")
        blocks.append(block)
        offset += len(block)
    return b"".join(blocks), "".join(f"{text}\n" for text in places).encode()


def _pages(pages: Sequence[PageText]) -> bytes:
    has_text = any(page.text for page in pages)
    rows: list[dict[str, Any]] = [{"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": has_text}]
    for number, page in enumerate(pages, 1):
        row: dict[str, Any] = {"id": str(number), "url": page.url, "ts": _iso(page.at), "title": page.title or page.url}
        if page.text:
            row["text"] = page.text
        rows.append(row)
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode("utf-8", "replace")


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
