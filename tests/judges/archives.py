"""Archives for the judges, each crawled by the real command: a small portal, and the dated editions of a real one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.workspace import Workspace, open_at
from tests.crawler.small_portal import archive_of, small_portal
from tests.crawler.test_crawl import ENV, ask
from tests.shared_data import shared

DATES = ("2019-06-01", "2020-07-01", "2023-11-10")


def small(folder: Path) -> Workspace:
    """Three crawls: an edit, a 404, a redirect, a 304, pages that do not change."""
    with small_portal() as portal:
        archive_of(folder / "archive", portal)
        portal.article(1, etag=True)
        ask(folder / "archive", "crawl", "small")
        portal.article(3, words="The total is 47 million.")
        portal.put("/en/news/2", b"<h1>Not found</h1>", status=404)
        portal.put("/en/news/4", b"", status=301, headers={"Location": "/en/news/5"})
        ask(folder / "archive", "crawl", "small", code=0)
        ask(folder / "archive", "crawl", "small")
    return open_at(folder / "archive")


def digital_canada(folder: Path) -> Workspace:
    """Three dated editions of a real portal, the last crawled twice; skipped where the shared data is absent."""
    portals = shared("portals")
    run("-q", "init", str(folder / "archive"))
    live = folder / "edition"
    live.write_text(DATES[0])
    with served(portals, live) as base:
        run("-C", str(folder / "archive"), "add", base, "--yes", "--delay", "0s")
        for date in (*DATES, DATES[-1]):
            live.write_text(date)
            run("-C", str(folder / "archive"), "crawl")
    return open_at(folder / "archive")


def run(*words: str) -> None:
    """Run our command; what it says is shown where it fails."""
    command = [sys.executable, "-m", "archive.cli", *words]
    done = subprocess.run(command, env=ENV, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


@contextmanager
def served(portals: Path, live: Path) -> Iterator[str]:
    """The edition whose date stands in the file `live`, on a free port."""
    words = [portals / "serve_portal.py", portals / "digital-canada-ca", "--control", live, "--port", "0", "--stub-images"]
    command = [sys.executable, *map(str, words)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().split()[0]
        finally:
            server.terminate()
