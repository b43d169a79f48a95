"""The pages one begins with: home, a portal, about."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session

from archive import __version__, query
from archive.cli.list import KEYS as PAGE_KEYS
from archive.errors import NotFound
from archive.web.asked import Asked
from archive.web.charts import calendar
from archive.web.lists import feed_of
from archive.web.looked import cookie, since
from archive.web.openapi import filters_of
from archive.web.view import View

STATES = ("live", "suspected", "gone")
NEWEST = 25  # changes on the home page
KINDS = ("new", "edited", "moved", "replaced", "gone", "back")


def home(asked: Asked, session: Session) -> View:
    """When was something changed, what changed last, which portals are kept."""
    days, drawn, years, year = _days(asked, session)
    wanted = asked.window.limit if asked.format != "html" else NEWEST
    latest = asked.remembered(session, query.changes, blocks=asked.format in ("atom", "feed.json"), limit=wanted)
    portals = asked.remembered(session, query.portals)
    rows = query.day_rows(days)
    looked, mark = since(asked, session, datetime.now(UTC))
    news = query.counted_since(session, looked) if looked is not None else None
    return View(
        "home.html",
        "What changed",
        {"portals": portals, "changes": latest, "days": rows, "since": {"at": looked, **news} if news is not None else None},
        {
            "portals": portals,
            "changes": latest,
            "days": list(reversed(rows)),
            "calendar": drawn,
            "year": year,
            "years": years,
            "looked": looked,
            "news": news,
            "several": len(portals) > 1,
        },
        rows=rows,
        keys=("day", *KINDS),
        feed=feed_of(asked, "Changes", latest),
        cookie=cookie(mark) if mark is not None else None,
    )


def portal(asked: Asked, session: Session) -> View:
    """A portal: its sections, its rhythm, its articles."""
    asked.only(filters_of("/portals/{portal}.json"))
    slug = asked.path["portal"]
    found = next((row for row in asked.remembered(session, query.portals) if row["portal"] == slug), None)
    if found is None:
        query.check_names(session, portal=slug)
        raise NotFound(f"no portal {slug!r}")
    section = asked.section(session, slug)
    state, lang = asked.words("state", STATES), asked.text("lang")
    limits = {"limit": asked.window.limit, "offset": asked.window.offset}
    listed, more = asked.window.cut(
        asked.remembered(session, query.pages, portal=slug, section=section, state=state, lang=lang, **limits)
    )
    sections = asked.remembered(session, query.sections, portal=slug)
    days, drawn, years, year = _days(asked, session, slug)
    feed = asked.format in ("atom", "feed.json")
    latest = asked.remembered(session, query.changes, portal=slug, section=section, blocks=feed, limit=200 if feed else 8)
    title = f"Changes of {found['name']}" + (f": {section}" if section else "")
    return View(
        "portal.html",
        found["name"],
        {**found, "sections": sections, "pages": listed},
        {
            "portal": found,
            "sections": sections,
            "pages": listed,
            "more": more,
            "changes": latest,
            "calendar": drawn,
            "days": list(reversed(query.day_rows(days))),
            "year": year,
            "years": years,
            "chosen": {"section": section, "state": state[0] if state else None, "lang": lang},
            "runs": asked.remembered(session, query.runs, portal=slug, limit=5),
        },
        rows=listed,
        keys=PAGE_KEYS,
        feed=feed_of(asked, title, latest),
    )


def about(asked: Asked, session: Session) -> View:
    """What this archive holds, and what it can and cannot show."""
    totals = asked.remembered(session, query.totals)
    data = {"version": __version__, "holds": totals}
    return View("about.html", "About this archive", data, {"totals": totals})


def _days(asked: Asked, session: Session, portal: str | None = None) -> tuple[dict[date, Any], Markup, list[int], int | None]:
    """Changes by day of the year asked for, the same drawn, the years there are, the year."""
    years = query.years_of_change(session, portal)
    if not years:
        return {}, Markup(), [], None
    year = asked.number("year", years[-1], 9999)
    if year not in years:
        raise NotFound(f"no change in {year}", hint=f"changes were seen from {years[0]} to {years[-1]}")
    return *asked.remembered(session, _year, portal=portal, year=year), years, year


def _year(session: Session, *, portal: str | None, year: int) -> tuple[dict[date, Any], Markup]:
    days = query.changes_per_day(session, portal=portal, year=year)
    return days, calendar(days, year, f"portal={portal}" if portal is not None else "")
