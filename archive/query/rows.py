"""The shapes of the answers: exactly the keys of docs/reference/json.md. Instants are aware, in the portal's own zone."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypedDict
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Table

from archive.models import Base


class PageRow(TypedDict):
    """A line of `list`."""

    page: str
    portal: str
    url: str
    sections: list[str]
    headline: str | None
    datePublished: str | None
    inLanguage: str | None
    state: str
    versions: int
    first_seen: datetime | None
    last_seen: datetime | None


class VersionRow(TypedDict):
    """A line of `log`."""

    version: int
    kind: str | None
    fields: list[str]
    words_added: int
    words_removed: int
    not_before: datetime | None
    seen_at: datetime
    last_seen: datetime
    visits: int


class VisitRow(TypedDict):
    """A line of `log --all`."""

    at: datetime
    outcome: str
    status: int | None
    basis: str
    error: str | None
    run: str
    version: int | None


class ChangeRow(TypedDict):
    """A line of `changes`; `from` and `to` are versions, `from` of the same page or null. `from_url` and
    `from_page` say where a moved one was."""

    portal: str
    page: str
    url: str
    from_url: str | None
    from_page: str | None
    sections: list[str]
    headline: str | None
    inLanguage: str | None
    kind: str
    fields: list[str]
    words_added: int
    words_removed: int
    to: int
    not_before: datetime | None
    detected_at: datetime
    significance: float
    why: str
    declared: str
    muted: bool


class GoneRow(TypedDict):
    """A line of `gone`."""

    page: str
    url: str
    portal: str
    headline: str | None
    inLanguage: str | None
    state: str
    first_missing_at: datetime | None
    visits: int
    last_status: int | None
    last_good: str | None
    redirects_to: str | None


class LinkRow(TypedDict):
    """A line of `links`. `page` and `version` are the page that carries the link; `archived` the target's reference."""

    page: str
    version: int
    kind: str
    url: str | None
    title: str | None
    outlet: str | None
    date: str | None
    lang: str | None
    archived: str | None
    state: str | None


class RunRow(TypedDict):
    """A line of the list of runs."""

    run: str
    portal: str
    kind: str
    outcome: str
    scheduled_at: datetime | None
    started_at: datetime
    ended_at: datetime | None
    visits: int
    reasons: list[str]
    stats: dict[str, Any]


class PortalRow(TypedDict):
    """A line of `portal list`."""

    portal: str
    name: str
    home: str
    timezone: str
    paused: bool
    robots: str
    robots_reason: str | None
    articles: int
    gone: int
    last_run: datetime | None
    last_outcome: str | None


def table(name: str) -> Table:
    """A table of the record by name."""
    return Base.metadata.tables[name]


def local(at: datetime | None, timezone: str) -> Any:
    """The instant in the portal's zone (UTC where the zone is not known here)."""
    if at is None:
        return None
    try:
        return at.astimezone(ZoneInfo(timezone))
    except (ZoneInfoNotFoundError, ValueError):
        return at
