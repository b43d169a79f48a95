"""`stats`: counts and series of articles, edits and removals, by portal, section or day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import cache
from statistics import median
from typing import Any, Literal

from sqlalchemy import BigInteger, func, select, type_coerce
from sqlalchemy.orm import Session

from archive.instants import EPOCH
from archive.query.calendar import COUNTED, QUARTER, changes_per_day, day_rows
from archive.query.latest import last_text
from archive.query.rows import table
from archive.query.sections import sections_of
from archive.query.told import told
from archive.query.zone import zone_of

By = Literal["portal", "section", "day"]
_SERIES = 30  # days
_CHUNK = 5000  # pages asked about at once


@dataclass(frozen=True, slots=True)
class _Change:
    page: int
    kind: str
    at: int  # microseconds since the epoch
    day: date


def stats(
    session: Session,
    *,
    by: By = "portal",
    portal: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    zone: tzinfo | None = None,
) -> list[dict[str, Any]]:
    """One row a portal, section or day: articles, changes by kind, pages gone now, the median hours from first sight to
    first edit, and the changes a day as a series (oldest first) for a small chart. Days are those of the `zone`, by default
    of the view (`zone_of`)."""
    zone = zone or zone_of(session, portal)
    if by == "day":
        return day_rows(changes_per_day(session, portal=portal, since=since, until=until, zone=zone))
    changes = _changes(session, portal, since, until, zone)
    pages = _pages(session, portal)
    listed = [row for row in pages.values() if _is_listed(row)]
    sections = sections_of(session, pages) if by == "section" else {}
    stated = _stated(session, [page for page in pages if page not in sections]) if by == "section" else {}

    def names(row: Any) -> Sequence[str]:
        if by == "portal":
            return (row.portal,)
        return sections.get(row.id) or (stated.get(row.id) or "(none)",)

    grouped: dict[str, list[_Change]] = defaultdict(list)
    for change in changes:
        for name in names(pages[change.page]):
            grouped[name].append(change)
    articles = Counter(name for row in listed for name in names(row))
    gone = Counter(name for row in listed if row.state == "gone" for name in names(row))
    first_seen = {row.id: row.first_seen for row in listed}
    days = _days(changes)
    rows = []
    for name in sorted({*articles, *grouped}):
        kinds = Counter(change.kind for change in grouped[name])
        rows.append(
            {
                by: name,
                "articles": articles[name],
                **{kind: kinds[kind] for kind in COUNTED if kind != "gone"},
                "gone": gone[name],
                "median_first_edit_h": _first_edit(grouped[name], first_seen),
                "series": _series(grouped[name], days),
            }
        )
    return rows


def totals(session: Session) -> dict[str, int]:
    """How much the record holds."""
    names = ("portal", "run", "page", "visit", "capture", "payload", "version", "change")
    return {name: session.execute(select(func.count()).select_from(table(name))).scalar_one() for name in names}


def _changes(
    session: Session, portal: str | None, since: datetime | None, until: datetime | None, zone: tzinfo
) -> list[_Change]:
    """Those that `changes` lists, in little: texts are not read for counting."""
    change, portals, page, version = map(table, ("change", "portal", "page", "version"))
    query = select(change.c.page_id, change.c.kind, type_coerce(change.c.at, BigInteger).label("at"))
    query = query.join(page, page.c.id == change.c.page_id).join(version, version.c.id == change.c.to_id)
    query = query.where(*told(change, page, version))
    if portal is not None:
        query = query.where(change.c.portal_id == select(portals.c.id).where(portals.c.slug == portal).scalar_subquery())
    if since is not None:
        query = query.where(change.c.at >= since)
    if until is not None:
        query = query.where(change.c.at <= until)

    @cache
    def day(quarter: int) -> date:
        return (EPOCH + timedelta(microseconds=quarter * QUARTER)).astimezone(zone).date()

    return [_Change(row.page_id, row.kind, int(row.at), day(int(row.at) // QUARTER)) for row in session.execute(query)]


def _pages(session: Session, portal: str | None) -> dict[int, Any]:
    """Articles and documents by id."""
    page, portals = table("page"), table("portal")
    first_seen = type_coerce(page.c.first_seen, BigInteger).label("first_seen")
    columns = (page.c.id, page.c.role, page.c.state, page.c.moved_to_id)
    query = select(*columns, first_seen, portals.c.slug.label("portal")).join(portals, portals.c.id == page.c.portal_id)
    query = query.where(page.c.role.in_(("article", "document")))
    if portal is not None:
        query = query.where(portals.c.slug == portal)
    return {row.id: row for row in session.execute(query)}


def _stated(session: Session, pages: Sequence[int]) -> dict[int, str | None]:
    """The section that the newest text of each page states: asked only of those that no listing showed."""
    page, version, reading = map(table, ("page", "version", "reading"))
    mine = (version.c.page_id == page.c.id, version.c.rules_id == page.c.rules_id, version.c.variant == "")
    query = select(page.c.id, reading.c.section).join(version, version.c.page_id == page.c.id)
    query = query.join(reading, reading.c.id == version.c.reading_id).where(*mine, version.c.n == last_text())
    found: dict[int, str | None] = {}
    for start in range(0, len(pages), _CHUNK):
        some = query.where(page.c.id.in_(pages[start : start + _CHUNK]))
        found |= {row.id: row.section for row in session.execute(some)}
    return found


def _is_listed(row: Any) -> bool:
    """Whether `pages` lists it."""
    return row.role == "article" and row.moved_to_id is None and row.first_seen is not None


def _days(changes: Iterable[_Change]) -> list[date]:
    """Every day from the first change to the last, at most the last 30."""
    seen = {change.day for change in changes}
    if not seen:
        return []
    length = min((max(seen) - min(seen)).days + 1, _SERIES)
    return [max(seen) - timedelta(days=back) for back in reversed(range(length))]


def _series(changes: Iterable[_Change], days: list[date]) -> list[int]:
    counted = Counter(change.day for change in changes)
    return [counted[day] for day in days]


def _first_edit(changes: Iterable[_Change], first_seen: dict[int, int]) -> float | None:
    firsts: dict[int, int] = {}
    for change in changes:
        if change.kind == "edited":
            firsts[change.page] = min(change.at, firsts.get(change.page, change.at))
    spans = [(at - first_seen[page]) / 3_600_000_000 for page, at in firsts.items() if page in first_seen]
    return round(median(spans), 1) if spans else None
