"""One WARC/1.1 record as bytes, and back: headers, block, and the gzip member that holds them (ISO 28500:2017)."""

from __future__ import annotations

import hashlib
import re
import uuid
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urldefrag

from warcio.statusandheaders import StatusAndHeaders

from archive.errors import IntegrityError
from archive.records import Locator

VERSION = "WARC/1.1"
MEDIA_RESPONSE = "application/http; msgtype=response"
MEDIA_REQUEST = "application/http; msgtype=request"
MEDIA_FIELDS = "application/warc-fields"
_UNSAFE = re.compile(r"[\x00-\x1f\x7f]+")
_UNSAFE_IN_URI = re.compile(r"[\x00-\x20\x7f<>\"]")


def new_id() -> str:
    """A fresh WARC-Record-ID."""
    return f"<urn:uuid:{uuid.uuid4()}>"


class RecordIds:
    """WARC-Record-IDs of one writer: a number drawn once and a count (UUID version 8, RFC 9562, 5.8).

    A request's id then differs from its answer's by a digit, and those of a batch by a few: they cost next to nothing
    where they stand beside each other, which random ids do not.
    """

    def __init__(self) -> None:
        drawn = str(uuid.uuid4())
        self._start = f"{drawn[:14]}8{drawn[15:24]}"  # all but the last group
        self._count = 0

    def new(self) -> str:
        """The next id."""
        self._count += 1
        return f"<urn:uuid:{self._start}{self._count:012x}>"


def warc_date(at: datetime) -> str:
    """WARC-Date in microseconds, UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_date(text: str) -> datetime:
    """A WARC-Date of any precision as an aware UTC datetime; ValueError otherwise."""
    return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text)).astimezone(UTC)


def target_uri(url: str) -> str:
    """A URL fit for WARC-Target-URI: no fragment, and nothing that could end the header line or the value."""
    return _UNSAFE_IN_URI.sub(lambda match: f"%{ord(match[0]):02X}", urldefrag(url)[0])


def header_value(text: str) -> str:
    """A header value that stays on its line whatever it was made from."""
    return _UNSAFE.sub(" ", text).strip()


def sha256_label(data: bytes) -> str:
    """`sha256:` and the hex digest, the form of WARC-Block-Digest and WARC-Payload-Digest here."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def encode(headers: Iterable[tuple[str, str | None]], block: bytes, level: int = 6) -> bytes:
    """One record as one gzip member. Headers with value None are left out; digest and length of the block are added.

    A request has no digest of its own, nor has an empty block: the manifest holds the sha256 of the whole record.
    """
    kept = [(name, header_value(value)) for name, value in headers if value is not None]
    if block and kept[0] != ("WARC-Type", "request"):
        kept.append(("WARC-Block-Digest", sha256_label(block)))
    kept.append(("Content-Length", str(len(block))))
    head = StatusAndHeaders("", kept, protocol=VERSION).to_bytes(encoding="utf-8")
    press = zlib.compressobj(level, zlib.DEFLATED, 31)
    return b"".join((press.compress(head), press.compress(block), press.compress(b"\r\n\r\n"), press.flush()))


@dataclass(frozen=True)
class Record:
    """A WARC record as read: its headers in order, its block, and where it lies."""

    headers: tuple[tuple[str, str], ...]
    block: bytes
    locator: Locator

    def header(self, name: str) -> str | None:
        """The first header of this name (any case)."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    @property
    def type(self) -> str:
        """WARC-Type in lower case: warcinfo, response, revisit, request, metadata, resource, conversion."""
        return (self.header("WARC-Type") or "").lower()

    @property
    def uri(self) -> str:
        """WARC-Record-ID without angle brackets."""
        return (self.header("WARC-Record-ID") or "").strip("<> ")

    @property
    def target(self) -> str | None:
        """WARC-Target-URI without the angle brackets that some writers put round it."""
        value = self.header("WARC-Target-URI")
        return value.strip("<> ") if value else None

    @property
    def date(self) -> datetime:
        """WARC-Date."""
        return parse_date(self.header("WARC-Date") or "")


def decode(plain: bytes, locator: Locator) -> Record:
    """The record in a decompressed gzip member; IntegrityError when headers, lengths or the end mark do not fit."""
    end = plain.find(b"\r\n\r\n")
    where = f"{locator.warc}:{locator.offset}"
    if end < 0 or not plain.startswith(b"WARC/"):
        raise IntegrityError(f"{where}: not a WARC record")
    headers: list[tuple[str, str]] = []
    for line in plain[:end].decode("utf-8", "replace").split("\r\n")[1:]:
        name, _, value = line.partition(":")
        headers.append((name.strip(), value.strip()))
    length = next((value for name, value in headers if name.lower() == "content-length"), "")
    if not length.isdecimal() or plain[end + 4 + int(length) :] != b"\r\n\r\n":
        raise IntegrityError(f"{where}: Content-Length does not fit the record")
    return Record(tuple(headers), plain[end + 4 : end + 4 + int(length)], locator)


def block_digest_fits(record: Record) -> bool:
    """Whether WARC-Block-Digest (sha256) is the block's; only a request or an empty block may be without one."""
    stated = record.header("WARC-Block-Digest")
    if stated is None:
        return record.type == "request" or not record.block
    return stated == sha256_label(record.block)
