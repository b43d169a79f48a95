"""Which calendar days does a piece of text name? Month names of many languages, numeric forms, ISO 8601.

Month names come from dateparser's CLDR tables; only the search is ours, because dateparser looks at whole strings and
guesses what is missing, and a guessed day is worse than none in an archive.
"""

from __future__ import annotations

import importlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
# The order decides where a name means two months (Croatian listopad is October, Czech and Polish November).
LANGUAGES = (
    "en", "az", "ru", "tr", "ar", "fr", "de", "es", "pt", "it", "uk", "pl", "nl", "sv", "da", "nb", "fi", "cs", "sk", "sl", "hr",
    "sr", "bg", "mk", "ro", "hu", "el", "ka", "hy", "kk", "uz", "ky", "tg", "fa", "he", "id", "lt", "lv", "et", "is", "ca", "sq", "vi",
)  # fmt: skip
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A day named by a text: where (of the text as given), and whether day and month could be the other way round."""

    day: date
    start: int
    end: int
    ambiguous: bool = False
    raw: str = ""


def fold(text: str) -> str:
    """Lower case and ASCII digits, one character for one: Turkish and Azerbaijani dotted and dotless i are the same."""
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_letter, text))


@cache
def _fold_letter(char: str) -> str:
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    return "i" if char in "ıİ" else low if len(low := char.lower()) == 1 else char


@cache
def month_numbers(languages: tuple[str, ...]) -> dict[str, int]:
    names: dict[str, int] = {}
    for language in languages:
        try:
            info = importlib.import_module(f"dateparser.data.date_translation_data.{language}").info
        except ModuleNotFoundError:
            continue
        tables = [info, *info.get("locale_specific", {}).values()]
        for number, month in enumerate(_MONTHS, 1):
            for name in (name for table in tables for name in table.get(month, ())):
                folded = fold(unicodedata.normalize("NFC", name)).strip(".")
                if len(folded) >= 2 and not folded[0].isdigit():
                    names.setdefault(folded, number)
    names.setdefault("sept", 9)
    return names


@cache
def _patterns(languages: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    names = sorted(month_numbers(languages), key=len, reverse=True)
    month = rf"(?<!\w)(?P<month>{'|'.join(map(re.escape, names))})(?:in|un|da|də|də|dən|a)?(?!\w)\.?"
    year = r"(?P<year>(?:19|20)\d\d)(?!\d)(?:\s?-?c[iuü] il(?:d[əe]|in)?(?!\w)|\s?г(?:\.|ода)?(?!\w))?"
    day = r"(?<![\d.,:/])(?P<day>[0-3]?\d)"
    ordinal = r"(?:st|nd|rd|th|er|re|ère|e|º|ª|\.|-?(?:ci|cu|cü|ci|го|е|й))?"
    joint = r"(?:\s*,?\s*(?:of|de|del|d['’]|year)\s*|[\s.,/‑–-]+)"
    return (
        re.compile(rf"{day}{ordinal}{joint}?{month}{joint}{year}"),
        re.compile(rf"{month}\s*(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?:\s*,\s*|\s+){year}"),
        re.compile(rf"(?<!\d){year}(?:\s*m\.|\.)?{joint}?{month}\s*(?P<day>[0-3]?\d)(?!\d)"),
    )


_NUMERIC = (
    re.compile(r"(?<![\d./-])(?P<year>(?:19|20)\d\d)(?P<mark>[-./])(?P<month>[01]?\d)(?P=mark)(?P<day>[0-3]?\d)(?![\d/]|[.-]\d)"),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)\s?[年년]\s?(?P<month>[01]?\d)\s?[月월]\s?(?P<day>[0-3]?\d)\s?[日일]"),
    re.compile(r"(?<![\d./-])(?P<first>[0-3]?\d)\s?(?P<mark>[-./])\s?(?P<second>[0-3]?\d)\s?(?P=mark)\s?(?P<year>(?:19|20)\d\d)(?!\d)"),
    re.compile(r"(?<![\d./-])(?P<day>[0-3]\d)\.(?P<month>[01]\d)\.(?P<short>\d\d)(?![\d.])"),
)  # fmt: skip
# Without one of these no year is named: a century, a short date's end, a digit of another script.
_CENTURIES = ("19", "20")
_SHORT_DATE = re.compile(r"\.\d\d\.\d\d")
# Beyond the 65,536 first characters all are taken: a class with the few digits there takes fifty times as long.
_OTHER_DIGIT = re.compile(
    f"[{''.join(map(chr, (code for code in range(128, 0x10000) if chr(code).isdecimal())))}\U00010000-\U0010ffff]"
)
_SHORT = 160  # characters
_YEAR = re.compile(r"(?:19|20)\d\d|\d\.\d\d\.\d\d")


def may_name_a_day(text: str) -> bool:
    """Whether there are figures enough for a year: asked of every line, and no is the answer of nearly all."""
    return _has_figures(text) if len(text) <= _SHORT else _figures_in(text)


def _figures_in(text: str) -> bool:
    if any(century in text for century in _CENTURIES) or _SHORT_DATE.search(text):
        return True
    return not text.isascii() and _OTHER_DIGIT.search(text) is not None


_has_figures = lru_cache(maxsize=16_384)(_figures_in)  # menus say the same on every page of a portal


def find_dates(text: str, *, language: str | None = None, month_first: bool = False) -> list[FoundDate]:
    """Every day the text names in full (day, month and year), in text order. `language` (BCP 47) is tried first;
    `month_first` reads 03/04/2014 as 4 March."""
    if not may_name_a_day(text):
        return []
    folded = fold(text)
    if not _YEAR.search(folded):
        return []
    found = list(_named(folded, language))
    for pattern in _NUMERIC:
        found.extend(hit for match in pattern.finditer(folded) if (hit := _numeric(match, month_first)))
    found.sort(key=lambda hit: (hit.start, -hit.end))
    kept: list[FoundDate] = []
    for hit in found:
        if not kept or hit.start >= kept[-1].end:
            kept.append(FoundDate(hit.day, hit.start, hit.end, hit.ambiguous, text[hit.start : hit.end]))
    return kept


def _named(folded: str, language: str | None) -> Iterator[FoundDate]:
    own = (language,) if language in LANGUAGES else ()
    order = tuple(dict.fromkeys((*own, *LANGUAGES))) if language in ("hr", "cs", "mk") else LANGUAGES
    numbers = month_numbers(order)
    for pattern in _patterns(order):
        for match in pattern.finditer(folded):
            if day := _day(int(match["year"]), numbers[match["month"]], int(match["day"])):
                yield FoundDate(day, match.start(), match.end())


def _numeric(match: re.Match[str], month_first: bool) -> FoundDate | None:
    parts = match.groupdict()
    if parts.get("first") is None:
        year = int(parts["year"]) if parts.get("year") else 2000 + int(parts["short"])
        day = _day(year, int(parts["month"]), int(parts["day"]))
        return FoundDate(day, match.start(), match.end()) if day else None
    first, second, year = int(parts["first"]), int(parts["second"]), int(parts["year"])
    straight, swapped = _day(year, second, first), _day(year, first, second)
    if parts["mark"] == ".":
        swapped = None  # nobody writes month.day.year with full stops
    chosen = (swapped or straight) if month_first else (straight or swapped)
    ambiguous = straight is not None and swapped is not None and straight != swapped
    return FoundDate(chosen, match.start(), match.end(), ambiguous) if chosen else None


def _day(year: int, month: int, day: int) -> date | None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
