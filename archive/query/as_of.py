"""A portal as it stood at an instant: which articles were known, in which version, and how well that is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, bindparam, func, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from archive.models import Instant
from archive.query.latest import LATER, Lists, head, last_text, lists, portal_id, texts, walk
from archive.query.rows import local, table
from archive.query.sections import in_named_section, lowered, pages_of_section, sections_of

Ends = tuple[datetime | None, datetime | None]


def as_of(
    session: Session, portal: str, at: datetime, *, section: str | None = None, limit: int | None = None, offset: int = 0
) -> list[dict[str, Any]]:
    """Articles seen at or before `at`, the newest first, each in the version then in force. `seen_before` and `seen_after`
    are the visits next to the instant: between them the page may have been anything. `state` is content, gone or
    blocked; a page that had moved on is told at its new address."""
    asked: dict[str, Any] = {
        "portal": portal,
        "at": at,
        "until": (at + timedelta(days=1)).date().isoformat(),
        **lowered(section),
    }
    of = _lists(section is not None)
    if limit is not None:
        rows: Sequence[RowMapping] = head(session, of, asked, limit, offset)
    else:
        rows = session.execute(of.every, asked).mappings().all()[offset:]
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
            "seen_before": local(_before(row, seen, at), row["tz"]),
            "seen_after": local(_after(row, seen, at), row["tz"]),
        }
        for row in rows
    ]


@cache
def _lists(section: bool) -> Lists:
    """Lists of the `portal` at an instant."""
    page, portals, version, reading = map(table, ("page", "portal", "version", "reading"))
    text, then = version.alias("text"), version.alias("then")
    at, until, day = bindparam("at", type_=Instant()), bindparam("until", type_=Text), reading.c.published_on
    pages_of, articles = page.c.portal_id == portal_id(), page.c.role == "article"
    # The first sight before anything is looked up for the pages that came later.
    wanted = [articles, page.c.first_seen <= at, *([in_named_section(reading)] if section else [])]

    def mine(of: Any) -> ColumnElement[bool]:
        return and_(of.c.page_id == page.c.id, of.c.rules_id == page.c.rules_id, of.c.variant == "")

    last = select(func.max(LATER.c.n)).where(mine(LATER), LATER.c.first_at <= at).correlate(page).scalar_subquery()
    in_force = and_(mine(then), then.c.n == last, then.c.state != "redirect")
    told = page.join(portals, portals.c.id == page.c.portal_id).join(then, in_force)
    told = told.outerjoin(text, and_(mine(text), text.c.n == last_text(until=True)))
    told = told.outerjoin(reading, reading.c.id == text.c.reading_id)
    of_page = (page.c.id, page.c.key, page.c.url, page.c.first_seen, page.c.last_visit_at)
    columns = (*of_page, portals.c.tz, then.c.n, then.c.state, then.c.first_at)
    walked = walk(texts().join(then, in_force), portal=True).where(version.c.first_at <= at, *wanted)
    walked = walked.where(version.c.n == last_text(until=True)).order_by(day.desc(), page.c.id.desc())
    return lists(
        select(*columns, reading.c.headline, reading.c.lang, day).select_from(told),
        select(page.c.id).select_from(told).where(pages_of, *wanted).order_by(func.coalesce(day, "").desc(), page.c.id.desc()),
        # Texts of later days, of which hardly one was known then, are asked apart: what they cost is to look at their times.
        [walked.where(day > until), walked.where(day > "", day <= until)],
        [select(page.c.id).where(pages_of, articles), *([pages_of_section()] if section else [])],
    )


def _before(row: RowMapping, seen: Mapping[int, Ends], at: datetime) -> datetime | None:
    """As `spread` counts it. A page seen by way of its old address has no visit of its own then, but was seen."""
    if row["last_visit_at"] <= at:
        return row["last_visit_at"]  # type: ignore[no-any-return]
    return seen.get(row["id"], (None, None))[0] or row["first_seen"]


def _after(row: RowMapping, seen: Mapping[int, Ends], at: datetime) -> datetime | None:
    return seen.get(row["id"], (None, None))[1] or (row["last_visit_at"] if row["last_visit_at"] > at else None)


def _seen(session: Session, pages: list[int], at: datetime) -> dict[int, Ends]:
    """The last visit at or before an instant and the first after it, of each of these pages that was visited itself."""
    visit = table("visit")
    found: dict[int, Ends] = {}
    before = func.max(visit.c.at, type_=visit.c.at.type).filter(visit.c.at <= at)
    after = func.min(visit.c.at, type_=visit.c.at.type).filter(visit.c.at > at)
    for start in range(0, len(pages), 5000):
        mine = visit.c.page_id.in_(pages[start : start + 5000])
        for row in session.execute(select(visit.c.page_id, before, after).where(mine).group_by(visit.c.page_id)):
            found[row[0]] = (row[1], row[2])
    return found
