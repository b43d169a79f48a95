"""One line of a CDXJ index: `urlkey timestamp {json}`, as pywb, wabac.js and cdxj-indexer read it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from archive.digests import sha256_hex
from archive.message import Message, parse_response
from archive.records import Locator
from archive.surt import surt
from archive.warc.record import MEDIA_FIELDS, Record, target_uri

REVISIT = "warc/revisit"
_END_OF_MEDIA = re.compile(r"[;\s]")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line taken apart."""

    urlkey: str
    timestamp: str  # 14 digits, UTC
    fields: dict[str, str]


def timestamp(at: datetime) -> str:
    """An instant as the 14 digits of Wayback-family tools, UTC."""
    return at.astimezone(UTC).strftime("%Y%m%d%H%M%S")


def line(
    url: str, at: datetime, locator: Locator, *, mime: str | None, status: int | None = None, digest: str | None = None
) -> str:
    """A line without its line end. Keys that have no value are left out, as cdxj-indexer leaves them out."""
    url = target_uri(url)
    fields = {
        "url": url,
        "mime": mime,
        "status": str(status) if status else None,
        "digest": digest,
        "length": str(locator.length),
        "offset": str(locator.offset),
        "filename": locator.warc,
    }
    kept = {name: value for name, value in fields.items() if value}
    return f"{surt(url)} {timestamp(at)} {json.dumps(kept)}"


def capture_line(url: str, at: datetime, locator: Locator, message: Message, *, revisit: bool, digest: str | None) -> str:
    """The line of a response or revisit record. A 304 kept as an empty revisit has no status, as it has no HTTP block."""
    mime = REVISIT if revisit else media_of(message.header("Content-Type"))
    status = None if revisit and message.status == 304 else message.status
    return line(url, at, locator, mime=mime, status=status, digest=digest)


def line_of(record: Record) -> str | None:
    """The line of a record as read from a file; None for records that indexes leave out (requests, warcinfo, fields)."""
    kind, url, digest = record.type, record.target, record.header("WARC-Payload-Digest")
    if url is None or kind not in ("response", "revisit", "resource", "metadata"):
        return None
    if kind in ("response", "revisit"):
        if not record.block:
            return line(url, record.date, record.locator, mime=REVISIT, digest=digest)
        message = parse_response(record.block)
        return capture_line(
            url,
            record.date,
            record.locator,
            message,
            revisit=kind == "revisit",
            digest=digest or f"sha256:{sha256_hex(message.entity)}",
        )
    media = record.header("Content-Type")
    return None if media == MEDIA_FIELDS else line(url, record.date, record.locator, mime=media_of(media), digest=digest)


def parse(text: str) -> Entry:
    """A line taken apart; ValueError when it is none."""
    urlkey, stamp, rest = text.rstrip("\n").split(" ", 2)
    fields = json.loads(rest)
    return Entry(urlkey, stamp, {str(name): str(value) for name, value in fields.items()})


def media_of(content_type: str | None) -> str | None:
    """The media type of a Content-Type header as it is written, parameters left out."""
    return _END_OF_MEDIA.split(content_type, maxsplit=1)[0].strip() or None if content_type else None
