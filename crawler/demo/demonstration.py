"""The demonstration itself: serve an edition, crawl it with the real command, ask what changed, compare with the truth."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from archive import database, workspace
from archive.errors import OnrecordError
from archive.workspace import Workspace
from crawler.demo.editions import COUNT, Editions
from crawler.demo.server import DemoServer
from crawler.demo.truth import Comparison, compare, newly_suspected, wrongly_missing

PORTAL = "demo"
_ONRECORD = "from archive.cli import main; main()"
_ELSEWHERE = ("ONRECORD_DATABASE_URL", "ONRECORD_ARCHIVE", "ONRECORD_ARCHIVE_DATABASE", "ONRECORD_ARCHIVE_EVIDENCE")


@dataclass(frozen=True, slots=True)
class Step:
    """One edition: what the crawl said of itself, what changed by its word, and how that compares with the truth."""

    edition: int
    seconds: float
    crawl: dict[str, Any]
    changes: list[dict[str, Any]]
    comparison: Comparison


class CommandFailed(OnrecordError):
    """A command of the demonstration ended with an error: its own words are in the message."""

    code = "demo.command"


class Demonstration:
    """An archive in `root` of the portal that `server` shows."""

    def __init__(self, root: Path, editions: Editions, server: DemoServer) -> None:
        self.workspace: Workspace = workspace.create(root)
        self.editions = editions
        self.server = server
        database.upgrade(self.workspace)
        self._known: set[tuple[str, ...]] = set()
        self._missing: list[dict[str, Any]] = []
        (self.workspace.portals / f"{PORTAL}.toml").write_text(portal_file(server.url), encoding="utf-8")

    def steps(self) -> Iterator[Step]:
        """Crawl the editions one after another; the times are those of the clock."""
        for number in range(1, COUNT + 1):
            began = time.monotonic()
            self.server.set_edition(number)
            crawl = self.ask("crawl", PORTAL, "--recheck", "all", "--json", "-q")
            changes = self._news()
            missing = self.ask("gone", "--json")
            reported = [*changes, *newly_suspected(self._missing, missing)]
            self._missing = missing
            edition = self.editions[number]
            comparison = compare([row.at(self.server.url) for row in edition.truth], reported)
            wrong = wrongly_missing(edition.missing, missing, self.server.url)
            comparison = replace(comparison, extra=(*comparison.extra, *wrong))
            yield Step(number, time.monotonic() - began, crawl[0], reported, comparison)

    def _news(self) -> list[dict[str, Any]]:
        """The changes reported since the last time."""
        rows: list[dict[str, Any]] = self.ask("changes", "--json")
        fresh = [row for row in rows if _key(row) not in self._known]
        self._known |= {_key(row) for row in fresh}
        return fresh

    def blocks(self, change: dict[str, Any]) -> list[dict[str, Any]]:
        """The blocks of a change's diff, those of its words first."""
        diff = self.ask("diff", change["page"], f"{change['from']}..{change['to']}", "--json")
        return sorted(diff["blocks"], key=lambda block: block["field"] not in ("body", "headline"))

    def ask(self, *words: str) -> Any:
        """What `onrecord WORDS` prints as JSON. CommandFailed with its last line of standard error where it fails."""
        command = [sys.executable, "-c", _ONRECORD, "-C", str(self.workspace.root), *words]
        environ = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
        environ["ONRECORD_CRAWL_ALLOW_PRIVATE"] = "1"
        done = subprocess.run(command, env=environ, capture_output=True, text=True, encoding="utf-8", check=False)  # noqa: S603
        if done.returncode not in (0, 4):  # 4: the crawl ended, unhealthy; its JSON says why
            last = (done.stderr.strip() or "no message").splitlines()[-1]
            raise CommandFailed(f"onrecord {' '.join(words)} ended with {done.returncode}: {last}")
        return json.loads(done.stdout)


def portal_file(base: str) -> str:
    """The demo's portal file for a server at `base`."""
    return (files("crawler.demo") / "portal.toml").read_text(encoding="utf-8").replace("{base}", base)


def _key(change: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(change.get(name)) for name in ("page", "kind", "from", "to", "detected_at"))
