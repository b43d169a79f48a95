"""A portal as it stood at an instant: which articles were known, in which version, and how well that is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from archive.query.latest import latest_days, published_since
from archive.query.rows import local, table
from archive.query.sections import in_section, sections_of


def as_of(
    session: Session, portal: str, at: datetime, *, section: str | None = None, limit: int | None = None, offset: int = 0
) -> list[dict[str, Any]]:
    """Articles seen at or before `at`, the newest first, each in the version then in force. `seen_before` and `seen_after`
    are the visits next to the instant: between them the page may have been anything. `state` is content, gone or
    blocked; a page that had moved on is told at its new address."""
    page, portals, version, reading = map(table, ("page", "portal", "version", "reading"))
    mine = and_(version.c.page_id == page.c.id, version.c.rules_id == page.c.rules_id, version.c.variant == "")
    mine_id = select(portals.c.id).where(portals.c.slug == portal).scalar_subquery()
    last = select(func.max(version.c.n)).where(mine, version.c.first_at <= at).correlate(page).scalar_subquery()
    text = (
        select(version.c.reading_id)
        .where(mine, version.c.first_at <= at, version.c.state == "content")
        .order_by(version.c.n.desc())
        .limit(1)
        .correlate(page)
        .scalar_subquery()
    )
    query = (
        select(page.c.id, page.c.key, page.c.url, portals.c.tz, version.c.n, version.c.state, version.c.first_at)
        .add_columns(reading.c.headline, reading.c.lang, reading.c.published_on)
        .join(portals, portals.c.id == page.c.portal_id)
        .join(version, and_(mine, version.c.n == last))
        .outerjoin(reading, reading.c.id == text)
        .where(page.c.portal_id == mine_id, page.c.role == "article", version.c.state != "redirect")
        .where(page.c.first_seen <= at)  # before anything is looked up for the pages that came later
        .order_by(func.coalesce(reading.c.published_on, "").desc(), page.c.id.desc())
    )
    if section is not None:
        query = query.where(in_section(section, reading))
    rows = _rows(session, query.offset(offset or None), limit, offset, (at + timedelta(days=1)).date().isoformat())
    sections, seen = sections_of(session, [row["id"] for row in rows]), _seen(session, [row["id"] for row in rows], at)
    return [
        {
            "page": row["key"],
            "version": row["n"],
            "url": row["url"],
            "headline": row["headline"],
            "inLanguage": row["lang"],
            "datePublished": row["published_on"],
            "sections": sections.get(row["id"], []),
            "state": row["state"],
            "since": local(row["first_at"], row["tz"]),
            "seen_before": local(seen.get(row["id"], (None, None))[0], row["tz"]),
            "seen_after": local(seen.get(row["id"], (None, None))[1], row["tz"]),
        }
        for row in rows
    ]


def _rows(session: Session, query: Select[Any], limit: int | None, offset: int, until: str) -> Sequence[RowMapping]:
    """The rows, out of the latest days where that is enough."""
    if limit is None:
        return session.execute(query).mappings().all()
    for first in latest_days(session, limit + offset, until):
        rows = session.execute(query.where(*published_since(first)).limit(limit)).mappings().all()
        if len(rows) == limit:
            return rows
    return session.execute(query.limit(limit)).mappings().all()


def _seen(session: Session, pages: list[int], at: datetime) -> dict[int, tuple[datetime | None, datetime | None]]:
    """The last visit at or before an instant and the first after it, of each of these pages that was visited itself."""
    visit = table("visit")
    found: dict[int, tuple[datetime | None, datetime | None]] = {}
    before = func.max(visit.c.at, type_=visit.c.at.type).filter(visit.c.at <= at)
    after = func.min(visit.c.at, type_=visit.c.at.type).filter(visit.c.at > at)
    for start in range(0, len(pages), 5000):
        mine = visit.c.page_id.in_(pages[start : start + 5000])
        for row in session.execute(select(visit.c.page_id, before, after).where(mine).group_by(visit.c.page_id)):
            found[row[0]] = (row[1], row[2])
    return found
