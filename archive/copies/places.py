"""Where copies of the evidence lie: folders, or object stores (S3 and its kin) by URL with the extra `onrecord[s3]`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from archive.errors import OnrecordError, UsageError

_STEP = 1 << 20


class Place(Protocol):
    """A copy's storage; names are relative paths with slashes."""

    location: str

    def sizes(self) -> dict[str, int]:
        """Every file with its size."""
        ...

    def put(self, name: str, source: Path) -> None:
        """Store a file as a whole; a reader never sees half of it."""
        ...

    def get(self, name: str, offset: int = 0, length: int | None = None) -> bytes | None:
        """Bytes of a file; None when there is no such file."""
        ...


class Folder:
    """A folder, on another disk or a mounted share."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self.location = str(self.root)

    def sizes(self) -> dict[str, int]:
        """Every file with its size."""
        return {path.relative_to(self.root).as_posix(): path.stat().st_size for path in _files(self.root)}

    def put(self, name: str, source: Path) -> None:
        """Copy, fsync, rename."""
        target = self._inside(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.part")
        with source.open("rb") as data, part.open("wb") as copy:
            while piece := data.read(_STEP):
                copy.write(piece)
            copy.flush()
            os.fsync(copy.fileno())
        part.replace(target)

    def get(self, name: str, offset: int = 0, length: int | None = None) -> bytes | None:
        """Bytes of a file."""
        try:
            with self._inside(name).open("rb") as file:
                file.seek(offset)
                return file.read(-1 if length is None else length)
        except FileNotFoundError:
            return None

    def _inside(self, name: str) -> Path:
        path = (self.root / name).resolve()
        if not path.is_relative_to(self.root.resolve()):
            raise UsageError(f"{name!r} leads out of the copy")
        return path


class ObjectStore:
    """A bucket, through obstore."""

    def __init__(self, url: str) -> None:
        try:
            import obstore
            from obstore.store import from_url
        except ImportError as error:
            raise OnrecordError("copies in object stores need obstore", hint="pip install 'onrecord[s3]'") from error
        self.location = url
        self._obstore: Any = obstore
        self._store: Any = from_url(url)

    def sizes(self) -> dict[str, int]:
        """Every object with its size."""
        return {str(item["path"]): int(item["size"]) for batch in self._obstore.list(self._store) for item in batch}

    def put(self, name: str, source: Path) -> None:
        """Upload, in parts when it is large."""
        self._obstore.put(self._store, name, source)

    def get(self, name: str, offset: int = 0, length: int | None = None) -> bytes | None:
        """Bytes of an object."""
        try:
            if length is None:
                return bytes(self._obstore.get(self._store, name).bytes())[offset:]
            return bytes(self._obstore.get_range(self._store, name, start=offset, length=length))
        except FileNotFoundError:
            return None


def open_place(location: str) -> Place:
    """The place of a location: a path, or a URL such as s3://bucket/prefix."""
    return ObjectStore(location) if "://" in location else Folder(Path(location).expanduser())


def _files(root: Path) -> Iterator[Path]:
    return (path for path in sorted(root.rglob("*")) if path.is_file() and not path.name.endswith(".part"))
