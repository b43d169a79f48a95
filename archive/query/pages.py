"""`list`: the articles of the archive."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, bindparam, func, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from archive.query.latest import Lists, head, last_text, lists, pages_in_lang, portal_id, texts, walk
from archive.query.reference import resolve
from archive.query.rows import PageRow, local, table
from archive.query.sections import in_named_section, lowered, pages_of_section, sections_of


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
    asked: dict[str, Any] = {"portal": portal, "role": role, "section": section, "lang": lang.lower() if lang else None}
    asked["states"] = [state] if isinstance(state, str) else list(state or ())
    of = _lists(frozenset(name for name, value in asked.items() if value))
    asked |= lowered(section)
    if limit:
        return _page_rows(session, head(session, of, asked, limit, offset))
    rows = session.execute(of.every, asked).mappings().all()
    return _page_rows(session, rows[offset:])


def page(session: Session, ref: str) -> PageRow:
    """The line of `list` for one page."""
    found = resolve(session, ref).page
    return _page_rows(session, session.execute(_one(), {"page": found["id"]}).mappings().all())[0]


@cache
def _one() -> Select[Any]:
    """The line of one page. Built once: every page of the viewer asks it."""
    return _listing().where(table("page").c.id == bindparam("page"))


@cache
def _lists(given: frozenset[str]) -> Lists:
    """The lists with these filters."""
    page, portals, reading, version = map(table, ("page", "portal", "reading", "version"))
    states = page.c.state.in_(bindparam("states", expanding=True))
    conditions = {
        "role": page.c.role == bindparam("role"),
        "states": states,
        "lang": reading.c.lang == bindparam("lang"),
        "section": in_named_section(reading),
    }
    wanted: list[ColumnElement[bool]] = [page.c.moved_to_id.is_(None), page.c.first_seen.is_not(None)]
    wanted += [condition for name, condition in conditions.items() if name in given]
    pages_of = page.c.portal_id == portal_id() if "portal" in given else page.c.portal_id.in_(select(portals.c.id))
    newest_first = (func.coalesce(reading.c.published_on, "").desc(), page.c.first_seen.desc(), page.c.id.desc())
    walked = walk(texts(), portal="portal" in given).where(reading.c.published_on > "", version.c.n == last_text(), *wanted)
    choices = {
        "role": select(page.c.id).where(pages_of, page.c.role == bindparam("role")),
        "states": select(page.c.id).where(pages_of, states),
        "lang": pages_in_lang(portal="portal" in given),
        "section": pages_of_section(),
    }
    return lists(
        _listing(),
        select(page.c.id).select_from(_told()).where(pages_of, *wanted).order_by(*newest_first),
        [walked.order_by(reading.c.published_on.desc(), page.c.first_seen.desc(), page.c.id.desc())],
        [pages for name, pages in choices.items() if name in given],
    )


def _listing() -> Select[Any]:
    """Pages with their newest text."""
    page, portals, version, reading = map(table, ("page", "portal", "version", "reading"))
    # By the index of versions for each page that is listed: as a join they would be counted for all pages first.
    last = (
        select(func.max(version.c.n))
        .where(version.c.page_id == page.c.id, version.c.variant == "", version.c.rules_id == page.c.rules_id)
        .correlate(page)
        .scalar_subquery()
    )
    columns = (reading.c.headline, reading.c.published_on, reading.c.article, reading.c.section, reading.c.lang)
    return select(page, portals.c.slug.label("portal"), portals.c.tz, last.label("versions"), *columns).select_from(_told())


@cache
def _told() -> FromClause:
    page, portals, reading, shown = table("page"), table("portal"), table("reading"), table("version").alias("shown")
    mine = and_(shown.c.page_id == page.c.id, shown.c.rules_id == page.c.rules_id, shown.c.variant == "")
    newest = and_(mine, shown.c.n == last_text())
    told = page.join(portals, portals.c.id == page.c.portal_id).outerjoin(shown, newest)
    return told.outerjoin(reading, reading.c.id == shown.c.reading_id)


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
