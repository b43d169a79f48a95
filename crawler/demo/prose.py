"""Sentences from templates: [a|b] is a choice, {slot} a name, number or date of the fictional country."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from crawler.demo.vocabulary import Vocabulary

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Cast:
    """Who and where a story is about; the numbers of its lists, so that translations agree."""

    city: int
    city2: int
    region: int
    partner: int
    ministry: int
    agency: int
    lead: tuple[int, int, int]  # role, given name, family name


def draw_cast(chance: random.Random) -> Cast:
    """Choose the people and places of one story."""
    city, city2 = chance.sample(range(12), 2)
    return Cast(
        city=city,
        city2=city2,
        region=chance.randrange(6),
        partner=chance.randrange(5),
        ministry=chance.randrange(5),
        agency=chance.randrange(5),
        lead=(chance.randrange(6), chance.randrange(12), chance.randrange(12)),
    )


def person(words: Vocabulary, given: int, family: int) -> str:
    """A full name."""
    return f"{words.names['given'][given]} {words.names['family'][family]}"


def spelled_date(words: Vocabulary, day: date) -> str:
    """A date as the language writes it: 26 November 2018."""
    return words.date.format(day=day.day, month=words.months[day.month - 1], year=day.year)


def fill(template: str, words: Vocabulary, cast: Cast, chance: random.Random) -> str:
    """Resolve the choices and slots of a template; the first letter becomes a capital."""
    chosen = _CHOICE.sub(lambda match: chance.choice(match[1].split("|")), template)
    text = _SLOT.sub(lambda match: _slot(match[1], words, cast, chance), chosen)
    return text[:1].upper() + text[1:]


def _slot(name: str, words: Vocabulary, cast: Cast, chance: random.Random) -> str:
    names = words.names
    known: dict[str, Callable[[], str]] = {
        "city": lambda: names["cities"][cast.city],
        "city2": lambda: names["cities"][cast.city2],
        "region": lambda: names["regions"][cast.region],
        "partner": lambda: names["partners"][cast.partner],
        "ministry": lambda: names["ministries"][cast.ministry],
        "agency": lambda: names["agencies"][cast.agency],
        "lead": lambda: f"{words.roles[cast.lead[0]]} {person(words, *cast.lead[1:])}",
        "n_small": lambda: str(_number(words, chance, 3, 40)),
        "n_small2": lambda: str(_number(words, chance, 41, 60)),
        "n_mid": lambda: str(_number(words, chance, 110, 980)),
        "n_mid2": lambda: str(_number(words, chance, 110, 980)),
        "n_big": lambda: grouped(words, 100 * _number(words, chance, 12, 980)),
        "n_big2": lambda: grouped(words, 100 * _number(words, chance, 12, 980)),
        "pct": lambda: str(_number(words, chance, 3, 46)),
        "year": lambda: str(chance.randint(1994, 2016)),
        "year2": lambda: str(chance.randint(2019, 2026)),
        "month": lambda: chance.choice(words.months),
        "day_month": lambda: f"{chance.randint(1, 28)} {chance.choice(words.months)}",
        "money": lambda: names["money"].format(n=_number(words, chance, 3, 480)),
    }
    return known[name]()


def _number(words: Vocabulary, chance: random.Random, low: int, high: int) -> int:
    """Russian nouns after a number ending in 0 or 5 stand in the genitive plural, which the templates write."""
    number = chance.randint(low, high)
    return max(5, number // 5 * 5) if words.lang == "ru" else number


def grouped(words: Vocabulary, number: int) -> str:
    """Thousands apart, as the language does: 12,400 or 12 400 (no-break)."""
    return f"{number:,}".replace(",", "," if words.lang == "en" else "\u00a0")
