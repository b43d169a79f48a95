"""WARC files against what is known of them: presence, length, sha256 of file and record, digests inside the records."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archive.errors import IntegrityError
from archive.message import parse_response
from archive.records import Locator
from archive.verify.values import Problem
from archive.warc import Record, block_digest_fits, iter_members, manifest
from archive.warc.record import decode, sha256_label

_STEP = 1 << 20


@dataclass(frozen=True, slots=True)
class Expected:
    """What the record says of a WARC file."""

    name: str
    bytes: int
    records: int
    sha256: str | None
    closed: bool
    captures: tuple[Locator, ...] = ()


@dataclass
class Checked:
    """What came of reading a file: bad offsets, and how far what lies there is acknowledged."""

    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    bad: set[int] = field(default_factory=set)


def check_file(folder: Path, expected: Expected, seen: Callable[[Record], None]) -> Checked:
    """Read a whole file; `seen` gets every record that is as it was written. Never stops at the first damage."""
    checked = Checked()
    path, name = folder / expected.name, expected.name
    if not path.is_file():
        checked.problems.append(Problem(name, None, "the file is missing"))
        checked.bad = {item.offset for item in expected.captures}
        return checked
    size = path.stat().st_size
    if size < expected.bytes:
        checked.problems.append(Problem(name, size, f"{expected.bytes - size} bytes are missing at the end"))
    elif size > expected.bytes and expected.closed:
        checked.problems.append(Problem(name, expected.bytes, f"{size - expected.bytes} bytes too many at the end"))
    elif size > expected.bytes:
        tail = f"{name}: {size - expected.bytes} bytes of an interrupted batch, which the next crawl puts aside"
        checked.notices.append(tail)
    whole = expected.sha256 is None or file_sha256(path, expected.bytes) == expected.sha256
    listed = manifest.load(folder, name)
    end, count = 0, 0
    for locator, data in _records(path, listed, expected.captures, min(size, expected.bytes)):
        if locator.offset != end:
            checked.problems.append(Problem(name, end, f"the record at {end} is not listed"))
        end, count = locator.offset + locator.length, count + 1
        wrong = _check_record(locator, data, seen)
        if wrong is not None and whole and expected.sha256 is not None:
            file = str(manifest.path_of(folder, name).relative_to(folder))
            checked.problems.append(Problem(file, locator.offset, f"the list is not as it was: {wrong}"))
        elif wrong is not None:
            checked.problems.append(Problem(name, locator.offset, wrong))
            checked.bad.add(locator.offset)
    if end < expected.bytes <= size:
        checked.problems.append(Problem(name, end, "the records end before the acknowledged length"))
    if expected.closed and count != expected.records and not checked.problems:
        checked.problems.append(Problem(name, None, f"{count} records where there were {expected.records}"))
    if not whole and not checked.problems:
        checked.problems.append(Problem(name, None, "the sha256 of the file is not what it was"))
    return checked


def _records(path: Path, listed: list[Locator], captures: tuple[Locator, ...], end: int) -> Iterator[tuple[Locator, bytes]]:
    """Every record's place and bytes: by the manifest, and past its end (or without it) by walking gzip members."""
    with path.open("rb") as file:
        at = 0
        for locator in listed:
            if locator.offset >= end:
                break
            file.seek(locator.offset)
            yield locator, file.read(min(locator.length, max(0, end - locator.offset)))
            at = locator.offset + locator.length
    while at < end:
        start = at
        try:
            for member in iter_members(path, at, end):
                locator = Locator(path.name, member.offset, member.length, member.sha256)
                known = next((item for item in captures if item.offset == member.offset), None)
                with path.open("rb") as file:
                    file.seek(member.offset)
                    yield known or locator, file.read(member.length)
                at = member.offset + member.length
        except IntegrityError:
            known_next = next((item.offset for item in captures if item.offset > at), end)
            yield Locator(path.name, at, known_next - at, ""), b""
            at = known_next
        if at == start:
            break


def _check_record(locator: Locator, data: bytes, seen: Callable[[Record], None]) -> str | None:
    """What is wrong with a record; None when it is as it was written."""
    if len(data) < locator.length:
        return "the record is cut off" if data else "the record is not readable"
    if locator.sha256 and hashlib.sha256(data).hexdigest() != locator.sha256:
        return "the record is not what it was (sha256)"
    stream = zlib.decompressobj(31)
    try:
        plain = stream.decompress(data)
        if not stream.eof or stream.unused_data:
            return "the record is not one gzip member"
        record = decode(plain, locator)
    except (zlib.error, IntegrityError) as error:
        return f"the record is not readable: {error}"
    if not block_digest_fits(record):
        return "the block digest does not fit"
    if not _payload_digest_fits(record):
        return "the payload digest does not fit"
    seen(record)
    return None


def _payload_digest_fits(record: Record) -> bool:
    digest = record.header("WARC-Payload-Digest")
    if digest is None or record.type == "revisit":
        return True
    if record.type == "response":
        return digest == sha256_label(parse_response(record.block).entity)
    return digest == sha256_label(record.block)


def file_sha256(path: Path, size: int) -> str:
    """sha256 (hex) of the first `size` bytes of a file."""
    digest, left = hashlib.sha256(), size
    with path.open("rb") as file:
        while left > 0 and (data := file.read(min(_STEP, left))):
            digest.update(data)
            left -= len(data)
    return digest.hexdigest()
