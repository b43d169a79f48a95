"""The longest common subsequence of two lists of words or sentences, exact where it is cheap and bounded where not.

Bit-parallel LCS (Hyyro 2004, as rapidfuzz has it) costs n*m/64 steps and keeps n*m bits. Lists over that bound are
first cut at runs that occur once on each side (patience diff), so that a hostile page costs milliseconds and megabytes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Sequence
from itertools import count

from rapidfuzz.distance import LCSseq

Match = tuple[int, int, int]  # start in old, start in new, length

MAX_BITS = 32_000_000  # of one LCS table: 4 MB
_GRAMS = (8, 4, 2, 1)


def matches(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Match]:
    """Runs of equal elements in order, the longest such chain there is (or, over MAX_BITS, nearly)."""
    ids: dict[Hashable, int] = {}
    counter = count(1)
    return _merged(_matches(list(map(ids.setdefault, old, counter)), list(map(ids.setdefault, new, counter)), 0, 0))


def _matches(old: list[int], new: list[int], i0: int, j0: int) -> list[Match]:
    shorter = min(len(old), len(new))
    head = 0
    while head < shorter and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < shorter - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    found = [(i0, j0, head)] if head else []
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    if middle_old and middle_new:
        found += _middle(middle_old, middle_new, i0 + head, j0 + head)
    if tail:
        found.append((i0 + len(old) - tail, j0 + len(new) - tail, tail))
    return found


def _middle(old: list[int], new: list[int], i0: int, j0: int) -> list[Match]:
    if set(old).isdisjoint(new):
        return []
    if len(old) * len(new) <= MAX_BITS:
        return [
            (i0 + op.src_start, j0 + op.dest_start, op.src_end - op.src_start)
            for op in LCSseq.opcodes(old, new)
            if op.tag == "equal"
        ]
    found: list[Match] = []
    i = j = 0
    for cut_i, cut_j in [*_cuts(old, new), (len(old), len(new))]:
        if cut_i >= i and cut_j >= j:
            found += _matches(old[i:cut_i], new[j:cut_j], i0 + i, j0 + j)
            i, j = cut_i, cut_j
    return found


def _cuts(old: list[int], new: list[int]) -> list[tuple[int, int]]:
    """Places where both lists may be cut: starts of runs found once on each side, in one order; else the middle."""
    for size in _GRAMS:
        in_old, in_new = _once(old, size), _once(new, size)
        pairs = _increasing(sorted((i, in_new[gram]) for gram, i in in_old.items() if gram in in_new))
        if pairs:
            return [pair for at, pair in enumerate(pairs) if not at or pairs[at - 1] != (pair[0] - 1, pair[1] - 1)]
    return [(len(old) // 2, len(new) // 2)]


def _once(items: list[int], size: int) -> dict[tuple[int, ...], int]:
    """Runs of `size` that occur once, with their place."""
    grams = list(zip(*(items[k:] for k in range(size)), strict=False))
    last = dict(zip(grams, range(len(grams)), strict=True))
    grams.reverse()
    first = dict(zip(grams, range(len(grams) - 1, -1, -1), strict=True))
    return {gram: at for gram, at in last.items() if first[gram] == at}


def _increasing(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest chain of pairs that rises on both sides (patience sorting)."""
    tops: list[int] = []
    piles: list[int] = []
    before: list[int] = []
    for at, (_, j) in enumerate(pairs):
        pile = bisect_left(tops, j)
        before.append(piles[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [j]
        piles[pile : pile + 1] = [at]
    chain = []
    at = piles[-1] if piles else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]


def _merged(found: list[Match]) -> list[Match]:
    runs: list[Match] = []
    for i, j, n in found:
        if runs and runs[-1][0] + runs[-1][2] == i and runs[-1][1] + runs[-1][2] == j:
            runs[-1] = (runs[-1][0], runs[-1][1], runs[-1][2] + n)
        else:
            runs.append((i, j, n))
    return runs
