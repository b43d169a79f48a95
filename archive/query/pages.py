"""`list`: the articles of the archive."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from archive.query.latest import latest_days, published_since
from archive.query.reference import resolve
from archive.query.rows import PageRow, local, table
from archive.query.sections import in_section, sections_of


def pages(
    session: Session,
    *,
    portal: str | None = None,
    section: str | None = None,
    lang: str | None = None,
    state: str | Sequence[str] | None = None,
    limit: int | None = None,
    offset: int = 0,
    role: str | None = "article",
) -> list[PageRow]:
    """Pages with at least one version, newest first by date published, then by first sight. A page that moved on is not
    listed: its work is, at its new address."""
    page, portals, reading = table("page"), table("portal"), table("reading")
    query = _listing().where(page.c.moved_to_id.is_(None), page.c.first_seen.is_not(None))
    if role is not None:
        query = query.where(page.c.role == role)
    if portal is not None:
        query = query.where(page.c.portal_id == select(portals.c.id).where(portals.c.slug == portal).scalar_subquery())
    if state:
        query = query.where(page.c.state.in_([state] if isinstance(state, str) else state))
    if lang is not None:
        query = query.where(reading.c.lang == lang.lower())
    if section is not None:
        query = query.where(in_section(section, reading))
    query = query.order_by(func.coalesce(reading.c.published_on, "").desc(), page.c.first_seen.desc(), page.c.id.desc())
    query = query.offset(offset or None)
    if limit and not state:
        for first in latest_days(session, limit + offset):
            rows = session.execute(query.where(*published_since(first)).limit(limit)).mappings().all()
            if len(rows) == limit:
                return _page_rows(session, rows)
    rows = session.execute(query.limit(limit) if limit else query).mappings().all()
    return _page_rows(session, rows)


def page(session: Session, ref: str) -> PageRow:
    """The line of `list` for one page."""
    found = resolve(session, ref).page
    return _page_rows(session, session.execute(_one(), {"page": found["id"]}).mappings().all())[0]


@cache
def _one() -> Select[Any]:
    """The line of one page. Built once: every page of the viewer asks it."""
    return _listing().where(table("page").c.id == bindparam("page"))


def _listing() -> Select[Any]:
    """Pages with their newest text."""
    page, portals, version, reading = map(table, ("page", "portal", "version", "reading"))
    mine = and_(version.c.page_id == page.c.id, version.c.variant == "", version.c.rules_id == page.c.rules_id)
    # By the index of versions for each page that is listed: as a join they would be counted for all pages first.
    last = select(func.max(version.c.n)).where(mine).correlate(page)
    shown = version.alias("shown")
    return (
        select(
            page,
            portals.c.slug.label("portal"),
            portals.c.tz,
            last.scalar_subquery().label("versions"),
            reading.c.headline,
            reading.c.published_on,
            reading.c.article,
            reading.c.section,
            reading.c.lang,
        )
        .join(portals, portals.c.id == page.c.portal_id)
        .outerjoin(
            shown,
            (shown.c.page_id == page.c.id)
            & (shown.c.rules_id == page.c.rules_id)
            & (shown.c.variant == "")
            & (shown.c.n == last.where(version.c.state == "content").scalar_subquery()),
        )
        .outerjoin(reading, reading.c.id == shown.c.reading_id)
    )


def _page_rows(session: Session, rows: Sequence[RowMapping]) -> list[PageRow]:
    sections = sections_of(session, [row["id"] for row in rows])
    return [
        PageRow(
            page=row["key"],
            portal=row["portal"],
            url=row["url"],
            sections=sections.get(row["id"]) or ([row["section"]] if row["section"] else []),
            headline=row["headline"],
            datePublished=((row["article"] or {}).get("datePublished") or {}).get("value"),
            inLanguage=row["lang"],
            state=row["state"],
            versions=row["versions"] or 0,
            first_seen=local(row["first_seen"], row["tz"]),
            last_seen=local(row["last_seen"], row["tz"]),
        )
        for row in rows
    ]
