"""How fast texts are rewritten, and at which hours of the week a portal publishes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, func, select, type_coerce
from sqlalchemy.orm import Session

from archive.instants import EPOCH
from archive.query.calendar import QUARTER
from archive.query.rows import local, table


def first_edits(session: Session, portal: str | None = None) -> list[float]:
    """For each article that was edited: hours from its first sight to the first sight of an edit that is told."""
    change, page, portals = map(table, ("change", "page", "portal"))
    first = func.min(type_coerce(change.c.at, BigInteger)).label("at")
    edits = select(change.c.page_id, first).where(change.c.kind == "edited", change.c.muted.is_(None))
    if portal is not None:
        edits = edits.where(change.c.portal_id == select(portals.c.id).where(portals.c.slug == portal).scalar_subquery())
    edit = edits.group_by(change.c.page_id).subquery("edit")
    query = select(edit.c.at - type_coerce(page.c.first_seen, BigInteger)).join(edit, edit.c.page_id == page.c.id)
    query = query.where(page.c.role == "article", page.c.first_seen.is_not(None))
    return sorted(max(0.0, span / 1_000_000 / 3600) for span in session.execute(query).scalars())


def week(session: Session, portal: str | None = None) -> list[list[int]]:
    """New articles by weekday (Monday first) and hour of first sight, in the portal's own time. A portal's first crawl,
    which finds what was there before, is left out."""
    change, portals, version, visit, run = map(table, ("change", "portal", "version", "visit", "run"))
    quarter = (type_coerce(change.c.at, BigInteger) // QUARTER).label("quarter")
    earliest = select(func.min(run.c.id)).group_by(run.c.portal_id)
    query = (
        select(quarter, portals.c.tz, func.count())
        .join(portals, portals.c.id == change.c.portal_id)
        .join(version, version.c.id == change.c.to_id)
        .join(visit, visit.c.id == version.c.first_visit)
        .where(change.c.kind == "new", visit.c.run_id.not_in(earliest))
        .group_by(quarter, portals.c.tz)
    )
    if portal is not None:
        query = query.where(portals.c.slug == portal)
    counted = [[0] * 24 for _ in range(7)]
    for at, zone, count in session.execute(query):
        here: Any = local(EPOCH + timedelta(microseconds=int(at) * QUARTER), zone)
        counted[here.weekday()][here.hour] += count
    return counted
