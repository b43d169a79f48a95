"""One process measured as a whole: wall and CPU seconds of it and its children, and the peak memory of its tree."""

from __future__ import annotations

import math
import os
import resource
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Measure:
    """What one run took."""

    seconds: float
    cpu: float  # seconds, of it and of everything it started
    rss: int  # bytes: the largest sum over the process and its descendants that was seen
    code: int


def run(
    command: Sequence[str], *, env: Mapping[str, str] | None = None, cwd: Path | None = None, ok: tuple[int, ...] = (0,)
) -> Measure:
    """Run it to its end; RuntimeError with its last words when its exit code is not among `ok`."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    # Byte code is kept for all of them, as it is on any machine that did not forbid it.
    process = subprocess.Popen(
        command,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "", **(env or {})},
        cwd=cwd,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    peak = _Peak(process.pid)
    peak.start()
    _, said = process.communicate()
    seconds = time.perf_counter() - started
    peak.done.set()
    peak.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode not in ok:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}: {said.decode(errors='replace')[-2000:]}")
    # What was waited for by its parent; a fork server's children are not, and are counted while they live.
    cpu = max(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, sum(peak.ticks.values()) / _TICKS)
    return Measure(seconds, cpu, peak.bytes, process.returncode)


def pace() -> float:
    """Milliseconds of CPU that one and the same piece of work takes now. Where a machine is shared, it is not always as fast,
    and ratios of runs between which this differs say little."""
    taken = []
    for _ in range(5):
        started = time.process_time()
        sum(number * number for number in range(300_000))
        taken.append(time.process_time() - started)
    return min(taken) * 1000


class _Peak(threading.Thread):
    """Looks at the processes while they run. Adding up their memory walks through all of it, so that is done once a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.bytes, self.done = pid, 0, threading.Event()
        self.ticks: dict[int, int] = {}

    def run(self) -> None:
        weighed = -math.inf
        while not self.done.wait(0.2):
            pids = _tree(self.pid)
            self.ticks.update({pid: used for pid in pids if (used := _ticks(pid))})
            if time.monotonic() - weighed >= 1:
                weighed = time.monotonic()
                self.bytes = max(self.bytes, sum(_proportional(pid) for pid in pids))


def _tree(root: int) -> list[int]:
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            try:
                waiting += [int(child) for child in task.read_text().split()]
            except OSError:
                continue
    return found


def _ticks(pid: int) -> int:
    """User and system time of one process so far (proc(5): fields 14 and 15 of stat)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def _proportional(pid: int) -> int:
    """Memory of one process with shared pages divided among their users (Pss)."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0
