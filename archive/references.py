"""How a person names a page and a version of it: `a1f3c9`, a URL, `a1f3c9@2`, `@first`, `@{2018-11-27}`, `1..3`.

Pure: words in, values out; what they stand for in an archive is `archive.query`'s work.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal

from archive.errors import UsageError

Selector = int | Literal["first", "last"] | date
"""A version by number, by its end of the line, or by what was last seen at or before a day or an instant."""

_SELECTOR = r"(?:\d+|first|last|\{[^{}]*\})"
_VERSION = re.compile(rf"(?P<page>.+?)@(?P<range>{_SELECTOR}(?:\.\.{_SELECTOR})?)")
_RANGE = re.compile(rf"@?({_SELECTOR})\.\.@?({_SELECTOR})")
_MOST_DIGITS = 9  # of a version number: what every database can compare
_AGO = re.compile(r"(\d+)\s*(m|min|h|d|w|mo|y)")
_UNITS = {"m": 60, "min": 60, "h": 3600, "d": 86400, "w": 604800, "mo": 30 * 86400, "y": 365 * 86400}


@dataclass(frozen=True, slots=True)
class Reference:
    """A page (an id's beginning or a URL) and, where given, one version of it or two."""

    page: str
    first: Selector | None = None
    second: Selector | None = None  # of a range A..B


def reference(text: str) -> Reference:
    """Read a reference. An `@` inside a URL is part of it unless a selector follows as the last words."""
    text = text.strip()
    if not text:
        raise UsageError("an empty reference", hint="a page's id, say a1f3c9, or its URL")
    match = _VERSION.fullmatch(text)
    if match is None:
        if re.search(r"@[^/@]*$", text) and "://" not in text:
            raise UsageError(
                f"no version {text.rpartition('@')[2]!r}", hint="write @2, @first, @last or @{2018-11-27}", code="reference"
            )
        return Reference(text)
    start, _, end = match["range"].partition("..")
    return Reference(match["page"], selector(start), selector(end) if end else None)


def version_range(text: str) -> tuple[Selector, Selector]:
    """Read `1..3`, `first..last`, `{2018-11-26}..{2018-11-29}`."""
    match = _RANGE.fullmatch(text.strip())
    if match is None:
        raise UsageError(f"no range {text!r}", hint="write 1..3, first..last or {2018-11-26}..{2018-11-29}", code="reference")
    return selector(match[1]), selector(match[2])


def selector(text: str) -> Selector:
    """Read one selector, without its `@`."""
    if text.isdecimal() and text.isascii():
        if len(text) > _MOST_DIGITS:
            raise UsageError(
                f"no version has a number of {len(text)} digits", hint="write @2, @first or @last", code="reference"
            )
        return int(text)
    if text == "first":
        return "first"
    if text == "last":
        return "last"
    inner = text.removeprefix("{").removesuffix("}").strip()
    try:
        return datetime.fromisoformat(inner) if len(inner) > 10 else date.fromisoformat(inner)
    except ValueError as error:
        raise UsageError(f"no date {inner!r}", hint="write 2018-11-27 or 2018-11-27T18:40+04:00", code="reference") from error


def instant_of(when: date, zone: tzinfo) -> datetime:
    """The instant a dated selector means: a day means its end, a time without offset is the zone's."""
    if isinstance(when, datetime):
        return when if when.tzinfo else when.replace(tzinfo=zone)
    return datetime.combine(when + timedelta(days=1), time(), zone) - timedelta(microseconds=1)


def since(text: str, *, now: datetime, zone: tzinfo = UTC) -> datetime:
    """The start of a period: `7d`, `24h`, `2w` ago, `today`, `yesterday`, a day's beginning, or an instant."""
    text = text.strip().lower()
    match = _AGO.fullmatch(text)
    if match is not None:
        try:
            return now - timedelta(seconds=int(match[1]) * _UNITS[match[2]])
        except OverflowError as error:
            raise UsageError(f"no time {text!r}", hint="write 7d, 24h, 2w, today, or 2018-11-27", code="time") from error
    here = now.astimezone(zone)
    if text in ("today", "yesterday"):
        day = here.date() - timedelta(days=text == "yesterday")
        return datetime.combine(day, time(), zone)
    try:
        if len(text) > 10:
            at = datetime.fromisoformat(text.upper())
            return at if at.tzinfo else at.replace(tzinfo=zone)
        if re.fullmatch(r"\d{4}", text):
            return datetime(int(text), 1, 1, tzinfo=zone)
        if re.fullmatch(r"\d{4}-\d{2}", text):
            return datetime(int(text[:4]), int(text[5:]), 1, tzinfo=zone)
        return datetime.combine(date.fromisoformat(text), time(), zone)
    except ValueError as error:
        raise UsageError(f"no time {text!r}", hint="write 7d, 24h, 2w, today, or 2018-11-27", code="time") from error


def until(text: str, *, now: datetime, zone: tzinfo = UTC) -> datetime:
    """The end of a period: as `since`, but a day, month or year means its end."""
    start = since(text, now=now, zone=zone)
    text = text.strip().lower()
    try:
        if re.fullmatch(r"\d{4}", text):
            end = start.replace(year=start.year + 1)
        elif re.fullmatch(r"\d{4}-\d{2}", text):
            end = (start.replace(day=28) + timedelta(days=4)).replace(day=1)
        elif re.fullmatch(r"\d{4}-\d{2}-\d{2}|today|yesterday", text):
            end = datetime.combine(start.date() + timedelta(days=1), time(), zone)
        else:
            return start
    except (ValueError, OverflowError):  # the last year there is
        return datetime.max.replace(tzinfo=zone)
    return end - timedelta(microseconds=1)
