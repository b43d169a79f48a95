"""Readings in worker processes, off the reactor: one pool a crawl of a portal."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from archive.as_before import AsBefore
from archive.records import Reading
from archive.unread import Reread, Unread
from crawler.portal import Portal
from crawler.reading_channel import READ_TIMEOUT, Channel, Lost
from crawler.reading_process import Read, answer, context, question, question_again, read_one, serve

AT_ONCE = 4  # pages a process has: the one it reads and the next ones, for this process may be slow to send another

_SEAL = 1 << 63  # a seal has 64 bits and a sign


class ReadingFailed(Exception):
    """The page could not be read in time or broke its worker; its bytes are kept, `reextract` may try again."""


class ReadingPool:
    """Worker processes that read pages, for one event loop. `workers` 0: one a core; each is started when all have to do.
    `read` is what they read with."""

    def __init__(self, workers: int = 0, read: Read = read_one, at_once: int = AT_ONCE) -> None:
        self.workers = workers or os.cpu_count() or 1
        self._read = read
        self._at_once = at_once
        self._context = context()
        self._channels: list[Channel] = []
        self._places = asyncio.Semaphore(at_once * self.workers)
        self._starting = asyncio.Lock()
        self._closed = False
        self._portal: Portal | None = None  # the one that was asked for last, and its JSON
        self._definition = ""

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
        said = await self._ask(portal, lambda definition: question(definition, body, url, content_type, at))
        if isinstance(said, AsBefore):
            raise ReadingFailed("the reading process compared with nothing")
        return said

    async def read_again(self, portal: Portal, wanted: Unread) -> Reread:
        """As `read`, of a capture in the evidence: its bytes are found by the process that reads them, and what reads as it
        is held is only said to do so."""
        said = await self._ask(portal, lambda definition: question_again(definition, wanted))
        if isinstance(said, AsBefore) and not (
            wanted.held and said.reading_id == wanted.held.reading_id and -_SEAL <= said.seal < _SEAL
        ):
            raise ReadingFailed("the reading process compared with another reading")
        return said

    async def _ask(self, portal: Portal, asked: Callable[[str], bytes]) -> Reread:
        blame = 0
        async with self._places:
            page = asked(self._definition_of(portal))
            while not self._closed:
                try:
                    channel = await self._least_busy()
                except (OSError, EOFError) as error:
                    raise ReadingFailed(f"no reading process could be started: {error or type(error).__name__}") from error
                try:
                    said = answer(await channel.ask(page))
                except ValueError as error:
                    raise ReadingFailed(f"the reading process sent no reading: {error}") from error
                except Lost as lost:
                    blame += lost.blame
                    if blame >= 2:
                        raise ReadingFailed(str(lost)) from lost
                    continue
                if isinstance(said, str):
                    raise ReadingFailed(said)
                return said
        raise ReadingFailed("the pool was closed")

    def _definition_of(self, portal: Portal) -> str:
        if portal is not self._portal:
            self._portal, self._definition = portal, portal.model_dump_json(by_alias=True)
        return self._definition

    async def _least_busy(self) -> Channel:
        """The process with the least to do; one more is started when all have something. Who finds room need not wait for
        another's start."""
        least = self._least()
        if least is not None and (self._enough(least) or (self._starting.locked() and len(least.pages) < self._at_once)):
            return least
        async with self._starting:
            least = self._least()
            return least if least is not None and self._enough(least) else await self._start()

    def _least(self) -> Channel | None:
        self._channels = [channel for channel in self._channels if not channel.ended]
        return min(self._channels, key=lambda channel: len(channel.pages), default=None)

    def _enough(self, least: Channel) -> bool:
        return not least.pages or len(self._channels) >= self.workers

    async def _start(self) -> Channel:
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        process = self._context.Process(target=serve, args=(theirs, self._read), daemon=True)

        def start() -> None:  # waits for the imports of the process it is forked from
            with theirs:
                process.start()

        try:
            await asyncio.wait_for(loop.run_in_executor(None, start), READ_TIMEOUT)
            _, channel = await loop.create_unix_connection(lambda: Channel(process), sock=ours)
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
