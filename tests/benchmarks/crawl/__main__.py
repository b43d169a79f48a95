"""`python -m tests.benchmarks.crawl [--quick] [--articles N] [--reps N]`: the table of docs/explanation/performance.md."""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.crawl import peers, workload
from tests.benchmarks.crawl.measure import Measure, pace, run
from tests.benchmarks.crawl.nginx import serve

ALLOW = {"ONRECORD_CRAWL_ALLOW_PRIVATE": "1"}
ONRECORD = [sys.executable, "-m", "archive.cli"]


def portal_file(base: str) -> str:
    """The portal file of workload W."""
    sections = "".join(
        f'[[section]]\nname = "Section {n}"\nurl = "/section-{n}/"\n'
        'paginate = { next = "a.next", max_pages = 200, backfill_pages = 200 }\n'
        for n in range(workload.SECTIONS)
    )
    return (
        f'schema = 1\n[portal]\nid = "w"\nname = "W"\nhome = "{base}/"\nlanguages = ["en", "ru", "az"]\n'
        f'[politeness]\ndelay = "0s"\nconcurrency = 16\nrequests_per_day = 1000000\n{sections}'
        "[articles]\nurl = '^/(en|ru|az)/news/\\d+\\.html'\n"
    )


def onrecord(base: str, folder: Path) -> Measure:
    """A crawl into the archive in `folder`, made if it is not there."""
    if not (folder / "onrecord.toml").exists():
        run([*ONRECORD, "init", str(folder)])
        (folder / "portals" / "w.toml").write_text(portal_file(base))
    return run([*ONRECORD, "-q", "-C", str(folder), "crawl", "w", "--recheck", "all"], env=ALLOW)


def main() -> None:
    """Interleave the contenders, print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="400 articles, one repetition: under three minutes")
    parser.add_argument("--articles", type=int)
    parser.add_argument("--reps", type=int)
    args = parser.parse_args()
    count = args.articles or (400 if args.quick else 2000)
    reps = args.reps or (1 if args.quick else 3)
    base_folder = Path(tempfile.mkdtemp(prefix="onrecord-bench-"))
    base_folder.chmod(0o755)
    try:
        contest(base_folder, count, reps)
    finally:
        shutil.rmtree(base_folder)


def contest(folder: Path, count: int, reps: int) -> None:
    """First crawls beside the peers, then re-crawls of an unchanged and of an edited, noisy edition."""
    root = folder / "www"
    articles = workload.write(root, count, 0)
    pages = len(articles) + sum(1 for _ in root.glob("section-*/*.html"))
    with serve(root, folder / "nginx") as base:
        contenders: dict[str, Callable[[Path], Measure]] = {
            "bare scrapy": lambda _: run(peers.bare(base)),
            "toy": lambda to: run(peers.toy(base, str(to))),
            "onrecord": lambda to: onrecord(base, to),
        }
        if shutil.which("wget"):
            contenders["wget --warc-file"] = lambda to: run(peers.wget(base, str(to)), ok=(0, 8))
        found: dict[str, list[Measure]] = {name: [] for name in contenders}
        paces = [pace()]
        for rep in range(reps):
            for name, contender in contenders.items():
                to = folder / f"{name.split()[0]}-{rep}"
                to.mkdir()
                found[name].append(contender(to))
                paces.append(pace())
                if name != "onrecord" or rep:
                    shutil.rmtree(to)
        table(found, pages)
        print(f"\nthe machine: the same work took {min(paces):.0f} to {max(paces):.0f} ms between the runs")
        archive = folder / "onrecord-0"
        disk = sum(item.stat().st_size for item in archive.rglob("*") if item.is_file())
        print(f"onrecord on disk: {disk / pages:,.0f} B a page")
        quarter(folder, count, statistics.median(item.rss for item in found["onrecord"]))
        recrawls(folder, root, base, archive, count, found["onrecord"], pages)


def table(found: dict[str, list[Measure]], pages: int) -> None:
    """Medians a contender, and ours as ratios to each."""
    ours = statistics.median(item.seconds for item in found["onrecord"])
    print(f"{pages} pages, {len(found['onrecord'])} repetitions, medians of whole processes\n")
    print(f"{'':18}{'pages/s':>9}{'CPU ms/page':>13}{'peak MB':>9}   onrecord is")
    for name, runs in found.items():
        seconds = statistics.median(item.seconds for item in runs)
        cpu = statistics.median(item.cpu for item in runs)
        peak = statistics.median(item.rss for item in runs)
        ratio = "" if name == "onrecord" else f"{seconds / ours:.2f} x its speed"
        print(f"{name:18}{pages / seconds:9.0f}{1000 * cpu / pages:13.2f}{peak / 1e6:9.0f}   {ratio}")


def quarter(folder: Path, count: int, peak: float) -> None:
    """Memory beside that of a crawl of a quarter of the articles: it should not grow with the portal."""
    workload.write(folder / "quarter", count // 4, 0)
    with serve(folder / "quarter", folder / "nginx-quarter") as base:
        small = onrecord(base, folder / "onrecord-quarter")
    print(
        f"peak memory: {peak / 1e6:.0f} MB, {peak / small.rss:.2f} x that of {count // 4} articles ({small.rss / 1e6:.0f} MB)"
    )


def recrawls(folder: Path, root: Path, base: str, archive: Path, count: int, first: list[Measure], pages: int) -> None:
    """The unchanged portal again, then edition 2, in which every page's furniture differs."""
    cpu = statistics.median(item.cpu for item in first)
    size = warc_bytes(archive)
    again = onrecord(base, archive)
    grown = (warc_bytes(archive) - size) / pages
    print(
        f"unchanged again: {again.cpu / cpu:.2f} of the first crawl's CPU, WARC +{grown:,.0f} B a page, "
        f"{changes(archive)} changes"
    )
    workload.write(root, count, 1)
    noisy = onrecord(base, archive)
    before, after = workload.edition(count, 0), workload.edition(count, 1)
    edited = sum(1 for number, version in after.items() if number in before and version != before[number])
    print(
        f"edition 2, noise on every page: {noisy.cpu / cpu:.2f} of the first crawl's CPU; found {changes(archive)}; "
        f"truth: {edited} edited, {len(before.keys() - after.keys())} gone, {len(after.keys() - before.keys())} new"
    )


def warc_bytes(archive: Path) -> int:
    """Size of the evidence."""
    return sum(item.stat().st_size for item in (archive / "warc").glob("*.warc.gz"))


def changes(archive: Path) -> dict[str, int]:
    """Changes by kind of the newest run that had any, first crawls left out."""
    with sqlite3.connect(archive / "archive.db") as db:
        rows = db.execute(
            'SELECT kind, count(*) FROM "change" WHERE muted IS NULL AND at >= (SELECT max(started_at) FROM run) GROUP BY kind'
        ).fetchall()
    return dict(rows)


if __name__ == "__main__":
    main()
