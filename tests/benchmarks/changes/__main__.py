"""Run each method on each pair in a process of its own, and print milliseconds, words and memory in one table.

The time is the median of repeated calls after a first one (processor time of one thread, so that a busy machine tells
the same as an idle one); the memory is what the first call
adds to the peak of a process that has imported the method. A method that needs more than LIMIT seconds is given up.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import resource
import signal
import statistics
import subprocess
import sys
import time

from tests.benchmarks.changes.methods import METHODS
from tests.benchmarks.changes.texts import CASES

LIMIT = 20  # seconds of processor time for one method on one pair
BUDGET = 0.6  # seconds of repeated calls
MAX_RSS = 10.0  # MB, ours
MAX_BLAME = 50.0  # ms
NEAR = 0.02  # above the optimum, ours, on pair f


def measure(method: str, case: str) -> dict[str, float | list[int]]:
    """In this process: median ms, MB of the first call, words removed and added, moves."""
    old, new = CASES[case][0]()
    compare = METHODS[method]()
    compare("a b c", "a c d")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.thread_time()
    answer = compare(old, new)
    first = time.thread_time() - start
    rss = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    times = [first]
    for _ in range(max(0, min(200, int(BUDGET / max(first, 1e-5))))):
        start = time.thread_time()
        compare(old, new)
        times.append(time.thread_time() - start)
    return {"ms": statistics.median(times[1:] or times) * 1e3, "min": min(times) * 1e3, "mb": rss, "answer": list(answer)}


def measured_apart(method: str, case: str) -> dict[str, float | list[int]] | None:
    """The same in a fresh process; None where it took too long or the library is not installed."""
    command = [sys.executable, "-m", "tests.benchmarks.changes", "--one", method, case]
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=30 * LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return None
    if run.returncode == -signal.SIGXCPU:
        return None
    if run.returncode:
        raise SystemExit(f"{method} on {case}: {run.stderr.strip().splitlines()[-1]}")
    found: dict[str, float | list[int]] = json.loads(run.stdout)
    return found


def main() -> int:
    """Print the table and the targets; 1 where a target of ours was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", nargs=2, metavar=("METHOD", "PAIR"), help="one measurement, as JSON")
    parser.add_argument("--own", action="store_true", help="without the peers")
    arguments = parser.parse_args()
    if arguments.one:
        resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT + 5))
        print(json.dumps(measure(*arguments.one)))
        return 0
    modules = {name: name.replace("-", "_") for name in METHODS if name not in ("onrecord", "LCS optimum")}
    missing = [name for name, module in modules.items() if importlib.util.find_spec(module) is None]
    shown = [name for name in METHODS if name not in missing and (not arguments.own or name in ("onrecord", "LCS optimum"))]
    for case, (texts, _) in CASES.items():
        print(f"{case}  {(texts.__doc__ or '').split(': ', 1)[1]}")
    print(f"\n{'':22}" + "".join(f"{case:^26}" for case in CASES))
    print(f"{'':22}" + "".join(f"{'ms':>8}{'-words+words':>13}{'MB':>5}" for _ in CASES))
    ours: dict[str, dict[str, float | list[int]]] = {}
    best: dict[str, int] = {}
    for method in shown:
        line = f"{method:22}"
        for case in CASES:
            found = measured_apart(method, case)
            if found is None:
                line += f"{f'> {LIMIT} s':>8}{'':18}"
                continue
            removed, added, _ = found["answer"]  # type: ignore[misc]
            line += f"{found['ms']:8.2f}{f'{removed}+{added}':>13}{found['mb']:5.1f}"
            if method == "onrecord":
                ours[case] = found
            if method == "LCS optimum":
                best[case] = removed + added
        print(line, flush=True)
    if missing:
        print("not installed: " + ", ".join(missing))
    return _targets(ours, best)


def _targets(ours: dict[str, dict[str, float | list[int]]], best: dict[str, int]) -> int:
    met = True

    def tell(ok: bool, what: str) -> None:
        nonlocal met
        met = met and ok
        print(f"{'ok    ' if ok else 'MISSED'}  {what}")

    print()
    for case, (_, target) in CASES.items():
        if case not in ours:
            tell(False, f"{case}: given up")
            continue
        if target is not None:
            tell(float(ours[case]["ms"]) <= target, f"{case}: {ours[case]['ms']:.2f} ms, target {target} ms")  # type: ignore[arg-type]
        tell(float(ours[case]["mb"]) <= MAX_RSS, f"{case}: {ours[case]['mb']:.1f} MB, target {MAX_RSS} MB")  # type: ignore[arg-type]
    removed, added, moves = ours["b"]["answer"]  # type: ignore[misc]
    tell(moves > 0, f"b: {moves} stretches told as moved")
    for case in ("a", "f"):
        removed, added, _ = ours[case]["answer"]  # type: ignore[misc]
        over = (removed + added) / best[case] - 1
        tell(over <= NEAR, f"{case}: {removed + added} words removed and added, optimum {best[case]} ({over:+.1%})")
    from tests.benchmarks.changes.blame import blame_ms  # the record's libraries must not weigh on the measurements

    took = blame_ms()
    tell(took <= MAX_BLAME, f"blame of 50 versions of 10,000 words: {took:.1f} ms, target {MAX_BLAME} ms")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
