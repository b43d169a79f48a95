"""Which firing of which schedule is due now, from the tables alone: what makes every scheduler of a store agree.

A firing is an instant of a schedule's rule. Of several that are due for one portal only the newest runs (coalescing);
the unique row (portal, scheduled_at) of `due_run` is what keeps two schedulers from running it twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from archive import models
from schedules.cron import Rule
from schedules.schedule import Schedule

LOOK_BACK = (timedelta(hours=2), timedelta(days=2), timedelta(days=32), timedelta(days=366), timedelta(days=366 * 8 + 2))


@dataclass(frozen=True, slots=True)
class Firing:
    """A schedule is due: since when, and how many older firings it stands for."""

    schedule: Schedule
    at: datetime
    coalesced: int = 0


def due_firings(session: Session, schedules: Iterable[Schedule], now: datetime, *, at_once: bool = False) -> Iterator[Firing]:
    """The newest due firing of each portal. `at_once`: a schedule that never ran is due now, as of its last instant."""
    newest: dict[int, Firing] = {}
    for schedule in schedules:
        last = last_firing(session, schedule.portal_id, now)
        since = max(last, schedule.created_at) if last else schedule.created_at
        firing = _newest(schedule, since, now)
        if firing is None and last is None and at_once:
            firing = _newest(schedule, now - LOOK_BACK[-1], now)
            firing = Firing(schedule, firing.at) if firing else None
        best = newest.get(schedule.portal_id)
        if firing is not None and (best is None or firing.at > best.at):
            newest[schedule.portal_id] = firing
    yield from newest.values()


def last_firing(session: Session, portal_id: int, now: datetime) -> datetime | None:
    """When the portal's newest known firing was. Those of the future (the clock was set back)
    and those for suspected pages do not count."""
    mine = (models.DueRun.portal_id == portal_id, models.DueRun.scheduled_at <= now)
    newest = select(models.DueRun.scheduled_at).where(*mine).order_by(models.DueRun.scheduled_at.desc()).limit(100)
    return next((at for at in session.scalars(newest) if not is_extra(at)), None)


def outside_the_rule(schedule: Schedule, now: datetime) -> Firing:
    """A firing outside the rule, for suspected pages; its instant is no whole second, which no rule's is."""
    return Firing(schedule, now if now.microsecond else now + timedelta(microseconds=1))


def is_extra(at: datetime) -> bool:
    """Whether a firing was one for suspected pages."""
    return at.microsecond != 0


def claim(session: Session, firing: Firing, *, state: str = "due", note: str | None = None) -> models.DueRun | None:
    """Write the firing's row; None when another scheduler already has."""
    row = models.DueRun(
        schedule_id=firing.schedule.id,
        portal_id=firing.schedule.portal_id,
        scheduled_at=firing.at,
        state=state,
        note=note or (f"stands for {firing.coalesced} older firings too" if firing.coalesced else None),
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return None
    return row


def jitter(schedule: Schedule, at: datetime) -> timedelta:
    """How long after the firing its crawl starts: spread over the schedule's jitter, the same wherever it is computed."""
    digest = hashlib.sha256(f"{schedule.name} {int(at.timestamp())}".encode()).digest()
    return schedule.options.jitter * (int.from_bytes(digest[:4], "big") / 2**32)


def _newest(schedule: Schedule, since: datetime, now: datetime) -> Firing | None:
    """The newest firing in (since, now] whose jitter has passed. Looks back step by step: a long gap is not walked through."""

    def passed(rule: Rule, start: datetime) -> list[datetime]:
        instants = takewhile(lambda at: at <= now, rule.fires(start))
        return [at for at in instants if at + jitter(schedule, at) <= now]

    for step in LOOK_BACK:
        start = max(since, now - step)
        if found := passed(schedule.rule, start):
            return Firing(schedule, found[-1], len(found) - 1)
        if start == since:
            return None
    return None
