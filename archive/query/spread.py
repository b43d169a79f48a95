"""How far apart in time are the looks that a portal at an instant is put together from?"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from archive.models import Instant
from archive.query.latest import portal_id
from archive.query.rows import local, table


def spread(session: Session, portal: str, at: datetime) -> dict[str, Any]:
    """The oldest and the newest of the last looks before an instant, of all articles then in force; how many these are."""
    row = session.execute(_spread(), {"portal": portal, "at": at}).one()
    return {"first": local(row.first, row.tz), "last": local(row.last, row.tz), "pages": row.pages}


@cache
def _spread() -> Select[Any]:
    page, portals, visit = table("page"), table("portal"), table("visit")
    at = bindparam("at", type_=Instant())
    looked = select(visit.c.at).where(visit.c.page_id == page.c.id, visit.c.variant == "", visit.c.at <= at)
    looked = looked.order_by(visit.c.at.desc()).limit(1).correlate(page)
    # Pages that were not looked at since tell it by themselves; the others take a step into the index of visits each.
    before = case(
        (page.c.last_visit_at <= at, page.c.last_visit_at), else_=func.coalesce(looked.scalar_subquery(), page.c.first_seen)
    )
    seen = select(before.label("at")).where(page.c.portal_id == portal_id(), page.c.role == "article", page.c.first_seen <= at)
    # As a list of its own: put into the question around it, each of three answers would be looked up anew.
    each = seen.where(_stood()).cte("each_look").prefix_with("MATERIALIZED")
    first, last = (end(each.c.at, type_=Instant()) for end in (func.min, func.max))
    zone = select(portals.c.tz).where(portals.c.id == portal_id()).scalar_subquery().label("tz")
    return select(first.label("first"), last.label("last"), func.count().label("pages"), zone).select_from(each)


def _stood() -> Any:
    """That a page had not moved on at that instant. Only of those that ever did is the version then in force looked up."""
    page, visit, run, version = map(table, ("page", "visit", "run", "version"))
    own = page.alias("own")  # whose rules are looked up here: asked of each page outside, the index would not be enough
    sent_on = select(visit.c.page_id).join(run, run.c.id == visit.c.run_id)
    sent_on = sent_on.where(run.c.portal_id == portal_id(), visit.c.outcome == "redirect")
    state = (
        select(version.c.state)
        .join(own, and_(own.c.id == version.c.page_id, own.c.rules_id == version.c.rules_id))
        .where(version.c.page_id == page.c.id, version.c.variant == "")
        .where(version.c.first_at <= bindparam("at", type_=Instant()))
        .order_by(version.c.n.desc())
        .limit(1)
        .correlate(page)
        .scalar_subquery()
    )
    return or_(and_(page.c.moved_to_id.is_(None), page.c.id.not_in(sent_on)), state != "redirect")
