"""`python -m tests.benchmarks.viewer [--versions N] [--archive DIR]`: milliseconds of every kind of page over HTTP.

An archive of 100,000 versions is grown first (half an hour; DIR keeps it for the next time). One `onrecord serve`
answers one client. `first` is a page asked right after the record changed, as a crawl changes it several times a second;
`p50` and `p95` are of different pages of a kind while it stands still; `cpu` is what the server itself spent on one on the
average, which other work on the machine does not lengthen much.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote

from sqlalchemy import text

from archive import database, workspace
from archive.workspace import FILE, Workspace
from tests.benchmarks.viewer.asking import kinds
from tests.benchmarks.viewer.growing import grow

LIMIT, SEARCH_LIMIT = 50.0, 100.0  # milliseconds at p95
FIRSTS = 5


@contextmanager
def served(root: Path) -> Iterator[tuple[http.client.HTTPConnection, int]]:
    """A connection to `onrecord serve` of this archive, in a process of its own, and its id."""
    command = [sys.executable, "-m", "archive.cli", "-C", str(root), "serve", "-p", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        ready, _, _ = select.select([process.stderr], [], [], 30)
        found = re.search(r"http://([\d.]+):(\d+)/", process.stderr.readline()) if ready else None
        assert found, "the viewer does not start"
        yield http.client.HTTPConnection(found[1], int(found[2]), timeout=120), process.pid
    finally:
        process.terminate()
        process.wait(30)


def asked(connection: http.client.HTTPConnection, path: str) -> tuple[float, int]:
    """Milliseconds and bytes of an answer."""
    began = time.perf_counter()
    path = quote(path, safe="/?&=:+@.%")
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    body = answer.read()
    took = (time.perf_counter() - began) * 1000
    assert answer.status == 200, (path, answer.status, body[:300])
    return took, len(body)


def spent(process: int) -> float:
    """Milliseconds of CPU of a process."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def change(made: Workspace) -> None:
    """What a crawl does to the viewer's memory: the record is not what it was."""
    with database.writing(database.open_engine(made)) as connection:
        connection.execute(text("UPDATE run SET ended_at = ended_at + 1 WHERE id = (SELECT max(id) FROM run)"))


def measure(made: Workspace, count: int) -> bool:
    """Print a line a kind; whether all are within their limits."""
    good = True
    print(f"{'kind':24}{'first':>8}{'p50':>8}{'p95':>8}{'cpu':>8}{'limit':>7}{'kB':>7}")
    with served(made.root) as (connection, process):
        time.sleep(5)  # the server counts what everybody asks for
        for kind, paths in kinds(made, count).items():
            firsts = []
            for path in paths[:FIRSTS]:
                change(made)
                firsts.append(asked(connection, path)[0])
            before = spent(process)
            took, sizes = zip(*(asked(connection, path) for path in paths), strict=True)
            p95 = quantiles(took, n=20)[-1] if len(took) > 1 else took[0]
            cpu = (spent(process) - before) / len(paths)
            limit = SEARCH_LIMIT if kind.startswith("search") else LIMIT
            within = max(p95, median(firsts)) <= limit
            good = good and within
            mark = "" if within else "  OVER"
            print(
                f"{kind:24}{median(firsts):8.1f}{median(took):8.1f}{p95:8.1f}{cpu:8.1f}"
                f"{limit:7.0f}{max(sizes) / 1000:7.0f}{mark}"
            )
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    return good


def main() -> int:
    """Grow or find the archive, measure, 1 where something is over its limit."""
    parser = argparse.ArgumentParser(prog="bench-viewer")
    parser.add_argument("--versions", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=60, help="of each kind")
    parser.add_argument("--archive", type=Path, help="where the grown archive is kept")
    asked_for = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="onrecord-bench-viewer-") as folder:
        root = asked_for.archive or Path(folder) / "archive"
        if not (root / FILE).exists():
            print(f"growing {asked_for.versions:,} versions in {root}", flush=True)
            took = grow(workspace.create(root), asked_for.versions)
            print(f"grown in {took:.0f} s", flush=True)
        database.upgrade(workspace.open_at(root))  # one kept from before
        return 0 if measure(workspace.open_at(root), asked_for.requests) else 1


if __name__ == "__main__":
    sys.exit(main())
