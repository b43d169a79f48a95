"""Blame of a 10,000-word page with 50 versions, out of a real record: milliseconds of one question."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from pathlib import Path

from archive import query
from archive.database import session
from archive.workspace import create
from tests.archive.story import Portal, article
from tests.benchmarks.changes.texts import a_text, an_edit

VERSIONS = 50


def blame_ms() -> float:
    """Median processor time of `query.blame`; the record is made first, and thrown away."""
    rng = random.Random(6)
    with tempfile.TemporaryDirectory() as folder:
        workspace = create(Path(folder) / "archive")
        portal = Portal(workspace)
        text = a_text(rng, 10_000)
        for _ in range(VERSIONS):
            portal.later(days=1).add(portal.shows(article("/news/1", text)))
            portal.end()
            text = an_edit(rng, text, 12)
        with session(workspace, readonly=True) as record:
            page = query.pages(record)[0]
            if page["versions"] != VERSIONS:
                raise RuntimeError(f"{page['versions']} versions were made")
            times = []
            for _ in range(15):
                start = time.process_time()
                query.blame(record, page["page"])
                times.append(time.process_time() - start)
    return statistics.median(times) * 1e3
