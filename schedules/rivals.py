"""Other revisit policies, to measure ours against: each spends the same requests, on the pages that are most overdue.

Overdue is the time since the last visit over the interval a policy wants. Sources: Cho and Garcia-Molina, "Effective page
refresh policies for Web crawlers" (2003) for the rate from visits that only say *changed*; the default and adaptive fetch
schedules of Apache Nutch and StormCrawler; NewsDiffs' ladder; Upadhyay et al., "Learning to Crawl" (AAAI 2020) and Kolobov
et al., LambdaCrawl (NeurIPS 2019), for harmonic staleness.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from schedules.hazard import Floats, Ints
from schedules.replay import History, Maker, Ranker
from schedules.revisit import FLOOR, POWER, Policy, longest

LADDER = ((3.0, 0.25), (24.0, 1.0), (168.0, 3.0), (720.0, 72.0), (8640.0, 720.0))  # (age below, interval), hours


class Uniform:
    """All pages in turn."""

    def __init__(self, history: History, budget: float) -> None:
        self.born = history.born
        self.budget = budget
        self.last = history.first_seen()

    def priority(self, now: float, known: int) -> Floats:
        """Time since the last visit over the interval wanted."""
        overdue: Floats = (now - self.last[:known]) / self.interval(now, known)
        return overdue

    def interval(self, now: float, known: int) -> Floats:
        """The interval wanted for each page, up to a common factor."""
        return np.ones(known)

    def observe(self, pages: Ints, now: float, changed: NDArray[np.bool_]) -> None:
        """Remember the visit."""
        self.last[pages] = now


class AgeDecay(Uniform):
    """Intervals grow with the square root of a page's age: right for edit rates that fall as 1/age."""

    def interval(self, now: float, known: int) -> Floats:
        """As the class says."""
        return np.sqrt(np.maximum(now - self.born[:known], 1.0))


class AgeProportional(Uniform):
    """Intervals grow with a page's age."""

    def interval(self, now: float, known: int) -> Floats:
        """As the class says."""
        return np.maximum(now - self.born[:known], 1.0)


class Ladder(Uniform):
    """NewsDiffs' steps by age; its "never again" after a year is taken as 90 days, or late edits would all be missed."""

    def interval(self, now: float, known: int) -> Floats:
        """As the class says."""
        age = now - self.born[:known]
        return np.select([age < limit for limit, _ in LADDER], [step for _, step in LADDER], 2160.0)


class Nutch(Uniform):
    """Interval times 0.8 after a change, times 1.2 without one; 1 hour to 1 year."""

    changed, unchanged, shortest, longest = 0.8, 1.2, 1.0, 8760.0

    def __init__(self, history: History, budget: float) -> None:
        super().__init__(history, budget)
        self._interval = np.full(self.born.size, 24.0)

    def interval(self, now: float, known: int) -> Floats:
        """As the class says."""
        return self._interval[:known]

    def observe(self, pages: Ints, now: float, changed: NDArray[np.bool_]) -> None:
        """Adapt the interval."""
        super().observe(pages, now, changed)
        factor = np.where(changed, self.changed, self.unchanged)
        self._interval[pages] = np.clip(self._interval[pages] * factor, self.shortest, self.longest)


class StormCrawler(Nutch):
    """Interval times 0.5 after a change, times 1.5 without one; 1 hour to 14 days."""

    changed, unchanged, longest = 0.5, 1.5, 336.0


class Cho(Uniform):
    """Visits in proportion to the rate of change, estimated from visits that only say whether a page changed."""

    def __init__(self, history: History, budget: float) -> None:
        super().__init__(history, budget)
        self.first = history.first_seen()
        self.visits = np.zeros(self.born.size)
        self.changes = np.zeros(self.born.size)

    def observe(self, pages: Ints, now: float, changed: NDArray[np.bool_]) -> None:
        """Count."""
        super().observe(pages, now, changed)
        self.visits[pages] += 1
        self.changes[pages] += changed

    def interval(self, now: float, known: int) -> Floats:
        """One over the estimated rate."""
        return 1.0 / self.rate(now, known)

    def rate(self, now: float, known: int) -> Floats:
        """Changes an hour: -log((n - x + 1/2) / (n + 1/2)) over the mean interval, which is less biased than x/n."""
        visits, changes = self.visits[:known], self.changes[:known]
        span = np.maximum(self.last[:known] - self.first[:known], 1.0) / np.maximum(visits, 1)
        rate: Floats = np.log((visits + 1.0) / (visits - changes + 0.5)) / np.maximum(span, 1.0)
        return rate


class LambdaCrawl(Cho):
    """Harmonic staleness: the visit rate v of a page of rate r solves r / (v (v + r)) = the price all pages share."""

    def __init__(self, history: History, budget: float) -> None:
        super().__init__(history, budget)
        self._planned = -np.inf
        self._interval: Floats = np.ones(0)

    def interval(self, now: float, known: int) -> Floats:
        """Solved once a day, and when pages are new."""
        if now - self._planned >= 24 or self._interval.size < known:
            rate, wanted = self.rate(now, known), self.budget / 24 * (known if self.budget < 1 else 1)
            low, high = 1e-15, 1e9
            for _ in range(60):
                price = np.sqrt(low * high)
                visits = (np.sqrt(rate * rate + 4 * rate / price) - rate) / 2
                low, high = (price, high) if visits.sum() > wanted else (low, price)
            self._interval, self._planned = 1.0 / visits, now
        return self._interval[:known]


class Ours:
    """`schedules.revisit` with its floor."""

    def __init__(self, history: History, budget: float, power: float = POWER) -> None:
        self.policy = Policy(history.section, history.born, seen=history.first_seen(), power=power)
        self._budget = budget
        self._floor = 0.0

    def priority(self, now: float, known: int) -> Floats:
        """The policy's, with a share of the requests for the pages unseen longest."""
        _, priority = self.policy.expected(now)
        self._floor += FLOOR * self._budget / 24 * (known if self._budget < 1 else 1)
        priority[longest(self.policy.last[:known], int(self._floor))] = np.inf
        self._floor -= int(self._floor)
        return priority

    def observe(self, pages: Ints, now: float, changed: NDArray[np.bool_]) -> None:
        """Learn."""
        self.policy.observe(pages, now, changed)

    def signalled(self, pages: Ints, at: Floats) -> None:
        """Pass signals on."""
        self.policy.signalled(pages, at)


class Oracle:
    """Knows how many edits each page gets in each quarter of a year (90 days) to come, but not when in it.

    It asks by the delay saved, so it is no bound: a policy that sees a burst begin can beat it within the quarter.
    """

    def __init__(self, history: History, budget: float) -> None:
        self._origin, self._span = float(history.first_seen()[0]), 90 * 24.0
        spans = int((history.end - self._origin) // self._span) + 2
        counts = np.zeros((history.born.size, spans))
        np.add.at(counts, (history.page, ((history.at - self._origin) // self._span).astype(int)), 1.0)
        self._rate = counts / self._span + 1e-7
        sums = np.cumsum(self._rate * self._span, axis=1)
        self._before = np.concatenate([np.zeros((history.born.size, 1)), sums[:, :-1]], axis=1)
        self.last = history.first_seen()

    def priority(self, now: float, known: int) -> Floats:
        """Edits expected since the last visit, times the square root of the time since."""
        unseen = self._upto(known, np.full(known, now)) - self._upto(known, self.last[:known])
        worth: Floats = unseen * np.sqrt(now - self.last[:known])
        return worth

    def observe(self, pages: Ints, now: float, changed: NDArray[np.bool_]) -> None:
        """Remember the visit."""
        self.last[pages] = now

    def _upto(self, known: int, at: Floats) -> Floats:
        span = ((at - self._origin) // self._span).astype(int)
        pages = np.arange(known)
        upto: Floats = self._before[pages, span] + self._rate[pages, span] * (at - self._origin - span * self._span)
        return upto


POLICIES: dict[str, type[Ranker]] = {
    "onrecord": Ours,
    "uniform": Uniform,
    "age": AgeDecay,
    "age-proportional": AgeProportional,
    "ladder": Ladder,
    "nutch": Nutch,
    "stormcrawler": StormCrawler,
    "cho": Cho,
    "lambdacrawl": LambdaCrawl,
    "oracle": Oracle,
}


def maker(name: str) -> Maker:
    """How to make the policy of this name."""
    return POLICIES[name]
