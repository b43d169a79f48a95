"""When a schedule is due: a crontab expression or a phrase, its time zone, its words, its APScheduler trigger. PURE.

APScheduler's own `CronTrigger.from_crontab` counts Monday as 0 and joins the two day fields by AND; here the fields are
read as crontab(5) says and handed over spelt out.

When clocks change (cron(8)): an expression whose minute and hour are fixed runs once a day: a time that the change skips
runs at the same distance from midnight (02:30 becomes 03:30), a time that it repeats runs at its first occurrence only.
An expression with `*` in minute or hour follows the wall clock: skipped times do not run, repeated times run twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from archive.errors import UsageError
from archive.instants import EPOCH
from schedules import crontab, phrases, wording
from schedules.crontab import KINDS, WEEKDAYS, Crontab


@dataclass(frozen=True, slots=True)
class Rule:
    """A schedule's rule: what was written, and exactly one of `crontab` and `span`."""

    spec: str
    timezone: str
    crontab: Crontab | None
    span: timedelta | None

    @property
    def cron(self) -> str | None:
        """The crontab expression that says the same; None where crontab cannot ("every 45 min")."""
        return self.crontab.text if self.crontab else None

    @property
    def words(self) -> str:
        """What was understood: "Sundays 06:00 Asia/Baku"."""
        if self.crontab is not None:
            return f"{wording.crontab_words(self.crontab)} {self.timezone}"
        return wording.interval_words(self.span or timedelta())

    def trigger(self) -> BaseTrigger:
        """The same rule as an APScheduler trigger."""
        if self.crontab is not None:
            return CrontabTrigger(self.crontab, zone(self.timezone))
        seconds = int((self.span or timedelta()).total_seconds())
        return IntervalTrigger(seconds=seconds, start_date=EPOCH, timezone=UTC)

    def fires(self, after: datetime) -> Iterator[datetime]:
        """Instants at which it is due, strictly after an aware instant, in order, in the schedule's time zone."""
        trigger, local = self.trigger(), zone(self.timezone)
        moment = after
        while True:
            due: datetime | None = trigger.get_next_fire_time(None, moment.astimezone(UTC) + timedelta(microseconds=1))
            if due is None:
                return
            moment = due
            yield due.astimezone(UTC).astimezone(local)

    def next_fire(self, after: datetime) -> datetime | None:
        """The first instant strictly after `after`; None when there is none."""
        return next(self.fires(after), None)


def parse(spec: str, timezone: str = "UTC") -> Rule:
    """Understand a schedule: "every 30 min" and its like, a crontab(5) expression, or an @nickname."""
    zone(timezone)
    said = phrases.parse(spec) if spec.strip().lower().startswith("every") else spec
    if isinstance(said, timedelta):
        return Rule(spec, timezone, None, said)
    return Rule(spec, timezone, crontab.parse(said), None)


def zone(name: str) -> tzinfo:
    """The time zone of this IANA name; UsageError when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(f"unknown time zone {name!r}", hint="an IANA name: Asia/Baku, Europe/London, UTC") from error


class CrontabTrigger(BaseTrigger):  # type: ignore[misc]  # APScheduler 3 is untyped
    """crontab(5) as an APScheduler trigger."""

    def __init__(self, rule: Crontab, local: tzinfo) -> None:
        self.rule = rule
        self.local = local
        every_day, every_weekday = KINDS[2].everything(), KINDS[4].everything()
        day_pairs = [(rule.days, rule.weekdays)]
        if rule.either_day:
            day_pairs = [(rule.days, every_weekday), (every_day, rule.weekdays)]
        self.inner = OrTrigger([self._one(days, weekdays) for days, weekdays in day_pairs])

    def _one(self, days: frozenset[int], weekdays: frozenset[int]) -> CronTrigger:
        rule = self.rule
        return CronTrigger(
            minute=_numbers(rule.minutes),
            hour=_numbers(rule.hours),
            day=_numbers(days),
            month=_numbers(rule.months),
            day_of_week=",".join(WEEKDAYS[day] for day in sorted(weekdays)),
            second=0,
            timezone=self.local,
        )

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """The next instant at or after `now` (APScheduler's contract), passing over those a clock change takes away."""
        due: datetime | None = self.inner.get_next_fire_time(previous_fire_time, now)
        while due is not None and not self._runs(due):
            due = self.inner.get_next_fire_time(due, due.astimezone(UTC) + timedelta(microseconds=1))
        return due

    def _runs(self, due: datetime) -> bool:
        real = due.astimezone(UTC).astimezone(self.local)
        if self.rule.wildcard:
            return real.hour in self.rule.hours and real.minute in self.rule.minutes
        return not (real.fold and real.replace(fold=0).utcoffset() != real.utcoffset())


def _numbers(values: frozenset[int]) -> str:
    return ",".join(str(value) for value in sorted(values))
