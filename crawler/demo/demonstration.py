"""The demonstration itself: serve an edition, crawl it with the real command, ask what changed, compare with the truth."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from archive import database, query, workspace
from archive.errors import OnrecordError, UnhealthyCrawl
from archive.feeds import change_path
from archive.workspace import Workspace
from crawler.demo.editions import COUNT, Editions
from crawler.demo.server import DemoServer
from crawler.demo.truth import Comparison, compare, newly_suspected, wrongly_missing

PORTAL = "demo"
# The demo's archive lies in its own folder, whatever archive this shell works with.
_ELSEWHERE = ("ONRECORD_DATABASE_URL", "ONRECORD_ARCHIVE", "ONRECORD_ARCHIVE_DATABASE", "ONRECORD_ARCHIVE_EVIDENCE")

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One edition: what the crawl said of itself, what changed by the record's word, and how that compares with the truth."""

    edition: int
    seconds: float
    crawl: Row
    changes: Sequence[Row]
    comparison: Comparison


class CrawlFailed(OnrecordError):
    """The crawl of an edition ended with an error: its own words are in the message."""

    code = "demo.crawl"


class Demonstration:
    """An archive in `root` of the portal that `server` shows."""

    def __init__(self, root: Path, editions: Editions, server: DemoServer) -> None:
        self.editions = editions
        self.server = server
        self._environ = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
        self._environ["ONRECORD_CRAWL_ALLOW_PRIVATE"] = "1"
        workspace.create(root)
        self.workspace: Workspace = workspace.open_at(root, self._environ)
        (self.workspace.portals / f"{PORTAL}.toml").write_text(portal_file(server.url), encoding="utf-8")
        database.upgrade(self.workspace)
        self._known: set[tuple[Any, ...]] = set()
        self._missing: Sequence[Row] = ()

    def telling_path(self) -> str:
        """Where the viewer shows an edit worth looking at first: the one of which the most words went and came."""
        with database.session(self.workspace, readonly=True) as record:
            edits = query.changes(record, portal=PORTAL, kinds=("edited",), fields=("body",))
        shown = max(edits, key=lambda row: min(row["words_added"], row["words_removed"]), default=None)
        return change_path(shown).lstrip("/") if shown is not None else ""

    def steps(self) -> Iterator[Step]:
        """Crawl the editions one after another; the times are those of the clock."""
        for number in range(1, COUNT + 1):
            began = time.monotonic()
            self.server.set_edition(number)
            crawl = self._crawl()
            reported = self._news()
            seconds = time.monotonic() - began
            edition = self.editions[number]
            comparison = compare([row.at(self.server.url) for row in edition.truth], reported)
            wrong = wrongly_missing(edition.missing, self._missing, self.server.url)
            yield Step(number, seconds, crawl, reported, replace(comparison, extra=(*comparison.extra, *wrong)))

    def _crawl(self) -> Row:
        """Run `onrecord crawl demo` and return what it says of itself; CrawlFailed with its last line where it fails."""
        words = ("-C", str(self.workspace.root), "crawl", PORTAL, "--recheck", "all", "--json", "-q")
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "archive.cli", *words],
            env=self._environ,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode not in (0, UnhealthyCrawl.exit_code):  # an unhealthy crawl says in its JSON why it is
            last = (done.stderr.strip() or "no message").splitlines()[-1]
            raise CrawlFailed(f"onrecord crawl {PORTAL} ended with {done.returncode}: {last}")
        summary: Row = json.loads(done.stdout)[0]
        return summary

    def _news(self) -> list[Row]:
        """The changes told and the pages suspected since the last time; the rows of `onrecord changes` and `gone`."""
        with database.session(self.workspace, readonly=True) as record:
            told: list[Row] = [dict(row) for row in query.changes(record, portal=PORTAL, blocks=True)]
            missing: list[Row] = [dict(row) for row in query.gone(record, portal=PORTAL)]
        fresh = [row for row in told if _key(row) not in self._known]
        self._known |= {_key(row) for row in fresh}
        suspected = newly_suspected(self._missing, missing)
        self._missing = missing
        return [*fresh, *suspected]


def portal_file(base: str) -> str:
    """The demo's portal file for a server at `base`."""
    return (files("crawler.demo") / "portal.toml").read_text(encoding="utf-8").replace("{base}", base)


def _key(change: Row) -> tuple[Any, ...]:
    return tuple(change[name] for name in ("page", "kind", "from", "to", "detected_at"))
