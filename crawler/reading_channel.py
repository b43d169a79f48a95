"""One reading process as the event loop sees it: a socket of its own, and answers in order, so that which page it died of is
known, and no thread of this process stands between the loop and a reading."""

from __future__ import annotations

import asyncio
from collections import deque
from multiprocessing.context import ForkServerProcess
from typing import cast

from crawler.reading_process import HEAD

READ_TIMEOUT = 60.0  # seconds; extraction bounds itself far below, this is for what it could not foresee
MOST = 1 << 28  # bytes of one answer; a reading is smaller than its page, and what is not one is not waited for


class Lost(Exception):
    """The process ended before it answered."""

    def __init__(self, why: str, blame: int) -> None:
        super().__init__(why)
        self.blame = blame  # 0: it was reading another page; 1: it died of this one or was killed; 2: this one took too long


class Channel(asyncio.Protocol):
    """Our end of the socket of one reading process."""

    def __init__(self, process: ForkServerProcess) -> None:
        self.process = process
        self.pages: deque[asyncio.Future[bytes]] = deque()  # in the order they were sent
        self.ended = False
        self._received = bytearray()
        self._late = False
        self._since = 0.0  # when the page that is being read was begun
        self._transport: asyncio.WriteTransport
        self._clock: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio."""
        self._transport = cast("asyncio.WriteTransport", transport)

    def ask(self, page: bytes) -> asyncio.Future[bytes]:
        """Send a page; what is answered, see `answer`. `Lost` when the process ended before."""
        waiting: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        if self.ended:
            waiting.set_exception(Lost("the reading process had ended", 0))
            return waiting
        self.pages.append(waiting)
        if len(self.pages) == 1:
            self._begun()
        self._transport.write(page)
        return waiting

    def data_received(self, data: bytes) -> None:
        """Called by asyncio."""
        received = self._received
        received += data
        if int.from_bytes(received[:HEAD], "big") > MOST:
            self.end()
            return
        while len(received) >= HEAD and len(received) >= (end := HEAD + int.from_bytes(received[:HEAD], "big")):
            said = bytes(received[HEAD:end])
            del received[:end]
            waiting = self.pages.popleft()
            self._begun()
            if not waiting.done():
                waiting.set_result(said)

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by asyncio: the process is gone, with the page it was reading and those that waited behind it."""
        self.process.join(0.2)  # it may still be saying why
        self.end()
        why, blame = (f"not read within {READ_TIMEOUT:.0f} s", 2) if self._late else ("the reading process died", 1)
        pages, self.pages = self.pages, deque()
        self._stop_clock()
        for waiting in pages:
            if not waiting.done():
                waiting.set_exception(Lost(why, blame))
            blame = 0

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self.ended = True
        self.process.kill()
        self.process.join(1)  # told by the process it was forked from, which may be stuck itself
        self._transport.abort()

    def _begun(self) -> None:
        """Another page is read from now on, or none."""
        loop = asyncio.get_running_loop()
        self._since = loop.time()
        if not self.pages:
            self._stop_clock()
        elif self._clock is None:  # else it is set again when it rings: a clock for each page costs more than a look at one
            self._clock = loop.call_later(READ_TIMEOUT, self._rings)

    def _rings(self) -> None:
        loop, until = asyncio.get_running_loop(), self._since + READ_TIMEOUT
        if loop.time() < until:
            self._clock = loop.call_at(until, self._rings)
            return
        self._late = True
        self.end()

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None
