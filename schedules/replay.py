"""What would a revisit policy have caught? Runs a policy over a known history of edits, hour by hour. PURE.

A page is known to the policy from the moment it was published and was seen then. Requests are spent evenly over the day;
each asks a page and shows only whether it changed since the policy last saw it. An edit is *caught* when a request sees
the page before its next edit, that is, when its very text is seen. The delay of an edit is the time until the first
request after it; an edit that no request follows counts as seen when the history ends. Edits of one instant are one.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from archive.errors import UsageError
from schedules.hazard import Floats, Ints
from schedules.revisit import longest

STEP = 1.0  # hours between two plans


@dataclass(frozen=True, slots=True)
class History:
    """What happened to the pages of a site. Pages are in the order of their birth; times are hours since 1970."""

    section: Ints
    born: Floats
    page: Ints  # of each edit, ascending
    at: Floats  # of each edit, ascending within its page
    end: float
    begin: float = -np.inf  # when the policy starts; pages that are older were seen then
    count_from: float = -np.inf  # edits and requests before this are run in, not counted

    def first_seen(self) -> Floats:
        """When the policy saw each page first."""
        return np.maximum(self.born, self.begin)


class Ranker(Protocol):
    """A policy as the replay sees it."""

    def priority(self, now: float, known: int) -> Floats:
        """How much each of the first `known` pages is worth asking now."""
        ...

    def observe(self, pages: Ints, now: float, changed: NDArray[np.bool_]) -> None:
        """What asking these pages showed."""
        ...


Maker = Callable[[History, float], Ranker]  # from a history (births and sections only) and requests per page and day


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a policy fared: the keys of `schedule replay --json`, delays in hours."""

    requests: int
    edits: int
    caught: int
    median_delay_h: float | None
    mean_delay_h: float | None


def replay(history: History, make: Maker, budget: float, *, signals: tuple[Ints, Floats] | None = None) -> Outcome:
    """Run a policy with a budget: below 1 requests per known page and day, from 1 on requests a day in all."""
    ranker = make(history, budget)
    starts = np.searchsorted(history.page, np.arange(history.born.size + 1))
    unseen = starts[:-1].copy()  # number of each page's first edit that is not yet seen
    next_edit = _next(history.at, unseen, starts)
    seen_at = np.full(history.at.size, np.inf)
    caught = np.zeros(history.at.size, dtype=bool)
    now, allowed, requests = max(float(history.born[0]), history.begin), 0.0, 0
    told = 0
    while now < history.end:
        now += STEP
        known = int(np.searchsorted(history.born, now, side="right"))
        allowed += (budget * known if budget < 1 else budget) * STEP / 24
        whole = int(allowed + 1e-9)
        count = min(whole, known)
        if count == 0:
            continue
        allowed -= whole
        if signals is not None:
            upto = int(np.searchsorted(signals[1], now, side="right"))
            ranker.signalled(signals[0][told:upto], signals[1][told:upto])  # type: ignore[attr-defined]
            told = upto
        pages = longest(-ranker.priority(now, known), count)
        changed = next_edit[pages] <= now
        for page in pages[changed]:
            last = unseen[page] + int(np.searchsorted(history.at[unseen[page] : starts[page + 1]], now, side="right"))
            seen_at[unseen[page] : last] = now
            caught[last - 1] = True
            unseen[page] = last
        next_edit[pages] = _next(history.at, unseen[pages], starts[pages + 1], absolute=True)
        ranker.observe(pages, now, changed)
        requests += count if now >= history.count_from else 0
    counted = history.at >= history.count_from
    delays = (np.minimum(seen_at, history.end) - history.at)[counted]
    some = delays.size > 0
    return Outcome(
        requests=requests,
        edits=int(counted.sum()),
        caught=int(caught[counted].sum()),
        median_delay_h=round(float(np.median(delays)), 2) if some else None,
        mean_delay_h=round(float(delays.mean()), 2) if some else None,
    )


def read(path: Path) -> History:
    """A history from JSON lines (.gz or not): {"page", "section", "created", "edits": [[time, …], …]}, Unix seconds."""
    opened = gzip.open if path.suffix == ".gz" else open
    pages: list[tuple[float, str, list[float]]] = []
    try:
        with opened(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    pages.append(_page(line, path, number))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {path}: {error}") from error
    if not pages:
        raise UsageError(f"{path}: no page in it")
    pages.sort(key=lambda item: item[0])
    sections = {name: number for number, name in enumerate(dict.fromkeys(item[1] for item in pages))}
    edits = [sorted(set(item[2])) for item in pages]
    page = np.repeat(np.arange(len(pages)), [len(item) for item in edits])
    at = np.array([moment for item in edits for moment in item], dtype=float)
    born = np.array([item[0] for item in pages])
    end = max(float(at.max(initial=0.0)), float(born[-1])) + 24
    return History(np.array([sections[item[1]] for item in pages], dtype=np.intp), born, page.astype(np.intp), at, end)


def _page(line: str, path: Path, number: int) -> tuple[float, str, list[float]]:
    try:
        row = json.loads(line)
        edits = [float(edit[0] if isinstance(edit, list) else edit) / 3600 for edit in row["edits"]]
        return float(row["created"]) / 3600, str(row.get("section", "")), edits
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise UsageError(
            f"{path}:{number}: not a page's history",
            hint='{"page": 1, "section": "news", "created": 1541182475, "edits": [[1550689165]]}',
        ) from error


def _next(at: Floats, unseen: Ints, ends: Ints, *, absolute: bool = False) -> Floats:
    """When each page's first unseen edit is; never where it has none."""
    stop = ends if absolute else ends[1:]
    found: Floats = np.where(unseen < stop, at[np.minimum(unseen, max(at.size - 1, 0))] if at.size else np.inf, np.inf)
    return found
