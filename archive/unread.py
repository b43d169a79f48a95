"""A capture that is to be read again: a value that travels to the process that reads it, and finds its bytes there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from archive.as_before import AsBefore, Held
from archive.errors import IntegrityError
from archive.message import decoded, parse_response
from archive.records import Locator, Reading
from archive.warc import read_record

_LIMIT = 64 * 1024 * 1024  # bytes of a decoded body


@dataclass(frozen=True, slots=True)
class Unread:
    """Where the record of a capture lies, the page and time it was asked for, and the reading that is held of it (None:
    nothing to compare with)."""

    evidence: Path
    locator: Locator
    url: str
    at: datetime
    held: Held | None = field(default=None, compare=False)


Reread = Reading | AsBefore


def entity_of(wanted: Unread) -> tuple[bytes, str | None] | None:
    """The body without any coding and its Content-Type; None where the record is missing or damaged (`verify` tells it)."""
    try:
        message = parse_response(read_record(wanted.evidence, wanted.locator).block)
    except IntegrityError:
        return None
    return decoded(message, _LIMIT).body, message.header("Content-Type")
