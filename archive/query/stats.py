"""`stats`: counts and series of articles, edits and removals, by portal, section or day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from statistics import median
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.query.changes import changes
from archive.query.pages import pages
from archive.query.rows import ChangeRow, PageRow, table

By = Literal["portal", "section", "day"]
_COUNTED = ("new", "edited", "moved", "replaced", "gone", "back")


def stats(
    session: Session,
    *,
    by: By = "portal",
    portal: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[dict[str, Any]]:
    """One row a portal, section or day: articles, changes by kind, pages gone now, the median hours from first sight to
    first edit, and the changes a day as a series (oldest first) for a small chart."""
    told = changes(session, portal=portal, since=since, until=until)
    if by == "day":
        return _by_day(told)
    listed = pages(session, portal=portal)
    names = {row["page"]: _names(row, by) for row in listed}
    grouped: dict[str, list[ChangeRow]] = defaultdict(list)
    for change in told:
        for name in names.get(change["page"]) or _names(change, by):
            grouped[name].append(change)
    articles = Counter(name for row in listed for name in names[row["page"]])
    gone = Counter(name for row in listed if row["state"] == "gone" for name in names[row["page"]])
    first_seen = {row["page"]: row["first_seen"] for row in listed}
    days = _days(told)
    rows = []
    for name in sorted({*articles, *grouped}):
        kinds = Counter(change["kind"] for change in grouped[name])
        rows.append(
            {
                by: name,
                "articles": articles[name],
                **{kind: kinds[kind] for kind in _COUNTED if kind != "gone"},
                "gone": gone[name],
                "median_first_edit_h": _first_edit(grouped[name], first_seen),
                "series": _series(grouped[name], days),
            }
        )
    return rows


def totals(session: Session) -> dict[str, int]:
    """How much the record holds."""
    names = ("portal", "run", "page", "visit", "capture", "payload", "version", "change")
    return {name: session.execute(select(func.count()).select_from(table(name))).scalar_one() for name in names}


def _names(row: PageRow | ChangeRow, by: By) -> list[str]:
    return (row["sections"] or ["(none)"]) if by == "section" else [row["portal"]]


def _by_day(told: Iterable[ChangeRow]) -> list[dict[str, Any]]:
    days: dict[str, Counter[str]] = defaultdict(Counter)
    for change in told:
        days[change["detected_at"].date().isoformat()][change["kind"]] += 1
    return [{"day": day, **{kind: days[day][kind] for kind in _COUNTED}} for day in sorted(days)]


def _days(told: Iterable[ChangeRow]) -> list[str]:
    """Every day from the first change to the last, at most the last 30."""
    seen = sorted(change["detected_at"].date() for change in told)
    if not seen:
        return []
    length = min((seen[-1] - seen[0]).days + 1, 30)
    return [(seen[-1] - timedelta(days=back)).isoformat() for back in reversed(range(length))]


def _series(told: Iterable[ChangeRow], days: list[str]) -> list[int]:
    counted = Counter(change["detected_at"].date().isoformat() for change in told)
    return [counted[day] for day in days]


def _first_edit(told: Iterable[ChangeRow], first_seen: dict[str, datetime | None]) -> float | None:
    firsts: dict[str, datetime] = {}
    for change in told:
        if change["kind"] == "edited":
            firsts[change["page"]] = min(change["detected_at"], firsts.get(change["page"], change["detected_at"]))
    spans = [(at - seen).total_seconds() / 3600 for page, at in firsts.items() if (seen := first_seen.get(page)) is not None]
    return round(median(spans), 1) if spans else None
