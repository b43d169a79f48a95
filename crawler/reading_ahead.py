"""Old captures read in worker processes before the write path needs them, so that it never waits for one page at a time."""

from __future__ import annotations

import asyncio
import selectors
import threading
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from archive.ingest import Prepare
from archive.unread import Reread, Unread
from crawler.portal import Portal
from crawler.reading_pool import ReadingFailed, ReadingPool

AT_ONCE = 16  # pages a process has, read or waiting for it
PAUSE = 0.02  # seconds; a page takes some milliseconds


class _Unhurried(selectors.DefaultSelector):
    """Takes together what comes within a moment: to be woken for each answer would take turns with those who read."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Called by asyncio."""
        found = super().select(timeout)
        if found and timeout != 0:
            time.sleep(PAUSE)
            found = super().select(0)
        return found


class ReadingAhead:
    """A reading pool that runs in a thread of its own; close it (or use it as a context manager) to end the workers."""

    def __init__(self, workers: int = 0) -> None:
        self._pool = ReadingPool(workers, at_once=AT_ONCE)
        self._loop = asyncio.SelectorEventLoop(_Unhurried())
        self._thread = threading.Thread(target=self._loop.run_forever, name="onrecord-reading", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def prepare(self, portal: Portal) -> Prepare:
        """How ingest has captures read under a portal's rules while it writes others."""

        def begin(wanted: Sequence[Unread]) -> Callable[[], dict[Unread, Reread | None]]:
            return asyncio.run_coroutine_threadsafe(self._read_all(portal, wanted), self._loop).result

        return begin

    async def _read_all(self, portal: Portal, wanted: Sequence[Unread]) -> dict[Unread, Reread | None]:
        told = await asyncio.gather(*(self._read(portal, item) for item in wanted))
        return dict(zip(wanted, told, strict=True))

    async def _read(self, portal: Portal, wanted: Unread) -> Reread | None:
        try:
            return await self._pool.read_again(portal, wanted)
        except ReadingFailed:
            return None

    def close(self) -> None:
        """End the workers; what is still being read is given up."""
        asyncio.run_coroutine_threadsafe(self._give_up(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _give_up(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        self._pool.close()
