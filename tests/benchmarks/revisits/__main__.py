"""`python -m tests.benchmarks.revisits [--quick]`: our revisit policy beside others and an oracle.

Real histories first (../shared/edit-histories or ONRECORD_SHARED), then invented worlds. For each figure the policy's
ratio to the best rival is printed (caught: at least; delays: at most); FAIL where ours is more than 10 % worse.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np

from schedules.hazard import EDGES, Floats
from schedules.replay import History, Maker, Outcome, read, replay
from schedules.revisit import POWER
from schedules.rivals import POLICIES, Ours, Uniform
from tests.benchmarks.revisits.planning import planning
from tests.benchmarks.revisits.worlds import WORLDS, World

BUDGETS = (0.02, 0.1, 0.5)
SHARED = Path(os.environ.get("ONRECORD_SHARED") or Path(__file__).resolve().parents[4] / "shared") / "edit-histories"
SLACK = 1.10


class KnownRates(Uniform):
    """The oracle of a world: our own index with the true rates of every page, at every age; no bulk event, no session."""

    def __init__(self, history: History, budget: float, rates: Floats) -> None:
        super().__init__(history, budget)
        self._rates = rates
        sums = np.cumsum(rates * np.diff(EDGES), axis=1)
        self._before = np.concatenate([np.zeros((len(rates), 1)), sums[:, :-1]], axis=1)

    def priority(self, now: float, known: int) -> Floats:
        """As the class says."""
        upto, rate = self._upto(known, now - self.born[:known])
        unseen = upto - self._upto(known, self.last[:known] - self.born[:known])[0]
        worth: Floats = unseen * (unseen / np.maximum(rate, 1e-12)) ** POWER
        return worth

    def _upto(self, known: int, age: Floats) -> tuple[Floats, Floats]:
        pages = np.arange(known)
        bucket = np.clip(np.searchsorted(EDGES, age, side="right") - 1, 0, EDGES.size - 2)
        rate: Floats = self._rates[pages, bucket]
        return self._before[pages, bucket] + rate * (age - EDGES[bucket]), rate


class Mean:
    """Figures of a policy over seeds."""

    def __init__(self, outcomes: list[Outcome]) -> None:
        self.caught = float(np.mean([item.caught / max(item.edits, 1) for item in outcomes]))
        self.median = float(np.mean([item.median_delay_h or 0.0 for item in outcomes]))
        self.mean = float(np.mean([item.mean_delay_h or 0.0 for item in outcomes]))


def table(title: str, found: dict[str, Mean]) -> bool:
    """Print one comparison; whether ours holds the bar."""
    oracle = found["oracle"]
    print(f"\n{title}\n{'policy':18}{'caught':>9}{'':>8}{'median h':>10}{'':>8}{'mean h':>10}{'':>8}   (ratio to the oracle)")
    for name, figures in found.items():
        ratios = (figures.caught / oracle.caught, figures.median / oracle.median, figures.mean / oracle.mean)
        print(
            f"{name:18}{figures.caught:9.1%}{ratios[0]:7.2f}x{figures.median:10.2f}{ratios[1]:7.2f}x{figures.mean:10.2f}{ratios[2]:7.2f}x"
        )
    rivals = [figures for name, figures in found.items() if name != "oracle" and not name.startswith("onrecord")]
    ours = found["onrecord"]
    against = {
        "caught": max(item.caught for item in rivals) / ours.caught,
        "median": ours.median / min(item.median for item in rivals),
        "mean": ours.mean / min(item.mean for item in rivals),
    }
    good = all(ratio <= SLACK for ratio in against.values())
    said = ", ".join(f"{name} {ratio:.2f}" for name, ratio in against.items())
    print(f"{'ok  ' if good else 'FAIL'} ours against the best rival (1.00 = as good, at most {SLACK:.2f}): {said}", flush=True)
    return good


def real(budgets: tuple[float, ...], files: list[Path]) -> bool:
    """Replay the real histories."""
    good = True
    for path in files:
        history = read(path)
        for budget in budgets:
            began = time.perf_counter()
            found = {name: Mean([replay(history, make, budget)]) for name, make in POLICIES.items()}
            site = f"{path.name.split('.')[0]} ({history.at.size} edits of {history.born.size} pages)"
            took = time.perf_counter() - began
            good &= table(f"{site}, {budget} requests per page and day ({took:.0f} s)", found)
    return good


def invented(pages: int, seeds: int, names: list[str], budget: float) -> bool:
    """Play the worlds."""
    good = True
    for name in names:
        began = time.perf_counter()
        worlds: list[World] = [WORLDS[name](np.random.default_rng(seed), pages) for seed in range(seeds)]
        found: dict[str, Mean] = {}
        for policy, make in POLICIES.items():
            if policy != "oracle":
                found[policy] = Mean([replay(world.history, make, budget) for world in worlds])
        if worlds[0].signals is not None:
            found["onrecord+signals"] = Mean([replay(world.history, Ours, budget, signals=world.signals) for world in worlds])
        oracles: list[Maker] = [partial(KnownRates, rates=world.rates) for world in worlds]
        found["oracle"] = Mean([replay(world.history, make, budget) for world, make in zip(worlds, oracles, strict=True)])
        took = time.perf_counter() - began
        good &= table(f"world: {name}, {pages} pages, {budget * pages:.0f} requests a day, {seeds} seeds ({took:.0f} s)", found)
    return good


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one history, one budget, two small worlds, one seed")
    parser.add_argument("--worlds", nargs="*", default=list(WORLDS), choices=list(WORLDS))
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", choices=["real", "worlds", "planning"])
    asked = parser.parse_args()
    files = sorted(SHARED.glob("*.jsonl.gz")) if SHARED.is_dir() else []
    if not files:
        print(f"no real histories in {SHARED}: skipped")
    good = True
    if asked.only in (None, "planning"):
        good &= planning(1_000_000)
    if asked.only in (None, "real"):
        good &= real((0.1,) if asked.quick else BUDGETS, files[:1] if asked.quick else files)
    if asked.only in (None, "worlds"):
        pages, seeds, names = (4_000, 1, ["base", "no age"]) if asked.quick else (asked.pages, asked.seeds, asked.worlds)
        good &= invented(pages, seeds, names, 0.1)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
