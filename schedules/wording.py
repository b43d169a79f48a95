"""A crontab expression in words, so that a person sees what was understood: "Sundays 06:00". PURE."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from schedules.crontab import KINDS, Crontab

WEEKDAY_NAMES = ("Sundays", "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays")
MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MINUTE, _HOUR, _DAY, _MONTH, _WEEKDAY = (kind.everything() for kind in KINDS)


def crontab_words(rule: Crontab) -> str:
    """Days first, then times: "Mondays to Fridays 08:30", "every 30 min 06:00-24:00", "the 13th or Fridays 00:00"."""
    days, times, fixed = _days(rule), _times(rule), _are_moments(rule)
    if not days:
        return f"daily {times}" if fixed else times
    return f"{days} {times}"


def interval_words(span: timedelta) -> str:
    """The span in its largest whole unit."""
    minutes = int(span.total_seconds() // 60)
    for size, unit in ((1440, "day"), (60, "hour")):
        if minutes % size == 0:
            count = minutes // size
            return f"every {count} {unit}s" if count > 1 else f"every {unit}"
    return f"every {minutes} min"


def _are_moments(rule: Crontab) -> bool:
    return len(rule.minutes) * len(rule.hours) <= 6


def _times(rule: Crontab) -> str:
    if _are_moments(rule):
        return ", ".join(f"{hour:02}:{minute:02}" for hour in sorted(rule.hours) for minute in sorted(rule.minutes))
    hours = sorted(rule.hours)
    every = _even(rule.minutes, 60)
    if len(rule.minutes) == 1:
        past = f" at :{min(rule.minutes):02}" if min(rule.minutes) else ""
        step = hours[1] - hours[0]
        if step > 1 and hours == list(range(hours[0], hours[-1] + 1, step)):
            whole_day = hours[0] == 0 and 24 % step == 0 and hours[-1] + step == 24
            span = "" if whole_day else f" {hours[0]:02}:00-{hours[-1]:02}:59"
            return f"every {step} hours{past}{span}"
        frequency = "hourly" + past
    elif every:
        frequency = "every minute" if every == 1 else f"every {every} min"
    else:
        frequency = "at minutes " + _listed(str(minute) for minute in sorted(rule.minutes))
    if rule.hours == _HOUR:
        return frequency
    if hours == list(range(hours[0], hours[-1] + 1)):
        return f"{frequency} {hours[0]:02}:00-{hours[-1] + 1:02}:00"
    return f"{frequency} of the hours {_listed(f'{hour:02}' for hour in hours)}"


def _days(rule: Crontab) -> str:
    month_days = "" if rule.days == _DAY else "the " + _listed(_ordinal(day) for day in sorted(rule.days))
    weekdays = _weekdays(rule.weekdays)
    months = "" if rule.months == _MONTH else " in " + _listed(MONTH_NAMES[month - 1] for month in sorted(rule.months))
    if month_days and weekdays:
        joined = f"{month_days} or {weekdays}" if rule.either_day else f"{weekdays} that are {month_days}"
    else:
        joined = month_days or weekdays or ("daily" if months else "")
    if month_days and not weekdays and not months:
        joined += " of the month"
    return joined + months


def _weekdays(days: frozenset[int]) -> str:
    if days == _WEEKDAY:
        return ""
    if days == {1, 2, 3, 4, 5}:
        return "Mondays to Fridays"
    return _listed(WEEKDAY_NAMES[day] for day in sorted(days, key=lambda day: (day - 1) % 7))


def _even(values: frozenset[int], size: int) -> int | None:
    step = size // len(values)
    return step if len(values) > 1 and values == frozenset(range(0, size, step)) else None


def _ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _listed(items: Iterable[str]) -> str:
    *most, last = items
    return f"{', '.join(most)} and {last}" if most else last
