"""How much happened on which day, for calendars: counted by the database, told in the days of the view (`zone_of`)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import BigInteger, func, select, type_coerce
from sqlalchemy.orm import Session

from archive.instants import EPOCH
from archive.query.rows import table
from archive.query.told import told
from archive.query.zone import zone_of

QUARTER = 900_000_000  # microseconds; every zone's offset is a multiple of a quarter of an hour since 1972
COUNTED = ("new", "edited", "moved", "replaced", "gone", "back")


def changes_per_day(
    session: Session,
    *,
    portal: str | None = None,
    year: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    zone: tzinfo | None = None,
) -> dict[date, Counter[str]]:
    """The changes that are told (not muted), by day and kind; of one year with `year`, else of all. Days are those of the
    `zone`, by default of the view (`zone_of`): so `changes` with the day as its period lists what is counted here."""
    zone = zone or zone_of(session, portal)
    change, portals, page, version = map(table, ("change", "portal", "page", "version"))
    quarter = (type_coerce(change.c.at, BigInteger) // QUARTER).label("quarter")
    query = (
        select(quarter, change.c.kind, func.count())
        .join(page, page.c.id == change.c.page_id)
        .join(version, version.c.id == change.c.to_id)
        .where(*told(change, page, version))
        .group_by(quarter, change.c.kind)
    )
    if portal is not None:
        query = query.where(change.c.portal_id == select(portals.c.id).where(portals.c.slug == portal).scalar_subquery())
    if year is not None:
        start = datetime(year, 1, 1, tzinfo=UTC)
        query = query.where(change.c.at.between(start - timedelta(days=1), start.replace(year=year + 1) + timedelta(days=1)))
    if since is not None:
        query = query.where(change.c.at >= since)
    if until is not None:
        query = query.where(change.c.at <= until)
    days: dict[date, Counter[str]] = defaultdict(Counter)
    for at, kind, count in session.execute(query):
        day = (EPOCH + timedelta(microseconds=int(at) * QUARTER)).astimezone(zone).date()
        if year is None or day.year == year:
            days[day][kind] += count
    return dict(sorted(days.items()))


def day_rows(days: Mapping[date, Mapping[str, int]]) -> list[dict[str, Any]]:
    """Changes by day as rows: those of `stats --by day`."""
    return [{"day": day.isoformat(), **{kind: count.get(kind, 0) for kind in COUNTED}} for day, count in days.items()]


def counted_since(session: Session, since: datetime, *, most: int = 1000) -> dict[str, int]:
    """How many changes that are told were found since an instant, by kind; `most + 1` where there are more, so that no
    count reads the whole record. (`changes(since=…)` lists them.)"""
    change, page, version = map(table, ("change", "page", "version"))
    recent = (
        select(change.c.kind)
        .join(page, page.c.id == change.c.page_id)
        .join(version, version.c.id == change.c.to_id)
        .where(change.c.at >= since, *told(change, page, version))
    )
    found: dict[str, int] = {}
    for kind in ("edited", "moved", "replaced", "gone", "back", "new"):
        some = recent.where(change.c.kind == kind).limit(most + 1).subquery()
        found[kind] = session.execute(select(func.count()).select_from(some)).scalar_one()
    return found


def years_of_change(session: Session, portal: str | None = None) -> list[int]:
    """The years from the first change to the last, oldest first, in the days of the view."""
    change, portals = table("change"), table("portal")
    ends = [select(end(change.c.at, type_=change.c.at.type)) for end in (func.min, func.max)]
    if portal is not None:
        mine = select(portals.c.id).where(portals.c.slug == portal).scalar_subquery()
        ends = [end.where(change.c.portal_id == mine) for end in ends]
    first, last = (session.execute(end).scalar() for end in ends)  # one each: so both are ends of an index
    if first is None or last is None:
        return []
    zone = zone_of(session, portal)
    return list(range(first.astimezone(zone).year, last.astimezone(zone).year + 1))


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
