"""What the write path is given and gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal, Protocol

from archive.records import Reading
from archive.versioning import GoneRule

RunKind = Literal["crawl", "import", "backfill", "reextract"]
RunOutcome = Literal["ok", "unhealthy", "interrupted", "failed"]
ChangeKind = Literal["new", "edited", "moved", "replaced", "gone", "back"]


@dataclass(frozen=True, slots=True)
class PortalRecord:
    """A portal as the record needs it; `definition` is the text of its file, kept in the evidence too."""

    slug: str
    home: str
    name: str
    rules: str  # digest of the reading rules and the extractor
    extractor: str
    definition: str
    tz: str = "UTC"
    robots: Literal["obey", "override"] = "obey"
    robots_reason: str | None = None
    gone: GoneRule = field(default_factory=GoneRule)
    noise: tuple[str, ...] = ()  # regular expressions of lines that are furniture


@dataclass(frozen=True, slots=True)
class RunStart:
    """How a run began. `uid` and `started_at` are given by a rebuild; a crawl leaves them to ingest."""

    kind: RunKind = "crawl"
    scheduled_at: datetime | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    uid: str | None = None
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of a visit, once it is committed."""

    page: str  # the page's id
    state: Literal["live", "suspected", "gone"]
    change: ChangeKind | None = None
    version: int | None = None  # n of the version that the visit brought or that still stands
    suspected: bool = False  # this visit was the first that found the page missing


@dataclass(slots=True)
class Retold:
    """What telling timelines again under other rules did: a rule change, not a publisher's."""

    pages: int = 0
    captures: int = 0  # read again
    as_before: int = 0  # captures of these whose pages read as before in all they ever said, so that nothing was told again
    unread: int = 0  # could not be read again: file missing or page unreadable
    merged: int = 0  # versions that only the old rules took for another text

    def __add__(self, other: Retold) -> Retold:
        return Retold(*(getattr(self, item.name) + getattr(other, item.name) for item in fields(self)))


class Reader(Protocol):
    """Reads a payload under the rules in force: `crawler.extraction.read` with its portal bound."""

    def __call__(self, body: bytes, *, url: str, content_type: str | None, at: datetime) -> Reading:
        """`body` is the entity without any coding."""
        ...
