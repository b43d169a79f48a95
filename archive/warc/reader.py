"""Reading our own WARC files: one record by its locator, or all of a file in order, each with its exact place."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.errors import IntegrityError
from archive.records import Locator
from archive.warc.record import Record, decode

_STEP = 256 * 1024
MAX_RECORD = 1 << 30  # decompressed bytes of one record; ours end at [crawl] max_body and a little


@dataclass(frozen=True, slots=True)
class Member:
    """One whole gzip member: where it lies, the sha256 of its bytes, and what it holds."""

    offset: int
    length: int
    sha256: str
    plain: bytes


def iter_members(path: Path, start: int = 0, end: int | None = None) -> Iterator[Member]:
    """Whole gzip members from `start` on, up to `end` (default: the file's); IntegrityError names a torn or bad one."""
    size = path.stat().st_size if end is None else end
    with path.open("rb") as file:
        file.seek(start)
        offset, pending = start, b""
        while pending or file.tell() < size:
            stream, digest, parts, length, held = zlib.decompressobj(31), hashlib.sha256(), [], 0, 0
            while not stream.eof:
                data = pending or file.read(min(_STEP, size - file.tell()))
                pending = b""
                if not data:
                    raise IntegrityError(f"{path.name}:{offset}: the last record is cut off", code="integrity.torn")
                try:
                    piece = stream.decompress(data)
                except zlib.error as error:
                    raise IntegrityError(f"{path.name}:{offset}: not readable: {error}", code="integrity.gzip") from error
                used = len(data) - len(stream.unused_data)
                digest.update(data[:used])
                length += used
                held += len(piece)
                if held > MAX_RECORD:
                    raise IntegrityError(f"{path.name}:{offset}: a record over {MAX_RECORD} bytes", code="integrity.size")
                parts.append(piece)
            pending = stream.unused_data
            yield Member(offset, length, digest.hexdigest(), b"".join(parts))
            offset += length


def iter_records(path: Path, start: int = 0, end: int | None = None) -> Iterator[Record]:
    """Records of a file in order, each with its locator; IntegrityError names file and offset of the first bad one."""
    for member in iter_members(path, start, end):
        yield decode(member.plain, Locator(path.name, member.offset, member.length, member.sha256))


def read_member(folder: Path, warc: str, offset: int, length: int) -> bytes:
    """The exact bytes of a gzip member; IntegrityError when the file is missing or too short."""
    if "/" in warc or "\\" in warc or warc.startswith("."):
        raise IntegrityError(f"{warc!r} is no file name of an archive")
    try:
        with (folder / warc).open("rb") as file:
            file.seek(offset)
            data = file.read(length)
    except FileNotFoundError as error:
        raise IntegrityError(f"{warc}: the file is missing", code="integrity.missing") from error
    if len(data) != length:
        raise IntegrityError(f"{warc}:{offset}: the file ends inside the record", code="integrity.torn")
    return data


def read_record(folder: Path, locator: Locator) -> Record:
    """The record at a locator, checked against its sha256 (where the locator has one); IntegrityError otherwise."""
    data = read_member(folder, locator.warc, locator.offset, locator.length)
    if locator.sha256 and hashlib.sha256(data).hexdigest() != locator.sha256:
        raise IntegrityError(f"{locator.warc}:{locator.offset}: the record is not what it was", code="integrity.changed")
    stream = zlib.decompressobj(31)
    try:
        plain = stream.decompress(data, MAX_RECORD)
    except zlib.error as error:
        raise IntegrityError(f"{locator.warc}:{locator.offset}: not readable: {error}", code="integrity.gzip") from error
    if not stream.eof:
        raise IntegrityError(f"{locator.warc}:{locator.offset}: the record is cut off", code="integrity.torn")
    return decode(plain, locator)
