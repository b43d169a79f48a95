"""How long does a plan of a million pages take, and how much memory?"""

from __future__ import annotations

import resource
import subprocess
import sys
import time

import numpy as np

from schedules.revisit import Policy, longest

MAX_SECONDS, MAX_MEGABYTES = 1.0, 500.0


def planning(pages: int) -> bool:
    """Plan in a process of its own, so that its peak memory is the plan's; whether it holds the bar."""
    told = subprocess.run([sys.executable, "-m", __name__, str(pages)], check=True, capture_output=True, text=True).stdout
    seconds, megabytes = map(float, told.split())
    good = seconds <= MAX_SECONDS and megabytes <= MAX_MEGABYTES
    bar = f"bar: {MAX_SECONDS} s, {MAX_MEGABYTES:.0f} MB"
    print(f"{'ok  ' if good else 'FAIL'} planning {pages:,} pages: {seconds:.2f} s, peak {megabytes:.0f} MB ({bar})")
    return good


def _measure(pages: int) -> None:
    random = np.random.default_rng(1)
    now = 480_000.0
    born = np.sort(now - random.uniform(0, 4 * 8760, pages))
    policy = Policy(random.integers(0, 40, pages), born, random.uniform(0.5, 2, pages))
    for hours in range(1, 20):  # a history: some visits, some of them to changed pages
        some = np.sort(random.choice(pages, 20_000, replace=False))
        at = now + hours
        policy.observe(some, at, random.random(some.size) < 0.05)
    best = float("inf")
    for later in (20.0, 21.0, 22.0):
        began = time.perf_counter()
        _, priority = policy.expected(now + later)
        longest(-priority, 2000)
        best = min(best, time.perf_counter() - began)
    print(best, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    _measure(int(sys.argv[1]))
