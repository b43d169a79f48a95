"""Figures: how fast texts are rewritten, when a portal publishes, how much its sections were edited."""

from __future__ import annotations

from statistics import median
from typing import Any

from sqlalchemy.orm import Session

from archive import query
from archive.cli.stats import COLUMNS
from archive.errors import UsageError
from archive.web.asked import Asked
from archive.web.charts import curves, histogram, week
from archive.web.view import View

# The data of each plot as `.csv`, and what the command line calls it.
TABLES = {"week": "hour", "first-edits": "first-edit", "ages": "age", "sections": "section"}
ALL_OF_IT = ("section", "since", "until")


def counted_over_all(session: Session, portal: str | None = None) -> tuple[list[float], list[list[int]], list[Any], list[Any]]:
    """What the figures of a page are drawn from: hours to first edits, new articles by hour of the week, survival by age,
    and the rows of sections. Together, so that they are remembered and renewed together."""
    return (
        query.first_edits(session, portal),
        query.week(session, portal),
        query.survival(session, portal),
        query.stats(session, by="section", portal=portal),
    )


def stats(asked: Asked, session: Session) -> View:
    """The figures of one portal or of all."""
    for name in ALL_OF_IT:  # a filter that is passed over looks like an answer
        if asked.text(name):
            raise UsageError(f"figures have no filter {name}: they are counted over all of a portal", hint="/stats?portal=ID")
    chosen = (asked.words("table", tuple(TABLES)) or ("week",))[0]
    portal = asked.text("portal")
    query.check_names(session, portal=portal)
    hours, counted, ages, sections = asked.remembered(session, counted_over_all, portal=portal)
    bars, hourly = query.first_edit_rows(hours), query.week_rows(counted)
    first = {"edited": len(hours), "median_first_edit_h": round(median(hours), 1) if hours else None, "bars": bars}
    lines = [(row["age"], (row["unchanged"], row["served"])) for row in ages]
    drawn = [(row["first_edit"], row["articles"]) for row in bars]
    tables = {"week": hourly, "first-edits": bars, "ages": ages, "sections": sections}
    return View(
        "stats.html",
        "Figures",
        {**first, "ages": ages, "week": hourly, "sections": sections},
        {
            **first,
            "median_seconds": median(hours) * 3600 if hours else None,
            "first_chart": histogram(drawn, "Articles by time from first sight to first edit") if hours else None,
            "ages": ages,
            "ages_chart": curves(lines, ("unchanged", "served"), "Shares of texts unchanged and of pages served, by age")
            if ages
            else None,
            "week_chart": week(counted, "New articles by weekday and hour") if any(map(any, counted)) else None,
            "counted": list(zip(query.DAYS, counted, strict=True)),
            "sections": sections,
            "portals": query.portal_names(session),
            "chosen": portal,
        },
        rows=tables[chosen],
        keys=COLUMNS[TABLES[chosen]],
    )
