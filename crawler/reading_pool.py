"""Readings in worker processes, off the reactor: one pool a crawl of a portal.

Each process has a socket of its own, and answers in order: which page it died of is known, and no thread of this process stands
between the event loop and a reading.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections import deque
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from multiprocessing.context import ForkServerProcess
from typing import cast

from archive.as_before import AsBefore, Held
from archive.records import Reading
from crawler.portal import Portal
from crawler.reading_process import HEAD, Read, answer, context, question, read_one, serve

READ_TIMEOUT = 60.0  # seconds; extraction bounds itself far below, this is for what it could not foresee
MOST = 1 << 28  # bytes of one answer; a reading is smaller than its page, and what is not one is not waited for
AT_ONCE = 4  # pages a process has: the one it reads and the next ones, for this process may be slow to send another


class ReadingFailed(Exception):
    """The page could not be read in time or broke its worker; its bytes are kept, `reextract` may try again."""


class _Lost(Exception):
    """The process ended before it answered."""

    def __init__(self, why: str, blame: int) -> None:
        super().__init__(why)
        self.blame = blame  # 0: it was reading another page; 1: it died of this one or was killed; 2: this one took too long


class _Channel(asyncio.Protocol):
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
        """Send a page; what is answered, see `answer`. `_Lost` when the process ended before."""
        waiting: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        if self.ended:
            waiting.set_exception(_Lost("the reading process had ended", 0))
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
                waiting.set_exception(_Lost(why, blame))
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


class ReadingPool:
    """Worker processes that read pages, for one event loop. `workers` 0: one a core; each is started when all have to do.
    `read` is what they read with."""

    def __init__(self, workers: int = 0, read: Read = read_one) -> None:
        self.workers = workers or os.cpu_count() or 1
        self._read = read
        self._context = context()
        self._channels: list[_Channel] = []
        self._places = asyncio.Semaphore(AT_ONCE * self.workers)
        self._starting = asyncio.Lock()
        self._closed = False

    async def warm(self, pages: int) -> None:
        """Start the workers before the first page is there, where it is known that so many will come at once. What goes
        wrong is told when a page is read."""
        with suppress(OSError, EOFError):
            for _ in range(min(pages, self.workers)):
                async with self._starting:
                    if not self._closed and len(self._channels) < self.workers:
                        await self._start()

    async def read(self, portal: Portal, body: bytes, *, url: str, content_type: str | None, at: datetime) -> Reading:
        """Read a payload; `ReadingFailed` when it cannot be read, when it was too slow, when no worker can be started, or when
        two workers died of it (one may have been killed by somebody else)."""
        said = await self.read_again(portal, body, url=url, content_type=content_type, at=at)
        if isinstance(said, AsBefore):
            raise ReadingFailed("the reading process compared with nothing")
        return said

    async def read_again(
        self, portal: Portal, body: bytes, *, url: str, content_type: str | None, at: datetime, held: Held | None = None
    ) -> Reading | AsBefore:
        """As `read`; a payload that reads as the record holds it is only said to do so."""
        blame = 0
        async with self._places:
            page = question(_definition(portal), body, url, content_type, at, held)
            while not self._closed:
                try:
                    channel = await self._least_busy()
                except (OSError, EOFError) as error:
                    raise ReadingFailed(f"no reading process could be started: {error or type(error).__name__}") from error
                try:
                    said = answer(await channel.ask(page))
                except ValueError as error:
                    raise ReadingFailed(f"the reading process sent no reading: {error}") from error
                except _Lost as lost:
                    blame += lost.blame
                    if blame >= 2:
                        raise ReadingFailed(str(lost)) from lost
                    continue
                if isinstance(said, str):
                    raise ReadingFailed(said)
                return said
        raise ReadingFailed("the pool was closed")

    async def _least_busy(self) -> _Channel:
        """The process with the least to do; one more is started when all have something. Who finds room need not wait for
        another's start."""
        least = self._least()
        if least is not None and (self._enough(least) or (self._starting.locked() and len(least.pages) < AT_ONCE)):
            return least
        async with self._starting:
            least = self._least()
            return least if least is not None and self._enough(least) else await self._start()

    def _least(self) -> _Channel | None:
        self._channels = [channel for channel in self._channels if not channel.ended]
        return min(self._channels, key=lambda channel: len(channel.pages), default=None)

    def _enough(self, least: _Channel) -> bool:
        return not least.pages or len(self._channels) >= self.workers

    async def _start(self) -> _Channel:
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        process = self._context.Process(target=serve, args=(theirs, self._read), daemon=True)

        def start() -> None:  # waits for the imports of the process it is forked from
            with theirs:
                process.start()

        try:
            await asyncio.wait_for(loop.run_in_executor(None, start), READ_TIMEOUT)
            _, channel = await loop.create_unix_connection(lambda: _Channel(process), sock=ours)
        except BaseException:
            ours.close()  # a process that was started all the same ends by it
            raise
        self._channels.append(channel)
        if self._closed:
            channel.end()
        return channel

    def close(self) -> None:
        """End the workers; call it in the event loop."""
        self._closed = True
        for channel in self._channels:
            channel.end()


@lru_cache(maxsize=64)
def _definition(portal: Portal) -> str:
    return portal.model_dump_json(by_alias=True)
