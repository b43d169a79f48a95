"""Foreign WARC files and WACZ packages opened for reading, their traps refused: zip-slip, bombs, links, double names."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from archive.errors import UsageError

MAX_MEMBER = 64 << 30  # bytes of one WARC inside a package
MAX_RATIO = 200  # of a compressed member; WARC files are stored
_WARC = (".warc", ".warc.gz")


@contextmanager
def open_container(path: Path) -> Iterator[list[tuple[str, IO[bytes]]]]:
    """The WARC files of a path, by name, open and seekable: the file itself, or those inside a WACZ."""
    if not path.is_file():
        raise UsageError(f"{path}: no such file")
    if path.name.lower().endswith(_WARC):
        with path.open("rb") as plain:
            yield [(path.name, plain)]
        return
    if not zipfile.is_zipfile(path):
        raise UsageError(f"{path}: neither WARC nor WACZ", hint="*.warc, *.warc.gz or *.wacz")
    with zipfile.ZipFile(path) as package:
        members = [_checked(path, item) for item in package.infolist()]
        names = [item.filename for item in members]
        if len(set(names)) != len(names):
            raise UsageError(f"{path}: a name stands twice in the package")
        warcs = [item for item in members if item.filename.lower().endswith(_WARC)]
        if not warcs:
            raise UsageError(f"{path}: no WARC file in the package")
        files = [(item.filename, package.open(item)) for item in warcs]
        try:
            yield files
        finally:
            for _, file in files:
                file.close()


def _checked(path: Path, item: zipfile.ZipInfo) -> zipfile.ZipInfo:
    name = PurePosixPath(item.filename)
    if name.is_absolute() or ".." in name.parts or "\\" in item.filename or "\0" in item.filename or ":" in item.filename:
        raise UsageError(f"{path}: the name {item.filename!r} leads out of the package")
    if stat.S_ISLNK(item.external_attr >> 16):
        raise UsageError(f"{path}: {item.filename} is a link")
    if item.flag_bits & 1:
        raise UsageError(f"{path}: {item.filename} is encrypted")
    if item.file_size > MAX_MEMBER or (item.file_size > 1 << 20 and item.file_size > MAX_RATIO * max(item.compress_size, 1)):
        raise UsageError(f"{path}: {item.filename} unpacks to {item.file_size} bytes, which no package needs")
    return item
