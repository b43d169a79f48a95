"""How fast are old captures read again, and is any of it told as an edit? Beside plain reading in the same number of processes.

    python -m tests.benchmarks.reextract [--captures 10000] [--workers 2] [--repetitions 3]

Half as many articles as captures (workload W), each captured twice with one word edited, are ingested; then a rule of the
portal's file changes and `reextract` tells them again: a rule by which every text reads as before, as most changes of rules
are for most pages, and one by which every headline is another. Plain reading is what the reading pool does with such pages
already in memory, before and after, with nothing else to do.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from archive import database, query, workspace
from archive.ingest import Ingest, RunStart
from archive.records import Exchange, Visit
from archive.workspace import Workspace
from crawler import portal_file
from crawler.commands.reextract import reextract_portal
from crawler.extraction import read
from crawler.portal import Portal
from crawler.reading_ahead import ReadingAhead
from crawler.reading_pool import ReadingPool
from crawler.recorded import portal_record, reader_of
from tests.benchmarks.crawl.workload import render, story

HOME = "http://ministry.example/"
START = datetime(2024, 1, 1, tzinfo=UTC)
FILE = f"""\
schema = 1
[portal]
id = "w"
name = "Ministry of Benchmarks"
home = "{HOME}"
[articles]
url = '/news/'
"""
PLAIN = 1_500  # pages of each measurement of plain reading
RULES = {
    "a rule that changes no text": 'body = { prune = [".tools"] }',
    "a rule that changes every headline": 'title = "title"',
}


def body_of(number: int, version: int) -> bytes:
    """The page of an article in one of its versions."""
    return render(story(number, version), version, [story(n) for n in range(5)]).encode()


def visit_of(number: int, version: int) -> Visit:
    """One look at it, read."""
    item, at = story(number, version), START + timedelta(days=30 * version, seconds=number)
    url, body = HOME + item.path.lstrip("/"), body_of(number, version)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    request = f"GET {item.path} HTTP/1.1\r\nHost: ministry.example\r\n\r\n".encode()
    reading = read(body, url=url, content_type="text/html; charset=utf-8", portal=portal_file.parse(FILE), at=at)
    return Visit(url, "article", at, "content", (Exchange(url, at, request, head + body),), reading=reading, basis="read")


def fill(place: Workspace, captures: int, workers: int) -> None:
    """Ingest two captures of each article, an edit between them."""
    portal = portal_file.find(place, "w")
    with ProcessPoolExecutor(workers) as pool:
        for version in (0, 1):
            ingest = Ingest(place, reader=reader_of(portal))
            ingest.begin(portal_record(place, portal), RunStart(kind="crawl", settings={}))
            numbers = range(captures // 2)
            batch: list[Visit] = []
            for visit in pool.map(visit_of, numbers, [version] * len(numbers), chunksize=16):
                batch.append(visit)
                if len(batch) == 128:
                    ingest.add(batch)
                    batch = []
            ingest.add(batch)
            ingest.end("ok", [], {})


def plain_rate(portal: Portal, workers: int) -> float:
    """Pages a second of the reading pool alone."""
    bodies = [body_of(number, 0) for number in range(PLAIN)]

    async def all_of() -> float:
        pool = ReadingPool(workers)

        async def one(body: bytes) -> None:
            await pool.read(portal, body, url=HOME + "en/news/1.html", content_type="text/html; charset=utf-8", at=START)

        await asyncio.gather(*(one(body) for body in bodies[: 20 * workers]))  # loads the workers
        started = time.perf_counter()
        await asyncio.gather(*(one(body) for body in bodies))
        spent = time.perf_counter() - started
        pool.close()
        return PLAIN / spent

    return asyncio.run(all_of())


def told(place: Workspace) -> Iterator[tuple[Any, ...]]:
    """Every change as the record tells it, rules aside."""
    with database.session(place, readonly=True) as session:
        for row in map(dict, query.changes(session, limit=None)):
            yield tuple(str(row[key]) for key in ("page", "kind", "from", "to", "detected_at", "words_added", "words_removed"))


def again(archive: Path, rule: str, workers: int) -> float:
    """Read a copy of the archive again under another rule and print how fast; returns the share of plain reading."""
    with tempfile.TemporaryDirectory() as folder:
        place = workspace.open_at(Path(shutil.copytree(archive, Path(folder) / "archive")))
        before = sorted(told(place))
        (place.portals / "w.toml").write_text(f"{FILE}[[layout]]\n{rule}\n", encoding="utf-8")
        portal = portal_file.find(place, "w")
        rates = [plain_rate(portal, workers)]
        with ReadingAhead(workers) as ahead:
            started = time.perf_counter()
            done = reextract_portal(place, "w", None, ahead)
            spent = time.perf_counter() - started
        rates.append(plain_rate(portal, workers))
        rate, plain = done["captures"] / spent, sum(rates) / 2
        different = len(set(before) ^ set(told(place)))
        print(
            f"  {rate:.0f} a second, {rate / plain:.2f} of plain reading ({rates[0]:.0f} before, {rates[1]:.0f} after);"
            f" {done['captures']:,} captures, {done['as_before']:,} as before, {done['unread']} unread;"
            f" {len(before):,} changes told, {different} otherwise than before"
        )
        return rate / plain


def main(argv: list[str] | None = None) -> None:
    """Print what was read, how fast, and what was told."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--captures", type=int, default=10_000)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--repetitions", type=int, default=3)
    chosen = options.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        place = workspace.create(Path(folder) / "archive")
        database.upgrade(place)
        (place.portals / "w.toml").write_text(FILE, encoding="utf-8")
        started = time.perf_counter()
        fill(place, chosen.captures, chosen.workers)
        print(f"{chosen.captures:,} captures ingested in {time.perf_counter() - started:.0f} s")
        for name, rule in RULES.items():
            print(name)
            shares = [again(place.root, rule, chosen.workers) for _ in range(chosen.repetitions)]
            print(f"  median share {statistics.median(shares):.2f}")


if __name__ == "__main__":
    main()
