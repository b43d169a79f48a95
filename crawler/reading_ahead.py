"""Old captures read in worker processes before the write path needs them, so that it never waits for one page at a time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from archive.ingest import Prepare, Reread, Unread, entity_of
from crawler.portal import Portal
from crawler.reading_pool import ReadingFailed, ReadingPool

OPEN = 8  # bodies in memory at once for each worker, read or waiting for it


class ReadingAhead:
    """A reading pool that runs in a thread of its own; close it (or use it as a context manager) to end the workers."""

    def __init__(self, workers: int = 0) -> None:
        self._pool = ReadingPool(workers)
        self._loop = asyncio.new_event_loop()
        self._places = asyncio.Semaphore(OPEN * self._pool.workers)
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
        async with self._places:
            found = entity_of(wanted)
            if found is None:
                return None
            body, content_type = found
            try:
                return await self._pool.read_again(
                    portal, body, url=wanted.url, content_type=content_type, at=wanted.at, held=wanted.held
                )
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
