"""The WARC files of one run: appended to, rotated by size, synced, and taken back when a batch fails."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from archive.errors import OnrecordError
from archive.records import Locator
from archive.warc import manifest


@dataclass(frozen=True, slots=True)
class WarcFile:
    """A WARC file as it stands. `sha256` is of the whole file and set once it is closed."""

    name: str
    bytes: int
    records: int
    sha256: str | None = None


@dataclass
class _Open:
    path: Path
    handle: BinaryIO
    size: int = 0
    records: int = 0
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)
    kept: tuple[int, int, hashlib._Hash] = field(default_factory=lambda: (0, 0, hashlib.sha256()))

    def finish(self) -> WarcFile:
        self.handle.close()
        return WarcFile(self.path.name, self.size, self.records, self.digest.hexdigest())


class RunFiles:
    """Append-only files in `folder`, named after `prefix`; a new one is due once `rotate` bytes are reached."""

    def __init__(self, folder: Path, prefix: str, rotate: int) -> None:
        self.folder = folder
        self._prefix = re.sub(r"[^A-Za-z0-9_.]+", "-", prefix).strip(".-")[:64] or "onrecord"
        self._rotate = rotate
        self._serial = 0
        self._open: _Open | None = None
        self._full: list[_Open] = []  # rotated since the last acknowledge
        self._closed: list[WarcFile] = []
        self._fresh: list[Locator] = []  # appended since the last acknowledge

    @property
    def name(self) -> str | None:
        """The file that is written to."""
        return self._open.path.name if self._open else None

    @property
    def due(self) -> bool:
        """Whether the next record should go into a new file."""
        return self._open is None or self._open.size >= self._rotate

    def begin(self) -> str:
        """Begin a file, and make its name durable (fsync of the folder)."""
        self._serial += 1
        stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S%f")[:17]
        path = self.folder / f"{self._prefix}-{stamp}-{os.getpid()}-{self._serial:05d}.warc.gz"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle = path.open("xb")
            _sync_folder(self.folder)
        except OSError as error:
            raise write_error(error, self.folder) from error
        if self._open:
            self._full.append(self._open)
        self._open = _Open(path, handle)
        return path.name

    def append(self, member: bytes) -> Locator:
        """Append a gzip member to the file that is open."""
        file = self._open
        if file is None:
            raise OnrecordError("no run has begun: there is no file to write to", code="evidence.write")
        try:
            file.handle.write(member)
        except OSError as error:
            raise write_error(error, self.folder) from error
        locator = Locator(file.path.name, file.size, len(member), hashlib.sha256(member).hexdigest())
        file.digest.update(member)
        file.size += len(member)
        file.records += 1
        self._fresh.append(locator)
        return locator

    def sync(self) -> tuple[WarcFile, ...]:
        """fsync what was written since the last acknowledge, and say how each touched file now stands."""
        files = self._touched()
        try:
            for file in files:
                file.handle.flush()
                os.fsync(file.handle.fileno())
        except OSError as error:
            raise write_error(error, self.folder) from error
        return tuple(WarcFile(file.path.name, file.size, file.records) for file in files)

    def acknowledge(self) -> tuple[WarcFile, ...]:
        """What was synced stays. Returns the files that rotation has closed since the last time."""
        manifest.append(self.folder, self._fresh)
        self._fresh.clear()
        closed = [file.finish() for file in self._full]
        self._full.clear()
        if self._open:
            self._open.kept = (self._open.size, self._open.records, self._open.digest.copy())
        self._closed += closed
        return tuple(closed)

    def rollback(self) -> None:
        """Take the files back to the last acknowledge; files begun since are removed."""
        touched, self._full, self._open = self._touched(), [], None
        self._fresh.clear()
        for file in touched:
            size, records, digest = file.kept
            with contextlib.suppress(OSError):  # what could not be flushed is cut away just below
                file.handle.close()
            if size == 0:
                file.path.unlink(missing_ok=True)
                continue
            os.truncate(file.path, size)
            self._open = _Open(file.path, file.path.open("ab"), size, records, digest.copy(), file.kept)

    def close(self) -> tuple[WarcFile, ...]:
        """Sync, close, and return every file of the run as it stays."""
        self.sync()
        self.acknowledge()
        if self._open:
            self._closed.append(self._open.finish())
            self._open = None
        return tuple(self._closed)

    def _touched(self) -> list[_Open]:
        return [*self._full, *([self._open] if self._open else [])]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_error(error: OSError, folder: Path) -> OnrecordError:
    """A failed write as an error with a hint."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return OnrecordError(
        f"cannot write evidence in {folder}: {error.strerror}",
        hint="nothing acknowledged is lost: make room, then crawl again" if full else None,
        code="evidence.write",
    )
