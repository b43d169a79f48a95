"""How much happened on which day, for calendars: counted by the database, told in the portal's own days."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, and_, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from archive.instants import EPOCH
from archive.query.rows import local, table

QUARTER = 900_000_000  # microseconds; every zone's offset is a multiple of a quarter of an hour since 1972


def changes_per_day(session: Session, *, portal: str | None = None, year: int | None = None) -> dict[date, Counter[str]]:
    """Changes of articles that are told (not muted), by day and kind; of one year with `year`, else of all."""
    change, portals, page, version = map(table, ("change", "portal", "page", "version"))
    quarter = (type_coerce(change.c.at, BigInteger) // QUARTER).label("quarter")
    query = (
        select(quarter, portals.c.tz, change.c.kind, func.count())
        .join(portals, portals.c.id == change.c.portal_id)
        .join(page, page.c.id == change.c.page_id)
        .join(version, version.c.id == change.c.to_id)
        .where(change.c.muted.is_(None), page.c.role == "article")
        .where(or_(version.c.rules_id == page.c.rules_id, version.c.page_id != change.c.page_id))
        .group_by(quarter, portals.c.tz, change.c.kind)
    )
    if portal is not None:
        query = query.where(portals.c.slug == portal)
    if year is not None:
        start = datetime(year, 1, 1, tzinfo=UTC)
        query = query.where(change.c.at.between(start - timedelta(days=1), start.replace(year=year + 1) + timedelta(days=1)))
    days: dict[date, Counter[str]] = defaultdict(Counter)
    for at, zone, kind, count in session.execute(query):
        day = local(EPOCH + timedelta(microseconds=int(at) * QUARTER), zone).date()
        if year is None or day.year == year:
            days[day][kind] += count
    return dict(sorted(days.items()))


def counted_since(session: Session, since: datetime, *, most: int = 1000) -> dict[str, int]:
    """How many changes of articles that are told were found since an instant, by kind; `most + 1` where there are more, so
    that no count reads the whole record. (`changes(since=…)` lists them.)"""
    change, page, version = map(table, ("change", "page", "version"))
    told = (
        select(change.c.kind)
        .join(page, page.c.id == change.c.page_id)
        .join(version, version.c.id == change.c.to_id)
        .where(change.c.at >= since, change.c.muted.is_(None))
        .where(or_(version.c.rules_id == page.c.rules_id, version.c.page_id != change.c.page_id))
    )
    told = told.where(or_(page.c.role == "article", and_(page.c.role == "document", change.c.kind != "new")))
    found: dict[str, int] = {}
    for kind in ("edited", "moved", "replaced", "gone", "back", "new"):
        some = told.where(change.c.kind == kind).limit(most + 1).subquery()
        found[kind] = session.execute(select(func.count()).select_from(some)).scalar_one()
    return found


def years_of_change(session: Session, portal: str | None = None) -> list[int]:
    """The years from the first change to the last, oldest first."""
    change, portals = table("change"), table("portal")
    ends = [select(end(change.c.at, type_=change.c.at.type)) for end in (func.min, func.max)]
    if portal is not None:
        mine = select(portals.c.id).where(portals.c.slug == portal).scalar_subquery()
        ends = [end.where(change.c.portal_id == mine) for end in ends]
    first, last = (session.execute(end).scalar() for end in ends)  # one each: so both are ends of an index
    return list(range(first.year, last.year + 1)) if first is not None and last is not None else []


def sections(session: Session, portal: str | None = None) -> list[dict[str, Any]]:
    """The sections of a portal as its listings name them: how many articles each showed, and how many are gone."""
    sighting, page, portals = map(table, ("sighting", "page", "portal"))
    shown = (
        select(sighting.c.section, page.c.id, page.c.state)
        .join(page, page.c.id == sighting.c.page_id)
        .where(sighting.c.section.is_not(None), page.c.role == "article", page.c.moved_to_id.is_(None))
        .distinct()
    )
    if portal is not None:
        shown = shown.where(page.c.portal_id == select(portals.c.id).where(portals.c.slug == portal).scalar_subquery())
    each = shown.subquery("shown")
    query = (
        select(each.c.section, func.count().label("articles"), func.count().filter(each.c.state == "gone").label("gone"))
        .group_by(each.c.section)
        .order_by(func.count().desc(), each.c.section)
    )
    return [{"section": row.section, "articles": row.articles, "gone": row.gone} for row in session.execute(query)]
