"""How fast texts are rewritten, and at which hours of the week a portal publishes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, func, select, type_coerce
from sqlalchemy.orm import Session

from archive.instants import EPOCH
from archive.query.calendar import QUARTER
from archive.query.rows import local, table
from archive.query.told import told

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Hours; the steps grow so that minutes and months fit in one picture.
_STEPS = (
    (1, "under 1 h"),
    (6, "1-6 h"),
    (24, "6-24 h"),
    (72, "1-3 d"),
    (168, "3-7 d"),
    (720, "7-30 d"),
    (8760, "30-365 d"),
    (float("inf"), "over 1 y"),
)


def first_edits(session: Session, portal: str | None = None) -> list[float]:
    """For each article that was edited: hours from its first sight to the first sight of an edit that is told."""
    change, page, portals, version = map(table, ("change", "page", "portal", "version"))
    first = func.min(type_coerce(change.c.at, BigInteger)) - type_coerce(page.c.first_seen, BigInteger)
    query = select(first).join(page, page.c.id == change.c.page_id).join(version, version.c.id == change.c.to_id)
    query = query.where(change.c.kind == "edited", *told(change, page, version))
    query = query.where(page.c.role == "article", page.c.first_seen.is_not(None)).group_by(page.c.id, page.c.first_seen)
    if portal is not None:
        query = query.where(change.c.portal_id == select(portals.c.id).where(portals.c.slug == portal).scalar_subquery())
    return sorted(max(0.0, span / 1_000_000 / 3600) for span in session.execute(query).scalars())


def first_edit_rows(hours: Sequence[float]) -> list[dict[str, Any]]:
    """How many articles were first edited within which time: the bars of `first_edits`."""
    bars, low = [], 0.0
    for high, name in _STEPS:
        bars.append({"first_edit": name, "articles": sum(low <= value < high for value in hours)})
        low = high
    return bars


def week(session: Session, portal: str | None = None) -> list[list[int]]:
    """New articles by weekday (Monday first) and hour of first sight, in the portal's own time. A portal's first crawl,
    which finds what was there before, is left out."""
    change, portals, version, visit, run, page = map(table, ("change", "portal", "version", "visit", "run", "page"))
    quarter = (type_coerce(change.c.at, BigInteger) // QUARTER).label("quarter")
    earliest = select(func.min(run.c.id)).group_by(run.c.portal_id)
    query = (
        select(quarter, portals.c.tz, func.count())
        .join(portals, portals.c.id == change.c.portal_id)
        .join(version, version.c.id == change.c.to_id)
        .join(page, page.c.id == change.c.page_id)
        .join(visit, visit.c.id == version.c.first_visit)
        .where(change.c.kind == "new", visit.c.run_id.not_in(earliest), *told(change, page, version))
        .group_by(quarter, portals.c.tz)
    )
    if portal is not None:
        query = query.where(portals.c.slug == portal)
    counted = [[0] * 24 for _ in range(7)]
    for at, zone, count in session.execute(query):
        here: Any = local(EPOCH + timedelta(microseconds=int(at) * QUARTER), zone)
        counted[here.weekday()][here.hour] += count
    return counted


def week_rows(counted: Sequence[Sequence[int]]) -> list[dict[str, Any]]:
    """The same, a row an hour of the week."""
    return [
        {"weekday": DAYS[day], "hour": hour, "new": count} for day, row in enumerate(counted) for hour, count in enumerate(row)
    ]
