"""`list`: the articles of the archive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

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
    role: str | None = "article",
) -> list[PageRow]:
    """Pages with at least one version, newest first by date published, then by first sight. A page that moved on is not
    listed: its work is, at its new address."""
    page, portals, reading = table("page"), table("portal"), table("reading")
    query = _listing().where(page.c.moved_to_id.is_(None), page.c.first_seen.is_not(None))
    if role is not None:
        query = query.where(page.c.role == role)
    if portal is not None:
        query = query.where(portals.c.slug == portal)
    if state:
        query = query.where(page.c.state.in_([state] if isinstance(state, str) else state))
    if lang is not None:
        query = query.where(reading.c.lang == lang.lower())
    if section is not None:
        query = query.where(in_section(section, reading))
    query = query.order_by(func.coalesce(reading.c.published_on, "").desc(), page.c.first_seen.desc(), page.c.id.desc())
    rows = session.execute(query.limit(limit) if limit else query).mappings().all()
    return _page_rows(session, rows)


def page(session: Session, ref: str) -> PageRow:
    """The line of `list` for one page."""
    found = resolve(session, ref).page
    rows = session.execute(_listing(found["id"]).where(table("page").c.id == found["id"])).mappings().all()
    return _page_rows(session, rows)[0]


def _listing(page_id: int | None = None) -> Select[Any]:
    """Pages with their newest text. `page_id`: of that page only, so that the ends of all others are not looked for."""
    page, portals, version, reading = map(table, ("page", "portal", "version", "reading"))
    ends = (
        select(version.c.page_id, func.max(version.c.n).label("versions"))
        .add_columns(func.max(version.c.n).filter(version.c.state == "content").label("content"))
        .join(page, (page.c.id == version.c.page_id) & (page.c.rules_id == version.c.rules_id))
        .where(version.c.variant == "", *(() if page_id is None else (version.c.page_id == page_id,)))
        .group_by(version.c.page_id)
        .subquery()
    )
    shown = version.alias("shown")
    return (
        select(
            page,
            portals.c.slug.label("portal"),
            portals.c.tz,
            ends.c.versions,
            reading.c.headline,
            reading.c.published_on,
            reading.c.article,
            reading.c.section,
            reading.c.lang,
        )
        .join(portals, portals.c.id == page.c.portal_id)
        .outerjoin(ends, ends.c.page_id == page.c.id)
        .outerjoin(
            shown,
            (shown.c.page_id == page.c.id)
            & (shown.c.rules_id == page.c.rules_id)
            & (shown.c.variant == "")
            & (shown.c.n == ends.c.content),
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
