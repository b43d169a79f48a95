"""crontab(5): what the five fields of an expression say, as sets of numbers. PURE.

The rules are those of the Vixie line of crons (Debian's, cronie): 0 and 7 are Sunday, names are the first three letters
in any case, a step needs a range or `*`, and a day matches when *either* day field does, unless one of them holds a `*`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass

from archive.errors import UsageError

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
NICKNAMES = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}


@dataclass(frozen=True, slots=True)
class FieldKind:
    """One of the five fields: its bounds, and the numbers its names stand for."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()
    first: int = 0  # the number of the first name

    def everything(self) -> frozenset[int]:
        """All its values; the week has 7 of them though it may be written 0-7."""
        return frozenset(range(self.low, 7 if self.name == "day of week" else self.high + 1))


KINDS = (
    FieldKind("minute", 0, 59),
    FieldKind("hour", 0, 23),
    FieldKind("day of month", 1, 31),
    FieldKind("month", 1, 12, MONTHS, 1),
    FieldKind("day of week", 0, 7, WEEKDAYS),
)
_ITEM = re.compile(r"(?P<star>\*)|(?P<low>\w+)(?:-(?P<high>\w+))?")


@dataclass(frozen=True, slots=True)
class Crontab:
    """An expression understood. Weekdays are 0-6 with Sunday 0."""

    text: str  # as written, nicknames spelt out
    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either_day: bool  # both day fields are restricted: one of them is enough
    wildcard: bool  # minute or hour begins with *: follows the new wall time at once when clocks change

    def day_matches(self, day: int, weekday: int) -> bool:
        """Whether a day of the month that is this weekday (Sunday 0) is one of its days."""
        if self.either_day:
            return day in self.days or weekday in self.weekdays
        return day in self.days and weekday in self.weekdays


def parse(expression: str) -> Crontab:
    """Understand a crontab expression or an @nickname; UsageError says which field is off and why."""
    text = " ".join(expression.split())
    if text.lower() == "@reboot":
        raise UsageError("@reboot is no time: a schedule needs one", hint='"@daily", "0 6 * * 0" or "every 30 min"')
    text = NICKNAMES.get(text.lower(), text)
    if text.startswith("@"):
        raise UsageError(f"unknown nickname {text}", hint="known: " + ", ".join(NICKNAMES))
    parts = text.split(" ")
    if len(parts) != len(KINDS):
        raise UsageError(
            f"a crontab expression has 5 fields, this has {len(parts)}: {text!r}",
            hint="minute hour day-of-month month day-of-week, as in: 0 6 * * 0",
        )
    minutes, hours, days, months, weekdays = (_values(part, kind) for part, kind in zip(parts, KINDS, strict=True))
    if 7 in weekdays:
        weekdays = (weekdays - {7}) | {0}
    either = "*" not in parts[2] and "*" not in parts[4]
    if not either and min(days) > max(monthrange(2024, month)[1] for month in months):
        raise UsageError(f"never happens: no month of {parts[3]} has a day {min(days)}")
    return Crontab(text, minutes, hours, days, months, weekdays, either, parts[0][0] == "*" or parts[1][0] == "*")


def _values(text: str, kind: FieldKind) -> frozenset[int]:
    values: set[int] = set()
    for item in text.split(","):
        body, slash, step = item.partition("/")
        match = _ITEM.fullmatch(body)
        if match is None:
            raise UsageError(f"{kind.name}: cannot read {item!r} in {text!r}")
        if match["star"]:
            low, high = kind.low, kind.high
        else:
            low = _number(match["low"], kind)
            high = _number(match["high"], kind) if match["high"] else low
            if slash and not match["high"]:
                raise UsageError(f"{kind.name}: a step needs a range: {body}-{kind.high}/{step}, not {item}")
        if high < low:
            raise UsageError(f"{kind.name}: the range {body} runs backwards")
        if slash and not (step.isascii() and step.isdigit() and int(step) > 0):
            raise UsageError(f"{kind.name}: the step in {item!r} is not a number above 0")
        values.update(range(low, high + 1, int(step) if slash else 1))
    return frozenset(values)


def _number(text: str, kind: FieldKind) -> int:
    if text.lower() in kind.names:
        return kind.names.index(text.lower()) + kind.first
    if not (text.isascii() and text.isdigit()) or not kind.low <= int(text) <= kind.high:
        names = f" or {kind.names[0]}..{kind.names[-1]}" if kind.names else ""
        raise UsageError(f"{kind.name}: {text} is not within {kind.low}-{kind.high}{names}")
    return int(text)
