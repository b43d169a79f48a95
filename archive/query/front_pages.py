"""What a portal itself put in front at an instant: its home page, its listings, its sections with what each listed."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, ScalarSelect, Select, Text, and_, bindparam, func, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from archive.models import Instant
from archive.query.latest import portal_id
from archive.query.rows import local, table
from archive.urls import urlkey

_SAID = ("content", "redirect", "missing", "gone", "soft404", "redirect_home")  # an answer of the portal, not of a bad day


def front_pages(session: Session, portal: str, at: datetime) -> dict[str, Any]:
    """The `home` page and the `hubs` (pages of listings that name a section; the first of each section first), each with its
    captures next to an instant: `captured_before` with its `status`, and `captured_after`. None where there is none."""
    asked = {"portal": portal, "at": at}
    about = session.execute(select(table("portal")).where(table("portal").c.slug == portal)).mappings().one()
    key = urlkey(about["home"])
    home = session.execute(_home(), {**asked, "key": key}).mappings().one()
    hubs = [row for row in session.execute(_hubs(), asked).mappings() if row["urlkey"] != key and row["section"] is not None]
    beginnings = {row["section"]: row["id"] for row in reversed(hubs)}
    hubs.sort(key=lambda row: beginnings[row["section"]] != row["id"])
    return {
        "home": {"url": about["home"], **_captured(home, about["tz"])},
        "hubs": [{"url": row["url"], "section": row["section"], **_captured(row, about["tz"])} for row in hubs],
    }


def sections_at(session: Session, portal: str, at: datetime) -> list[dict[str, Any]]:
    """The sections that listings named when last looked at before an instant, and how many addresses each `listed` then: what
    was on a page of the listing at or before that look and again in it or later."""
    return [
        {"section": row.section, "listed": row.listed}
        for row in session.execute(_sections(), {"portal": portal, "at": at, "said": _SAID})
    ]


def day_of_capture(session: Session, capture: int) -> tuple[str, date]:
    """The portal for whose sake a capture was made, and the day of it there."""
    captures, visit, page, portals = map(table, ("capture", "visit", "page", "portal"))
    found = select(portals.c.slug, portals.c.tz, captures.c.at).join(page, page.c.portal_id == portals.c.id)
    found = found.join(visit, visit.c.page_id == page.c.id).join(captures, captures.c.visit_id == visit.c.id)
    row = session.execute(found.where(captures.c.id == capture)).one()
    return row.slug, local(row.at, row.tz).date()


def _captured(row: RowMapping, timezone: str) -> dict[str, Any]:
    return {
        "captured_before": local(row["before"], timezone),
        "captured_after": local(row["after"], timezone),
        "status": row["status"],
    }


@cache
def _home() -> Select[Any]:
    return select(*_near(bindparam("key", type_=Text)))


@cache
def _hubs() -> Select[Any]:
    page, sighting = table("page"), table("sighting")
    named = select(func.min(sighting.c.section)).where(sighting.c.hub_id == page.c.id).correlate(page).scalar_subquery()
    hubs = select(page.c.id, page.c.url, page.c.urlkey, named.label("section"), *_near(page.c.urlkey))
    return hubs.where(page.c.portal_id == portal_id(), page.c.role == "hub").order_by(page.c.id)


def _near(key: ColumnElement[str]) -> list[Any]:
    """The captures of an address next to the instant, out of the index of captures: what replay shows."""
    capture, at = table("capture"), bindparam("at", type_=Instant())

    def one(column: ColumnElement[Any], *when: ColumnElement[Any]) -> ScalarSelect[Any]:
        found = select(column).where(capture.c.urlkey == key, capture.c.withheld.is_(False), when[0])
        return found.order_by(when[1]).limit(1).correlate(table("page")).scalar_subquery()

    before, after = (capture.c.at <= at, capture.c.at.desc()), (capture.c.at > at, capture.c.at)
    return [
        one(capture.c.at, *before).label("before"),
        one(capture.c.status, *before).label("status"),
        one(capture.c.at, *after).label("after"),
    ]


@cache
def _sections() -> Select[Any]:
    page, visit, sighting = table("page"), table("visit"), table("sighting")
    began, ended = visit.alias("began"), visit.alias("ended")
    at = bindparam("at", type_=Instant())
    look = select(visit.c.at).where(visit.c.page_id == page.c.id, visit.c.variant == "", visit.c.at <= at)
    look = look.where(visit.c.outcome.in_(bindparam("said", expanding=True))).order_by(visit.c.at.desc()).limit(1)
    hub = select(page.c.id, look.correlate(page).scalar_subquery().label("looked"))
    # As a list of its own: for each of the thousands that a listing showed, its last look would be found anew.
    hubs = hub.where(page.c.portal_id == portal_id(), page.c.role == "hub").cte("hubs").prefix_with("MATERIALIZED")
    listed = func.count(sighting.c.urlkey.distinct(), type_=Integer).label("listed")
    shown = and_(ended.c.at >= hubs.c.looked, began.c.at <= at, sighting.c.section.is_not(None))
    return (
        select(sighting.c.section, listed)
        .select_from(hubs.join(sighting, sighting.c.hub_id == hubs.c.id))
        .join(began, began.c.id == sighting.c.first_visit)
        .join(ended, ended.c.id == sighting.c.last_visit)
        .where(shown)
        .group_by(sighting.c.section)
        .order_by(listed.desc(), sighting.c.section)
    )
