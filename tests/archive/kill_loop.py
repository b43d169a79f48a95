"""Kills a writing process at random moments, again and again, and checks after each kill that nothing promised is lost.

    python -m tests.archive.kill_loop FOLDER KILLS SEED

Children are forked from this process, so that a kill costs a tenth of a second and not a start of Python.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import sys
import time
from pathlib import Path

from sqlalchemy import select

from archive.database import open_engine
from archive.models import Base
from archive.records import Locator
from archive.verify import verify
from archive.warc import read_record
from archive.workspace import Workspace, create
from tests.archive.story import Portal, article


def write_until_killed(workspace: Workspace, kill: int, acknowledged: int) -> None:
    """A crawl that goes on and on; says on a pipe which payloads were acknowledged, each only after `add` returned."""
    portal = Portal(workspace)
    portal.later(days=kill)
    portal.begin()
    batch = 0
    while True:
        texts = [article(f"/news/{kill}-{batch}-{n}", headline=f"Report {kill} {batch} {n}") for n in range(3)]
        visits = [portal.shows(text, furniture="x" * random.Random(batch).randrange(3000)) for text in texts]
        portal.add(*visits)
        for visit in visits:
            body = visit.exchanges[0].response.split(b"\r\n\r\n", 1)[1]
            os.write(acknowledged, f"{hashlib.sha256(body).hexdigest()}\n".encode())
        batch += 1
        if batch % 7 == 0:
            portal.end()
            portal.later(minutes=1).begin()


def main(folder: Path, kills: int, seed: int) -> None:
    rng = random.Random(seed)
    workspace = create(folder)
    promised: set[str] = set()
    for kill in range(kills):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            write_until_killed(workspace, kill, writing)
        os.close(writing)
        with os.fdopen(reading, "rb", buffering=0) as pipe:
            said = b"".join(pipe.read(65) for _ in range(rng.choice((0, 3, 3, 6, 12))))  # after so many promises, and a bit
            time.sleep(rng.expovariate(1 / 0.02))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            said += pipe.read()
        promised |= {line.decode() for line in said.split(b"\n") if len(line) == 64}
        check(workspace, promised, full=kill % 10 == 9 or kill == kills - 1)
    portal = Portal(workspace)  # and a crawl that is not killed ends well
    portal.later(days=kills + 1).begin()
    portal.add(portal.shows(article("/news/last")))
    portal.end()
    report = verify(workspace)
    assert report.problems == [], report.problems[:3]
    assert report.ok == report.captures == report.size
    aside = len(list((workspace.evidence / "aside").glob("*")))
    print(f"kills={kills} promised={len(promised)} captures={report.captures} put aside={aside} problems=0")


def check(workspace: Workspace, promised: set[str], *, full: bool) -> None:
    """Every promised payload is in the record, its bytes read back, and `verify` finds nothing wrong."""
    capture, payload, warc = (Base.metadata.tables[name] for name in ("capture", "payload", "warc"))
    query = (
        select(payload.c.sha256, capture.c.offset, capture.c.length, capture.c.sha256.label("record"), warc.c.name)
        .join(capture, capture.c.payload_id == payload.c.id)
        .join(warc, warc.c.id == capture.c.warc_id)
    )
    if not (workspace.root / "archive.db").exists():
        assert not promised
        return
    with open_engine(workspace, readonly=True).connect() as connection:
        rows = connection.execute(query).all() if connection.dialect.has_table(connection, "capture") else []
    held = {row.sha256 for row in rows}
    assert promised <= held, f"{len(promised - held)} acknowledged captures are lost"
    for row in rows if full else rows[-30:]:
        read_record(workspace.evidence, Locator(row.name, row.offset, row.length, row.record))
    if full and rows:
        report = verify(workspace)
        found = [item for item in report.problems if item.file != "index"]  # made again at the next start
        assert found == [], found[:3]


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
