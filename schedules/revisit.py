"""Which known pages are worth asking again now: what visits showed goes in, a priority for each page comes out. PURE.

For each page the edits expected since it was last seen are

    unseen = activity * (liveliness * h_section(age) + h_after(time since its last known edit), over the time unseen)

with hazards h learned per section and age and for the time after an edit (`schedules.hazard`), a Gamma-Poisson liveliness
of the page itself, and the activity of the portal and the section meanwhile (`schedules.activity`). A signal (a sitemap's
lastmod, a feed's date) adds the edits that signals have been found to stand for. The priority is

    weight * unseen^(1 + p) / rate^p

where `rate` is the hazard now. For a constant rate and p = 1 this is the delay saved by asking now (intervals go with
1/sqrt(rate): best for the mean delay), for p = 0 the number of edits (intervals go with 1/rate: best for the median and
for catching each version); p = 0.3 keeps near the best of both. A share of the requests (`FLOOR`) goes to the pages
unseen longest, so that none waits longer than pages / (FLOOR * requests a day) days.

Times are hours since 1970-01-01T00:00Z. Priors are orders of magnitude;
docs/explanation/revisits.md says what was chosen on which data.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from schedules.activity import Activity
from schedules.hazard import AFTER_EDIT_PRIOR, AGE_PRIOR, Floats, HazardTable, Ints

POWER = 0.3
FLOOR = 0.05
SMALL = 5  # sections with fewer pages are learned together
SHAPES = (0.4, 1.0, 3.0)  # edits that count for "as its section" in a page's liveliness: low = pages differ much
_MEMORY = 0.999  # of a shape's record, per batch of visits
_REFRESH = 6.0  # hours between two refreshes of the hazards


class Policy:
    """The revisit policy of one portal. Pages are numbered from 0; one is known from its `born` on."""

    def __init__(
        self,
        section: Ints,
        born: Floats,
        weight: Floats | None = None,
        *,
        seen: Floats | None = None,
        power: float = POWER,
    ) -> None:
        self.born = np.asarray(born, dtype=float)
        self.last = self.born.copy() if seen is None else seen.copy()  # first seen, where that was after its birth
        self._weight = weight
        self._power = power
        self._group = merged(section)
        groups = int(self._group.max(initial=0)) + 1
        self._by_age = HazardTable(groups, AGE_PRIOR, own=3.0, pool=2.0)
        self._after_edit = HazardTable(1, AFTER_EDIT_PRIOR, own=1.0, pool=1.0)
        self._activity = Activity(float(self.last.min()) if self.last.size else 0.0, groups)
        self._edits = np.zeros(self.born.size)  # seen of the page itself, beyond those that follow another
        self._exposure = np.zeros(self.born.size)  # expected of it meanwhile
        self._shape_scores = np.zeros(len(SHAPES))
        self._edited_at = np.full(self.born.size, np.nan)
        self._signal = np.full(self.born.size, np.nan)
        self._signals = np.array([1.0, 2.0])  # edits found and visits made after a signal
        self._refreshed = -np.inf

    def signalled(self, pages: Ints, at: Floats) -> None:
        """Something says that these pages were edited: a sitemap's lastmod, a feed, a listing's date."""
        fresh = at > self.last[pages]
        self._signal[pages[fresh]] = at[fresh]

    def is_signalled(self, page: int) -> bool:
        """Whether a signal about the page is younger than its last visit."""
        return not bool(np.isnan(self._signal[page]))

    def observe(self, pages: Ints, now: float, changed: NDArray[np.bool_]) -> None:
        """These pages (each once) were asked at `now`; which of them had changed since they were last seen."""
        if not pages.size:
            return
        self._refresh(now)
        since, groups = self.last[pages], self._group[pages]
        own, after, _ = self._usual(pages, now)
        usual = own + after
        multiplier = self._activity.multiplier(groups, since, now)
        foretold = np.maximum(usual * multiplier, 1e-12)
        self._judge(pages, own / self._liveliness(pages) * multiplier, after * multiplier, changed)
        edits = np.where(changed, foretold / -np.expm1(-foretold), 0.0)  # Poisson, given at least one
        own_edits = edits * own / np.maximum(usual, 1e-300)
        lively = self._liveliness(pages)
        born = self.born[pages]
        self._by_age.learn(groups, since - born, now - born, lively, own_edits)
        edited = np.flatnonzero(~np.isnan(self._edited_at[pages]))
        if edited.size:
            at = self._edited_at[pages[edited]]
            row, ones = np.zeros(edited.size, dtype=np.intp), np.ones(edited.size)
            self._after_edit.learn(row, np.maximum(since[edited] - at, 0), now - at, ones, (edits - own_edits)[edited])
        self._activity.learn(groups, since, now, usual, edits)
        self._exposure[pages] += own / lively
        self._edits[pages] += own_edits
        self._edited_at[pages[changed]] = (now + since[changed]) / 2
        told = ~np.isnan(self._signal[pages])
        self._signals += [(changed & told).sum(), told.sum()]
        self._signal[pages] = np.nan
        self.last[pages] = now

    def expected(self, now: float) -> tuple[Floats, Floats]:
        """For each page known at `now` (the first n): edits expected since it was last seen, and its priority."""
        self._refresh(now)
        pages = np.arange(int((self.born <= now).sum()))
        own, after, rate = self._usual(pages, now)
        unseen: Floats = (own + after) * self._activity.multiplier(self._group[pages], self.last[pages], now)
        told = np.flatnonzero(~np.isnan(self._signal[pages]))
        unseen[told] += self._signals[0] / self._signals[1]
        priority = unseen * (unseen / rate) ** self._power
        return unseen, priority if self._weight is None else priority * self._weight[pages]

    def _usual(self, pages: Ints, now: float) -> tuple[Floats, Floats, Floats]:
        """Edits expected on average since last seen: the page's own, and those that follow an edit; the rate now."""
        born, last = self.born[pages], self.last[pages]
        lively = self._liveliness(pages)
        own, rate = self._by_age.expected(self._group[pages], last - born, now - born)
        own, rate = own * lively, rate * lively
        after = np.zeros(pages.size)
        edited = np.flatnonzero(~np.isnan(self._edited_at[pages]))
        if edited.size:
            at = self._edited_at[pages[edited]]
            row = np.zeros(edited.size, dtype=np.intp)
            after[edited], more = self._after_edit.expected(row, np.maximum(last[edited] - at, 0), now - at)
            rate[edited] += more
        return own, after, rate

    def _liveliness(self, pages: Ints, shape: float | None = None) -> Floats:
        """How much more a page is edited than others of its section and age: Gamma-Poisson."""
        if shape is None:
            shape = SHAPES[int(np.argmax(self._shape_scores))]
        lively: Floats = (shape + self._edits[pages]) / (shape + self._exposure[pages])
        return lively

    def _judge(self, pages: Ints, of_section: Floats, after: Floats, changed: NDArray[np.bool_]) -> None:
        """Score each shape by how well it foretold which of these pages changed."""
        for number, shape in enumerate(SHAPES):
            foretold = np.maximum(of_section * self._liveliness(pages, shape) + after, 1e-12)
            self._shape_scores[number] *= _MEMORY
            self._shape_scores[number] += np.where(changed, np.log(-np.expm1(-foretold)), -foretold).sum()

    def _refresh(self, now: float) -> None:
        if now - self._refreshed >= _REFRESH:
            self._by_age.refresh()
            self._after_edit.refresh()
            self._refreshed = now


def longest(last: Floats, count: int) -> Ints:
    """The `count` pages with the smallest value, in order."""
    if count < last.size:
        few = np.argpartition(last, count)[:count]
        return few[np.argsort(last[few], kind="stable")]
    return np.argsort(last, kind="stable")


def merged(section: Ints) -> Ints:
    """Group numbers 0..g-1 of sections, those with fewer than SMALL pages all in group 0."""
    section = np.asarray(section, dtype=np.intp)
    _, number, size = np.unique(section, return_inverse=True, return_counts=True)
    large = size >= SMALL
    group = np.where(large, np.cumsum(large), 0)
    return np.asarray(group[number], dtype=np.intp)
