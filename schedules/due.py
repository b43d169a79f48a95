"""Which known pages of a portal a crawl asks again now, and why: the archive's own history through the revisit policy.

The crawler finds `due_pages` by its entry point (`onrecord.revisits`, name `due`) and asks the addresses in the order given,
after listings, feeds and sitemaps, which have their own small budget: they are asked by every crawl.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

import numpy as np
from sqlalchemy.orm import Session

from archive import database, query
from archive.instants import EPOCH
from archive.query import RevisitPage
from archive.workspace import Workspace
from crawler.portal import Confirm, Portal
from schedules.revisit import FLOOR, Policy, longest

AGAIN = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
LEAST = 0.1  # of the daily budget goes to known pages, however many new ones there are
_HOUR = 3_600_000_000  # microseconds


@dataclass(frozen=True, slots=True)
class DuePage:
    """A page worth asking now. `in_budget` is False for suspected pages, which are asked on top."""

    page: str
    url: str
    why: str
    expected_unseen_edits: float
    last_seen: datetime
    in_budget: bool = True


def due_pages(workspace: Workspace, portal: Portal, *, limit: int | None = None, suspected_only: bool = False) -> Iterator[str]:
    """Addresses of known pages to ask now, best first, within what is left of the portal's requests for the day.

    With `suspected_only` those that were missing when last asked and whose next look is due.
    """
    with database.session(workspace, readonly=True) as session:
        now = datetime.now(UTC)
        if suspected_only:
            yield from [item.url for item in suspected_pages(session, portal, now)]
            return
        allowed = budget(session, portal, now)
        found = ranked(session, portal, now, allowed if limit is None else min(limit, allowed))
    for item in found:
        yield item.url


def suspected_pages(session: Session, portal: Portal, now: datetime) -> Iterator[DuePage]:
    """Pages that were missing when last asked and whose next look is due: after 10 minutes, 1, 6 and 24 hours, then at the
    end of the time over which the portal's rule wants a removal confirmed."""
    for item in query.revisit_pages(session, portal.about.id):
        if item.state == "suspected" and item.first_missing_at is not None:
            missing, asked = _instant(item.first_missing_at), _instant(item.last_visit_at)
            step = look_due(missing, asked, portal.gone.confirm, now)
            if step is not None:
                why = f"suspected gone since {missing:%Y-%m-%d %H:%M} UTC: asked again after {_said(step)}"
                yield DuePage(item.page, item.url, why, 1.0, asked, in_budget=False)


def look_due(missing: datetime, asked: datetime, confirm: Confirm, now: datetime) -> timedelta | None:
    """The look at a page missing since then that is due and not taken: how long after. PURE."""
    steps = (*AGAIN, confirm.at_once_over, confirm.over)
    passed = max((step for step in steps if missing + step <= now), default=None)
    return passed if passed is not None and asked < missing + passed else None


def budget(session: Session, portal: Portal, now: datetime) -> int:
    """Requests for known pages now: the share of the day's since the last crawl, less what was asked meanwhile.

    So a portal crawled every half hour spends a 48th of its `requests_per_day` each time, and one crawled daily all of it.
    New pages come first, but never take all: a tenth of the share is always left for known ones.
    """
    daily = portal.politeness.requests_per_day
    day = now - timedelta(days=1)
    left = daily - query.asked_since(session, portal.about.id, day)
    ended = (row["started_at"] for row in query.runs(session, portal=portal.about.id, limit=5) if row["outcome"] != "running")
    last = next(ended, day)
    share = daily * min(1.0, (now - last) / timedelta(days=1))
    return int(max(min(left, share), LEAST * share, 1))


def ranked(session: Session, portal: Portal, now: datetime, requests: int) -> list[DuePage]:
    """The pages to ask with so many requests, best first, suspected ones on top of them."""
    pages = list(query.revisit_pages(session, portal.about.id))
    again = list(suspected_pages(session, portal, now))
    resting = {item.page for item in again} | {item.page for item in pages if item.state == "suspected"}
    if not pages:
        return again
    policy = learned(session, portal, pages)
    hour = _hours_at(now)
    expected, priority = policy.expected(hour)
    priority[[number for number, item in enumerate(pages) if item.page in resting]] = -1.0
    longest_unseen = longest(policy.last, round(FLOOR * requests))
    first = priority.copy()
    first[longest_unseen[priority[longest_unseen] >= 0]] = np.inf
    chosen = [number for number in longest(-first, requests) if first[number] >= 0]
    return again + [_due(pages[number], expected[number], first[number] == np.inf, policy, number, hour) for number in chosen]


def learned(session: Session, portal: Portal, pages: list[RevisitPage]) -> Policy:
    """The policy after every look the archive has of these pages, run by run."""
    names = [item.section or item.role for item in pages]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    weights = {section.name: section.weight for section in portal.section}
    weight = np.array([weights.get(name, 1.0) for name in names])
    born = np.array([item.first_seen / _HOUR for item in pages])
    policy = Policy(np.array([numbers[name] for name in names], dtype=np.intp), born, weight)
    place = {item.id: number for number, item in enumerate(pages)}
    for _, batch in groupby(query.looks(session, portal.about.id), key=lambda look: look.run):
        seen = {place[look.page]: look for look in batch if look.page in place}  # the last look of a run counts
        at = max((look.at for look in seen.values()), default=0) / _HOUR
        again = [number for number in seen if policy.last[number] < at and born[number] < at]
        changed = np.array([seen[number].changed for number in again], dtype=bool)
        policy.observe(np.array(again, dtype=np.intp), at, changed)
    hinted = [(place[page], at / _HOUR) for page, at in query.hints(session, portal.about.id) if page in place]
    if hinted:
        policy.signalled(np.array([number for number, _ in hinted], dtype=np.intp), np.array([at for _, at in hinted]))
    return policy


def _due(item: RevisitPage, expected: float, floor: bool, policy: Policy, number: int, hour: float) -> DuePage:
    away = timedelta(hours=float(hour - policy.last[number]))
    if floor:
        why = f"unseen longest: {_said(away)}"
    elif policy.is_signalled(number):
        why = "a listing shows it under another title or date"
    else:
        why = f"{expected:.2g} edits expected in {_said(away)}"
    return DuePage(item.page, item.url, why, float(expected), _instant(item.last_visit_at))


def _instant(microseconds: int) -> datetime:
    return EPOCH + timedelta(microseconds=microseconds)


def _hours_at(now: datetime) -> float:
    return now.timestamp() / 3600


def _said(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes / 60:.0f} hours" if minutes < 2880 else f"{minutes / 1440:.0f} days"
