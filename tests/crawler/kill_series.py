"""Kills `onrecord crawl`, all its processes at once, at random moments, again and again; what was committed must stay.

    python -m tests.crawler.kill_series FOLDER KILLS SECONDS SEED

Ends after so many kills or seconds, whichever comes first, with one crawl that is left alone.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from archive.cdxj import Index
from archive.database import open_engine
from archive.models import Base
from archive.records import Locator
from archive.verify import verify
from archive.warc import read_record
from archive.workspace import Workspace, open_at
from tests.crawler.small_portal import WORDS, SmallPortal, archive_of, page, small_portal
from tests.crawler.test_crawl import ENV

ARTICLES = 24
EDITED = 4  # articles that change between two crawls
LEAST = 3  # kills, however slow the machine
FULL = 10  # kills between two checks of everything


@dataclass
class Series:
    """One archive and what was seen committed in it, so far."""

    workspace: Workspace
    portal: SmallPortal
    starter: subprocess.Popen[str]
    rng: random.Random
    texts: dict[int, str] = field(default_factory=dict)
    promised: set[tuple[str, str]] = field(default_factory=set)  # address and sha256 of the record
    kills: int = 0
    ended: int = 0  # crawls that were quicker than the kill, which are no kills
    asking: float = 2.0  # seconds from a crawl's first request to its end

    def edit(self) -> None:
        """Some articles say something new."""
        for number in self.rng.sample(range(1, ARTICLES + 1), EDITED):
            self.texts[number] = f"Edition {self.kills + self.ended} puts it at {self.rng.randrange(10**6)}."
            body = f"<p>Number {number}. {WORDS}{self.texts[number]}</p><p>{WORDS} It concerns district {number}.</p>"
            self.portal.put(f"/en/news/{number}", page(f"Statement number {number} of the ministry", body), etag=True)

    def begin(self) -> int:
        """Start a crawl; its process id, which is its group's too."""
        assert self.starter.stdin is not None
        assert self.starter.stdout is not None
        self.starter.stdin.write("\n")
        self.starter.stdin.flush()
        return int(self.starter.stdout.readline())

    def end(self) -> int:
        """Wait for it; its exit code."""
        assert self.starter.stdout is not None
        return int(self.starter.stdout.readline())

    def kill_one(self) -> None:
        """A crawl that gets a random share of the time it would need: mostly after its first request, at times before."""
        asked = len(self.portal.asked)
        pid = self.begin()
        patience = time.monotonic() + self.rng.choice((0, 1, 30, 30, 30, 30))
        while len(self.portal.asked) == asked and time.monotonic() < patience:
            time.sleep(0.01)
        until = time.monotonic() + self.rng.uniform(0, 1.2 * self.asking)
        while (left := until - time.monotonic()) > 0:
            self.promised |= committed(self.workspace)
            time.sleep(min(left, 0.05))
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
        code = self.end()
        if code == -signal.SIGKILL:
            self.kills += 1
        else:
            assert code == 0, (self.workspace.root.parent / "stderr").read_text()[-3000:]
            self.ended += 1
        self.asking *= 1.1 if code else 0.7  # so that about one in four or five comes too late, whatever the machine does

    def crawl(self) -> None:
        """A crawl that is left alone ends well and finds every text as it stands."""
        asked = len(self.portal.asked)
        self.begin()
        assert self.end() == 0, (self.workspace.root.parent / "stderr").read_text()[-3000:]
        self.asking = time.monotonic() - self.portal.asked[asked][0]
        with sqlite3.connect(f"file:{self.workspace.root / 'archive.db'}?mode=ro", uri=True) as record:
            texts = " ".join(body or "" for (body,) in record.execute("select body from reading"))
        assert all(text in texts for text in self.texts.values())

    def check(self, *, full: bool) -> None:
        """Nothing that was seen committed is lost, and what the index names can be read."""
        held = committed(self.workspace)
        assert self.promised <= held, f"{len(self.promised - held)} captures that were committed are lost"
        evidence = self.workspace.evidence
        lines = list(Index(evidence).lookup(self.portal.base + "/", prefix=True))
        for item in lines if full else lines[-20:]:
            place = Locator(item.fields["filename"], int(item.fields["offset"]), int(item.fields["length"]), "")
            assert read_record(evidence, place).target == item.fields["url"]
        if full and held:
            found = [item for item in verify(self.workspace).problems if item.file != "index"]  # made at the next start
            assert found == [], found[:3]


def committed(workspace: Workspace) -> set[tuple[str, str]]:
    """Address and record of every capture that is committed now."""
    capture = Base.metadata.tables["capture"]
    with open_engine(workspace, readonly=True).connect() as connection:
        return {(row.url, row.sha256) for row in connection.execute(select(capture.c.url, capture.c.sha256))}


def main(folder: Path, kills: int, seconds: float, seed: int) -> None:
    folder.mkdir(parents=True)
    deadline = time.monotonic() + seconds
    with small_portal(ARTICLES) as portal:
        workspace = open_at(archive_of(folder / "archive", portal))
        command = [sys.executable, "-m", "tests.crawler.crawl_starter", str(folder)]
        with subprocess.Popen(command, env=ENV, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as starter:
            series = Series(workspace, portal, starter, random.Random(seed))
            series.edit()
            series.crawl()
            while series.kills < kills and (time.monotonic() < deadline or series.kills < LEAST):
                series.edit()
                series.kill_one()
                series.check(full=series.kills % FULL == 0)
            series.edit()
            series.crawl()
            series.check(full=True)
            assert starter.stdin is not None
            starter.stdin.close()
    report = verify(workspace)
    assert report.problems == [], report.problems[:3]
    aside = len(list((workspace.evidence / "aside").glob("*")))
    print(
        f"kills={series.kills} ended before={series.ended} seen committed={len(series.promised)} captures={report.captures} "
        f"put aside={aside} problems=0"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]))
