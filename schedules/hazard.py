"""How often pages are edited, by age and by the time since their last edit, learned from visits. PURE.

A hazard is edits per hour within a bucket of elapsed time, held as edits counted over edits expected (Gamma-Poisson): a
row that has seen little leans on all rows together, and those on a prior. A visit says only *whether* a page changed since
the visit before; where in that time is shared out by the present hazards (one step of expectation-maximisation).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

# Bucket edges in hours. Young pages change by the hour, old ones by the season.
EDGES: Floats = np.array([0, 1, 2, 3, 6, 12, 24, 48, 72, 168, 336, 720, 2160, 8760, 1e9])
_MIDDLES: Floats = np.sqrt(np.maximum(EDGES[:-1], 0.5) * np.minimum(EDGES[1:], 50_000))
AGE_PRIOR: Floats = np.minimum(0.05 / _MIDDLES, 0.05) + 1 / (5 * 8760)
AFTER_EDIT_PRIOR: Floats = np.minimum(0.1 / _MIDDLES, 0.1)


class HazardTable:
    """Rows (sections) of hazards over buckets of elapsed time."""

    def __init__(self, rows: int, prior: Floats, own: float, pool: float) -> None:
        self._prior = prior
        self._own = own  # expected edits that the pool counts for in a row
        self._pool = pool  # expected edits that the prior counts for in the pool
        self._counted = np.zeros((rows, prior.size))
        self._exposed = np.zeros((rows, prior.size))  # hours, weighted by what makes pages more or less lively
        self.refresh()

    def refresh(self) -> None:
        """Make the hazards of what was learned; between refreshes they stand still, so that a plan costs little."""
        pooled = (self._counted.sum(0) + self._pool) / (self._exposed.sum(0) + self._pool / self._prior)
        self._hazard: Floats = (self._counted + self._own) / (self._exposed + self._own / pooled)
        steps = np.cumsum(self._hazard * np.diff(EDGES), axis=1)
        self._before: Floats = np.concatenate([np.zeros((len(steps), 1)), steps[:, :-1]], axis=1)

    def expected(self, rows: Ints, start: Floats, end: Floats) -> tuple[Floats, Floats]:
        """Edits expected between two elapsed times (hours), and the hazard at the end."""
        upto, hazard = self._upto(rows, end)
        return upto - self._upto(rows, start)[0], hazard

    def learn(self, rows: Ints, start: Floats, end: Floats, liveliness: Floats, edits: Floats) -> None:
        """Visits that covered these spans: how lively their pages are, and how many edits each is taken to have shown."""
        spans: Floats = np.clip(np.minimum(end[:, None], EDGES[1:]) - np.maximum(start[:, None], EDGES[:-1]), 0, None)
        np.add.at(self._exposed, rows, spans * liveliness[:, None])
        seen = np.flatnonzero(edits)
        if seen.size:
            shares: Floats = self._hazard[rows[seen]] * spans[seen]
            total: Any = np.maximum(shares.sum(axis=1, keepdims=True), 1e-300)
            np.add.at(self._counted, rows[seen], shares / total * edits[seen, None])

    def _upto(self, rows: Ints, elapsed: Floats) -> tuple[Floats, Floats]:
        bucket = np.clip(np.searchsorted(EDGES, elapsed, side="right") - 1, 0, EDGES.size - 2)
        hazard: Floats = self._hazard[rows, bucket]
        upto: Floats = self._before[rows, bucket] + hazard * (elapsed - EDGES[bucket])
        return upto, hazard
