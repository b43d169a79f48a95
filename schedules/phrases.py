"""Schedules said in words ("every 30 min", "every sunday at 06:00"): the crontab expression or interval they mean. PURE."""

from __future__ import annotations

import re
from datetime import timedelta

from archive.errors import UsageError

DAYS = {
    "day": "*",
    "weekday": "1-5",
    "weekend": "0,6",
    "sunday": "0",
    "monday": "1",
    "tuesday": "2",
    "wednesday": "3",
    "thursday": "4",
    "friday": "5",
    "saturday": "6",
}
HINT = 'say "every 30 min", "every 2 hours 06:00-22:00", "every day at 06:00", "every sunday at 6:00", or a crontab line'
_SPAN = re.compile(
    r"every\s+(?:(?P<count>\d+)\s*)?(?P<unit>min|mins|minute|minutes|m|hour|hours|h|day|days|d)"
    r"(?:\s+(?P<from>\d{1,2}):00\s*-\s*(?P<to>\d{1,2}):00)?"
)
_AT = re.compile(r"every\s+(?P<day>[a-z]+?)s?\s+at\s+(?P<hour>\d{1,2}):(?P<minute>\d\d)")


def parse(phrase: str) -> str | timedelta:
    """The crontab expression a phrase means, or a timedelta where crontab cannot say it ("every 45 min").

    Spans that divide the hour or the day become crontab expressions, so that they follow the local clock; the others
    are counted from 1970-01-01T00:00Z, so that every scheduler of a store counts alike.
    """
    text = " ".join(phrase.lower().split())
    if match := _AT.fullmatch(text):
        hour, minute = int(match["hour"]), int(match["minute"])
        if match["day"] not in DAYS or hour > 23 or minute > 59:
            raise UsageError(f"cannot read {phrase!r}", hint=HINT)
        return f"{minute} {hour} * * {DAYS[match['day']]}"
    if text.removeprefix("every ") in DAYS and text != "every day":
        return f"0 0 * * {DAYS[text.removeprefix('every ')]}"
    match = _SPAN.fullmatch(text)
    if match is None:
        raise UsageError(f"cannot read {phrase!r}", hint=HINT)
    count, unit = int(match["count"] or 1), match["unit"][0]
    if count == 0:
        raise UsageError(f"{phrase!r}: the span is 0", hint=HINT)
    hours = _hours(match["from"], match["to"], phrase)
    if unit == "m" and 60 % count == 0:
        return f"{f'*/{count}' if 1 < count < 60 else '*' if count == 1 else 0} {hours} * * *"
    if unit == "h" and 24 % count == 0:
        return f"0 {hours if count == 1 else f'{hours}/{count}' if count < 24 else 0} * * *"
    if unit == "d" and count == 1:
        return "0 0 * * *"
    if match["from"]:
        raise UsageError(f"{phrase!r}: hours of the day go with spans that divide the hour or the day", hint=HINT)
    return timedelta(minutes=count) if unit == "m" else timedelta(hours=count) if unit == "h" else timedelta(days=count)


def _hours(start: str | None, end: str | None, phrase: str) -> str:
    if start is None or end is None:
        return "*"
    low, high = int(start), int(end)
    if not 0 <= low < high <= 24:
        raise UsageError(f"{phrase!r}: the hours run from 00:00 to 24:00, the first before the last")
    return f"{low}-{high - 1}"
