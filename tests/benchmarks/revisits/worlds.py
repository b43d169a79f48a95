"""Invented sites with known edit rates: pages are edited by Poisson processes whose rates depend on section, page and age.

Each world has 19,400 articles published evenly over four years (or a tenth of all that) and 600 standing pages. The first
30 days of the 120 that are played are run in and not counted. None of the numbers is taken from a site.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from schedules.hazard import EDGES, Floats, Ints
from schedules.replay import History

DAY, YEAR = 24.0, 8760.0
BORN_OVER, PLAYED, RUN_IN = 4 * YEAR, 120 * DAY, 30 * DAY
SECTIONS = 20
_MIDDLES: Floats = np.sqrt(np.maximum(EDGES[:-1], 0.5) * np.minimum(EDGES[1:], 50_000))


@dataclass(frozen=True, slots=True)
class World:
    """A site, what is known of it (rates per page and age bucket), and the signals it gives."""

    history: History
    rates: Floats  # edits an hour of each page in each age bucket
    signals: tuple[Ints, Floats] | None = None


def base(random: np.random.Generator, pages: int) -> World:
    """Most edits come in the first days of an article; sections and pages differ; standing pages are edited all the time."""
    return _world(random, pages, np.minimum(0.05 / _MIDDLES, 0.05) + 1 / (5 * YEAR))


def slow(random: np.random.Generator, pages: int) -> World:
    """Edits are rare and age matters little: about one in half a year, more at first."""
    return _world(random, pages, 1 / (180 * DAY) + np.minimum(0.002 / _MIDDLES, 0.002))


def late(random: np.random.Generator, pages: int) -> World:
    """Silent late edits: hardly any in the first month, then about one in 200 days for good."""
    return _world(random, pages, np.where(EDGES[:-1] < 720, 0.2, 1.0) / (200 * DAY))


def no_age(random: np.random.Generator, pages: int) -> World:
    """Neither age nor section says anything: each page has a constant rate of its own, most low and a few high."""
    world_rates = np.exp(random.normal(-np.log(120 * DAY), 1.5, pages))
    born = _born(random, pages)
    return _played(random, np.zeros(pages, dtype=np.intp), born, np.repeat(world_rates[:, None], EDGES.size - 1, axis=1))


def bursts(random: np.random.Generator, pages: int) -> World:
    """Base, and every five days a hundredth of the pages, old ones of two sections, are edited within two hours."""
    world = base(random, pages)
    history = world.history
    extra_page, extra_at = [history.page], [history.at]
    for start in np.arange(history.count_from - 20 * DAY, history.end - DAY, 5 * DAY):
        some = np.flatnonzero(
            np.isin(history.section, random.choice(SECTIONS, 2, replace=False)) & (history.born < start - 720)
        )
        hit = random.choice(some, min(some.size, pages // 100), replace=False)
        extra_page.append(hit)
        extra_at.append(start + random.uniform(0, 2, hit.size))
    return World(_with_edits(history, np.concatenate(extra_page), np.concatenate(extra_at)), world.rates)


def sessions(random: np.random.Generator, pages: int) -> World:
    """Base, but all editing happens in sessions: hours of working days, a few of them a week, that most sections share."""
    world = base(random, pages)
    history = world.history
    hours = np.arange(np.floor(history.begin), history.end)
    working = (hours % 24 >= 8) & (hours % 24 < 18) & ((hours // 24 + 4) % 7 >= 1) & ((hours // 24 + 4) % 7 < 6)
    open_hours = hours[working & (random.random(hours.size) < 0.15)]
    later = np.searchsorted(open_hours, history.at)
    kept = later < open_hours.size
    at = open_hours[later[kept]] + random.uniform(0, 1, int(kept.sum()))
    return World(_with_edits(history, history.page[kept], at), world.rates)


def noisy_signals(random: np.random.Generator, pages: int) -> World:
    """Base with a sitemap whose lastmod tells four in five young and one in three old edits of 12 of 20 sections, and bumps
    a page without an edit once in 100 days."""
    world = base(random, pages)
    history = world.history
    age = history.at - history.born[history.page]
    recall = np.where(age < 720, 0.8, 0.3) * (history.section[history.page] < 12)
    told = random.random(history.at.size) < recall
    false = random.poisson(PLAYED / (100 * DAY), pages) * (history.section < 12)
    bumped = np.repeat(np.arange(pages), false)
    at = np.concatenate([history.at[told], random.uniform(history.end - PLAYED, history.end, bumped.size)])
    page = np.concatenate([history.page[told], bumped])
    known = at > history.born[page]
    order = np.argsort(at[known])
    return World(history, world.rates, (page[known][order].astype(np.intp), at[known][order]))


WORLDS: dict[str, Callable[[np.random.Generator, int], World]] = {
    "base": base,
    "bursts": bursts,
    "slow": slow,
    "late silent": late,
    "no age": no_age,
    "sessions": sessions,
    "noisy signals": noisy_signals,
}


def _world(random: np.random.Generator, pages: int, by_age: Floats) -> World:
    born = _born(random, pages)
    section = random.integers(0, SECTIONS, pages).astype(np.intp)
    lively = random.gamma(1.0, 1.0, pages) * np.exp(random.normal(0, 0.7, SECTIONS))[section]
    standing = random.random(pages) < 0.03
    rates = lively[:, None] * by_age
    rates[standing] = (lively[standing] / (20 * DAY))[:, None]
    section[standing] = SECTIONS
    return _played(random, section, born, rates)


def _born(random: np.random.Generator, pages: int) -> Floats:
    return np.sort(random.uniform(0, BORN_OVER + PLAYED, pages))


def _played(random: np.random.Generator, section: Ints, born: Floats, rates: Floats) -> World:
    """Draw the edits of the last 120 days; pages older than that are known when they begin, seen then."""
    begin, end = BORN_OVER, BORN_OVER + PLAYED
    lower = np.maximum(born[:, None] + EDGES[:-1], begin)
    upper = np.minimum(born[:, None] + EDGES[1:], end)
    span = np.clip(upper - lower, 0, None)
    counts = random.poisson(rates * span)
    page, bucket = np.nonzero(counts)
    repeat = counts[page, bucket]
    page, bucket = np.repeat(page, repeat), np.repeat(bucket, repeat)
    at = lower[page, bucket] + random.uniform(0, 1, page.size) * span[page, bucket]
    empty = History(section, born, np.zeros(0, dtype=np.intp), np.zeros(0), end, begin, begin + RUN_IN)
    return World(_with_edits(empty, page, at), rates)


def _with_edits(history: History, page: Ints, at: Floats) -> History:
    order = np.lexsort((at, page))
    return History(
        history.section, history.born, page[order].astype(np.intp), at[order], history.end, history.begin, history.count_from
    )
