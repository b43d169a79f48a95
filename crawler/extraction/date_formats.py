"""Which day does a text name in a format the portal's file states? CLDR patterns: "D MMMM YYYY", "MM/dd/yy"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

from crawler.extraction.date_text import FoundDate, fold, month_numbers

_FIELD = re.compile(r"(?P<name>[yYuMLdDEec])(?P=name)*|'(?P<quoted>[^']*)'|(?P<space>\s+)|(?P<other>.)", re.DOTALL)
_CENTURY = 69  # of a year in two figures: the last of 20xx (POSIX)


class BadFormat(ValueError):
    """A pattern that names no whole day."""


def find_by_format(text: str, formats: Sequence[str], locales: Sequence[str]) -> Iterator[FoundDate]:
    """The days the text names in one of these formats, in the order of the formats, month names in these languages."""
    folded = fold(text)
    for pattern in formats:
        for match in compiled(pattern, tuple(locales)).finditer(folded):
            if day := _day(match.groupdict(), tuple(locales)):
                yield FoundDate(day, match.start(), match.end(), False, text[match.start() : match.end()])


@lru_cache(maxsize=128)
def compiled(pattern: str, locales: tuple[str, ...]) -> re.Pattern[str]:
    """A CLDR date pattern as an expression; BadFormat where year, month or day is missing or comes twice."""
    parts: list[str] = []
    seen: list[str] = []
    for token in _FIELD.finditer(unicodedata.normalize("NFC", pattern)):
        if token["name"]:
            kind, field = _expression(token["name"], len(token[0]), locales)
            seen.append(kind)
            parts.append(field)
        elif token["space"]:
            parts.append(r"\s+")
        else:
            parts.append(re.escape(fold(token["quoted"] or token["other"] or "'")))
    if sorted(name for name in seen if name != "weekday") != ["day", "month", "year"]:
        raise BadFormat(f"not a format of a whole day: {pattern!r}; write one such as D MMMM YYYY or MM/DD/YY")
    return re.compile(r"(?<!\w)" + "".join(parts) + r"(?!\w)")


def _expression(letter: str, width: int, locales: tuple[str, ...]) -> tuple[str, str]:
    if letter in "yYu":
        return "year", r"(?P<year>\d\d)" if width == 2 else r"(?P<year>\d{4})"
    if letter in "dD":
        return "day", r"(?P<day>\d\d)" if width == 2 else r"(?P<day>\d\d?)"
    if letter in "Eec":
        return "weekday", r"\w+\.?"
    if width <= 2:
        return "month", r"(?P<month>\d\d)" if width == 2 else r"(?P<month>\d\d?)"
    names = sorted(month_numbers(locales), key=len, reverse=True)
    return "month", rf"(?P<month>{'|'.join(map(re.escape, names)) or '(?!)'})\.?"


def _day(parts: dict[str, str], locales: tuple[str, ...]) -> date | None:
    year = int(parts["year"])
    if len(parts["year"]) == 2:
        year += 1900 if year > _CENTURY else 2000
    month = int(parts["month"]) if parts["month"].isdecimal() else month_numbers(locales)[parts["month"]]
    try:
        return date(year, month, int(parts["day"]))
    except ValueError:
        return None
