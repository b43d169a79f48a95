"""May this host be asked now? The last request and the rest it asked for, in a small file a host that outlives the process.

Crawls of several portals on one host, `portal try` beside a crawl and the crawl after a killed one all take turns by the
same file, so that none of them undercuts the delay or forgets a Retry-After that another was given.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

MAX_REST = 86_400.0  # seconds; a server that asks for more is asked again after a day


class Resting(Exception):
    """Nothing may be asked of the host for now: it asked for a long rest, its quiet hours began, or the crawl is ending."""


class Pace:
    """Turns of one process. `folder` holds the files; without one nothing outlives the process."""

    def __init__(self, folder: Path | None, clock: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._clock = clock
        self._files: dict[str, int] = {}

    def wait(self, host: str, delay: float) -> float:
        """0: it is our turn, and taken. Else seconds after which to ask again; `delay` is the least time between requests.

        The delay of whoever asked last counts too: a run does not know what robots.txt asks for before it has read it.
        """
        file = self._file(host)
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            now = self._clock()
            last, before, rest = _read(file)
            apart = max(delay, before)
            # A clock that was set back must not make us wait for longer than was ever asked.
            wait = max(min(last + apart - now, apart), min(rest - now, MAX_REST), 0.0)
            if wait == 0.0:
                _write(file, now, delay, 0.0)
            return wait
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)

    def reached(self, host: str) -> None:
        """The host has surely seen the request by now: the delay counts from here, however long the way took."""
        self._update(host, lambda last, delay, rest: (self._clock(), delay, rest))

    def rest(self, host: str, seconds: float) -> None:
        """The host asked to be left alone for so long."""
        until = self._clock() + min(seconds, MAX_REST)
        self._update(host, lambda last, delay, rest: (last, delay, max(rest, until)))

    def close(self) -> None:
        """Let the files go."""
        for file in self._files.values():
            os.close(file)
        self._files.clear()

    def _update(self, host: str, change: Callable[[float, float, float], tuple[float, float, float]]) -> None:
        file = self._file(host)
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            _write(file, *change(*_read(file)))
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)

    def _file(self, host: str) -> int:
        if host not in self._files:
            name = f"pace-{quote(host.lower(), safe='')}"[:200]
            if self._folder is None:
                self._files[host] = os.memfd_create(name, os.MFD_CLOEXEC)
            else:
                self._folder.mkdir(exist_ok=True)
                self._files[host] = os.open(self._folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        return self._files[host]


def _read(file: int) -> tuple[float, float, float]:
    with suppress(ValueError):
        last, delay, rest = map(float, os.pread(file, 64, 0).partition(b"\n")[0].split())
        return last, delay, rest
    return 0.0, 0.0, 0.0


def _write(file: int, last: float, delay: float, rest: float) -> None:
    with suppress(OSError):  # a full disk is told by what cannot do without it; within the run Scrapy's slots keep the delay
        os.pwrite(file, b"%20.6f %12.6f %20.6f\n" % (last, delay, rest), 0)
