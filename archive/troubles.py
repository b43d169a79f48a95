"""Does a portal still give what it used to? PURE: its runs and its rhythm in, what is wrong with it out.

One bad crawl may be chance; a trouble is what two crawls in a row say, what errors of the last crawls are too many to be
chance beside those before, or a silence too long for the portal's rhythm. It is over after two good crawls.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from archive import query
from archive.query import Rhythm, RunRow

IN_A_ROW = 2  # crawls that begin a trouble, and that end it
RECENT = 3  # crawls whose errors are compared with those of the crawls before
LOOK_BACK = 25  # crawls
LEAST = 50  # visits before, without which there is no "usual"
SIGMAS = 4.0  # by chance once in 30,000
SILENCE = 7.0  # articles that should have come in a silence; by chance none of 7 come once in a thousand (Poisson)
_BAD = frozenset({"unhealthy", "failed"})
RESTING = "asks to be left alone"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a portal. `kind`: blocked, layout, errors, failed, resting, rising or silent."""

    portal: str
    kind: str
    since: datetime
    message: str
    hint: str


def troubles(session: Session, now: datetime) -> list[Trouble]:
    """What is wrong with the portals of an archive, by portal; those that are paused do not count."""
    found = []
    for rhythm in query.rhythms(session, now):
        runs = [row for row in query.runs(session, portal=rhythm.portal, limit=LOOK_BACK) if row["kind"] == "crawl"]
        found += judged(rhythm, runs)
    return found


def judged(rhythm: Rhythm, runs: Sequence[RunRow]) -> list[Trouble]:
    """What is wrong with one portal: at most one thing from its crawls, and its silence. `runs`: crawls, the newest first."""
    ended = [row for row in runs if row["outcome"] != "running"]
    return [found for found in (_streak(rhythm.portal, ended) or _rising(rhythm.portal, ended), _silent(rhythm)) if found]


def _streak(portal: str, runs: Sequence[RunRow]) -> Trouble | None:
    """Bad crawls in a row, until as many good ones."""
    told = [row for row in runs if _is_bad(row) or row["outcome"] == "ok"]  # one that was interrupted says nothing
    good = 0
    for number, row in enumerate(told):
        good = 0 if _is_bad(row) else good + 1
        if good == IN_A_ROW:
            return None
        if not _is_bad(row):
            continue
        streak = 0
        while number + streak < len(told) and _is_bad(told[number + streak]):
            streak += 1
        if streak < IN_A_ROW:
            continue
        first = told[number + streak - 1]["started_at"]
        why = row["reasons"][0] if row["reasons"] else row["outcome"]
        message = f"{portal}: {streak} bad crawls in a row since {first:%Y-%m-%d %H:%M}: {why}"
        return Trouble(portal, _kind(row), first, message, f"onrecord portal check {portal}")
    return None


def _is_bad(row: RunRow) -> bool:
    return row["outcome"] in _BAD or (row["outcome"] == "interrupted" and RESTING in " ".join(row["reasons"]))


def _kind(row: RunRow) -> str:
    said = " ".join(row["reasons"])
    outcomes, visits = row["stats"].get("outcomes", {}), row["stats"].get("visits", 0)
    if row["outcome"] == "failed":
        return "failed"
    if RESTING in said:
        return "resting"
    if visits and outcomes.get("blocked", 0) > visits / 10:
        return "blocked"
    return "layout" if "layout" in said or "no listing" in said else "errors"


def _rising(portal: str, runs: Sequence[RunRow]) -> Trouble | None:
    """Errors of the last crawls, too many to be chance beside those before."""
    recent, before = runs[:RECENT], runs[RECENT:]
    failed, asked = _errors(recent)
    usual, of = _errors(before)
    if len(recent) < RECENT or of < LEAST or not asked:
        return None
    share = (usual + 1) / (of + 2)
    chance = asked * share + SIGMAS * math.sqrt(asked * share * (1 - share))
    if failed <= max(chance, 4):
        return None
    first = recent[-1]["started_at"]
    message = f"{portal}: errors rise: {failed} of {asked} visits in the last {RECENT} crawls (usual: {usual / of:.1%})"
    return Trouble(portal, "rising", first, message, f"onrecord runs --portal {portal}")


def _errors(runs: Sequence[RunRow]) -> tuple[int, int]:
    return sum(row["stats"].get("errors", 0) for row in runs), sum(row["stats"].get("visits", 0) for row in runs)


def _silent(rhythm: Rhythm) -> Trouble | None:
    """A portal that was crawled and brought nothing new for so long that at its usual rhythm it would be a rare chance."""
    if rhythm.last_new_at is None or rhythm.last_run_at is None or not rhythm.per_day:
        return None
    quiet = (rhythm.last_run_at - rhythm.last_new_at).total_seconds() / 86400
    if quiet < 1 or quiet * rhythm.per_day < SILENCE:
        return None
    usual = f"{rhythm.per_day:.0f} a day" if rhythm.per_day >= 1 else f"{rhythm.per_day * 7:.1f} a week"
    message = f"portal {rhythm.portal}: 0 new articles for {quiet:.0f} days (usual: {usual})"
    return Trouble(rhythm.portal, "silent", rhythm.last_new_at, message, f"onrecord portal check {rhythm.portal}")
