"""A selection as one WARC file, each record byte for byte as it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from archive import __version__
from archive.cdxj import line_of
from archive.records import Locator
from archive.warc import Record, read_member
from archive.warc.record import MEDIA_FIELDS, encode, header_value, new_id, warc_date
from archive.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: how many records and bytes, and the index lines of the new file."""

    records: int
    bytes: int
    lines: tuple[str, ...]


def write_warc(workspace: Workspace, records: Iterable[Record], out: BinaryIO, name: str, info: Mapping[str, str]) -> Exported:
    """Write a warcinfo that says whose selection this is, then the records' own gzip members, unchanged."""
    fields = {
        "software": f"onrecord {__version__}",
        "format": "WARC File Format 1.1",
        **info,
    }
    body = "".join(f"{key}: {header_value(value)}\r\n" for key, value in fields.items()).encode()
    head = encode(
        [
            ("WARC-Type", "warcinfo"),
            ("WARC-Record-ID", new_id()),
            ("WARC-Date", warc_date(datetime.now(UTC))),
            ("WARC-Filename", name),
            ("Content-Type", MEDIA_FIELDS),
        ],
        body,
    )
    out.write(head)
    size, count = len(head), 1
    lines: list[str] = []
    for record in records:
        place = record.locator
        member = read_member(workspace.evidence, place.warc, place.offset, place.length)
        out.write(member)
        moved = Record(record.headers, record.block, Locator(name, size, len(member), place.sha256))
        if (text := line_of(moved)) is not None:
            lines.append(text)
        size, count = size + len(member), count + 1
    return Exported(count, size, tuple(sorted(lines, key=str.encode)))
