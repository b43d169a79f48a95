"""Figures: how fast texts are rewritten, when a portal publishes, how much its sections were edited."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from sqlalchemy.orm import Session

from archive import query
from archive.web.asked import Asked
from archive.web.charts import curves, histogram, week
from archive.web.view import View

# Hours; the steps grow so that minutes and months fit in one picture.
_STEPS = ((1, "under 1 h"), (6, "1-6 h"), (24, "6-24 h"), (72, "1-3 d"), (168, "3-7 d"), (720, "7-30 d"), (8760, "30-365 d"))
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def stats(asked: Asked, session: Session) -> View:
    """The figures of one portal or of all."""
    portal = asked.text("portal")
    query.check_names(session, portal=portal)
    hours = asked.remembered(session, query.first_edits, portal=portal)
    counted = asked.remembered(session, query.week, portal=portal)
    bars = _bars(hours)
    ages = asked.remembered(session, query.survival, portal=portal)
    lines = [(row["age"], (row["unchanged"], row["served"])) for row in ages]
    sections = asked.remembered(session, query.sections, portal=portal)
    first = {
        "edited": len(hours),
        "median_first_edit_h": round(median(hours), 1) if hours else None,
        "bars": [{"first_edit": name, "articles": count} for name, count in bars],
    }
    rows = [
        {"weekday": DAYS[day], "hour": hour, "new": count} for day, row in enumerate(counted) for hour, count in enumerate(row)
    ]
    return View(
        "stats.html",
        "Figures",
        {**first, "ages": ages, "week": rows, "sections": sections},
        {
            **first,
            "median_seconds": median(hours) * 3600 if hours else None,
            "first_chart": histogram(bars, "Articles by time from first sight to first edit") if hours else None,
            "ages": ages,
            "ages_chart": curves(lines, ("unchanged", "served"), "Shares of texts unchanged and of pages served, by age")
            if ages
            else None,
            "week_chart": week(counted, "New articles by weekday and hour") if any(map(any, counted)) else None,
            "counted": list(zip(DAYS, counted, strict=True)),
            "sections": sections,
            "portals": query.portal_names(session),
            "chosen": portal,
        },
        rows=rows,
        keys=("weekday", "hour", "new"),
    )


def _bars(hours: Sequence[float]) -> list[tuple[str, int]]:
    bars, low = [], 0.0
    for high, name in (*_STEPS, (float("inf"), "over 1 y")):
        bars.append((name, sum(low <= value < high for value in hours)))
        low = high
    return bars
