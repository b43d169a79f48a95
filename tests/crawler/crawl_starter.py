"""Starts `onrecord crawl` over and over without paying for Python's start each time.

    python -m tests.crawler.crawl_starter FOLDER

For each line on stdin a process is forked that runs the command in a process group of its own; its pid goes to stdout, and
when it has ended, its exit code (negative: the signal).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import scrapy.crawler  # noqa: F401 - as the others: loaded before the fork

from archive.cli import main


def run(folder: Path) -> None:
    """Serve until stdin ends."""
    assert "twisted.internet.reactor" not in sys.modules  # each crawl installs its own
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            os.setsid()
            for stream in (0, 1, 2):
                os.dup2(os.open(os.devnull if stream < 2 else folder / "stderr", os.O_RDWR | os.O_CREAT | os.O_TRUNC), stream)
            sys.argv = ["onrecord", "-q", "-C", str(folder / "archive"), "crawl", "--json"]
            code = 1
            try:
                code = int(main() or 0)
            except SystemExit as error:
                code = int(error.code or 0)
            finally:
                sys.stderr.flush()
                os._exit(code)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    run(Path(sys.argv[1]))
