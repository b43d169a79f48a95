"""The one writer thread of a run: visits come in, are batched, and each learns when its batch is committed."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from archive.records import Visit

BATCH = 128  # visits of one fsync and one commit at most
LINGER = 0.1  # seconds a batch waits for more
MOST_LINGER = 1.0  # of a slow crawl: each batch costs an fsync, a commit and a record of its own
FEW = 16  # visits: batches smaller than this make the next one wait twice as long


@dataclass(frozen=True, slots=True)
class _Asked:
    """A visit to be written, or something else to be done in its turn, and who waits for what comes of it."""

    what: Visit | Callable[[], object]
    answer: asyncio.Future[object]


class Writer:
    """Runs every call to ingest in one thread of its own, so that SQLite and the WARC have one writer."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[_Asked | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="onrecord-writer", daemon=True)
        self._add: Callable[[Sequence[Visit]], Sequence[object]] | None = None
        self.error: BaseException | None = None
        self._thread.start()

    async def call(self, work: Callable[[], object]) -> object:
        """Run something else in the writer's thread (begin, end), in turn; returns or raises what it does."""
        return await self._ask(work)

    def accept(self, add: Callable[[Sequence[Visit]], Sequence[object]]) -> None:
        """Name the function that writes a batch."""
        self._add = add

    async def put(self, visit: Visit) -> object:
        """Hand a visit over; returns what ingest says of it once its batch is committed, raises what ingest raised."""
        if self.error is not None:
            raise self.error
        return await self._ask(visit)

    def _ask(self, what: Visit | Callable[[], object]) -> asyncio.Future[object]:
        answer: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._queue.put(_Asked(what, answer))
        return answer

    def close(self) -> None:
        """Write what is queued and end the thread."""
        self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        waiting: _Asked | None
        linger = LINGER
        while (waiting := self._queue.get()) is not None:
            batch: list[_Asked] = []
            deadline = time.monotonic() + linger
            while waiting is not None and isinstance(waiting.what, Visit):
                batch.append(waiting)
                waiting = self._next(deadline) if len(batch) < BATCH else None
            if batch:
                self._write(batch)
                linger = min(MOST_LINGER, 2 * linger) if len(batch) < FEW else LINGER
            if waiting is not None and not isinstance(waiting.what, Visit):
                _do(waiting.what, waiting)

    def _next(self, deadline: float) -> _Asked | None:
        try:
            item = self._queue.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            return None
        if item is None:
            self._queue.put(None)  # the end was asked for: finish this batch first
        return item

    def _write(self, batch: list[_Asked]) -> None:
        batch = [asked for asked in batch if not asked.answer.cancelled()]
        visits = [asked.what for asked in batch if isinstance(asked.what, Visit)]
        add = self._add
        try:
            results = add(visits) if self.error is None and add is not None else _refuse(self.error)
        except BaseException as error:  # noqa: BLE001 - whatever stopped the batch reaches everyone who waits for it
            self.error = error
            _tell(batch, error=error)
            return
        _tell(batch, results)


def _do(work: Callable[[], object], asked: _Asked) -> None:
    if asked.answer.cancelled():
        return
    try:
        _tell([asked], [work()])
    except BaseException as error:  # noqa: BLE001 - handed to the caller
        _tell([asked], error=error)


def _tell(asked: Sequence[_Asked], results: Sequence[object] = (), error: BaseException | None = None) -> None:
    """Wake those who wait, in their event loop, all of a batch at once: to be woken costs more than to be told."""

    def wake() -> None:
        for number, one in enumerate(asked):
            if one.answer.done():  # given up meanwhile
                continue
            if error is not None:
                one.answer.set_exception(error)
            else:
                one.answer.set_result(results[number])

    if asked:
        with suppress(RuntimeError):  # the loop was closed: nobody waits any more
            asked[0].answer.get_loop().call_soon_threadsafe(wake)


def _refuse(error: BaseException | None) -> Sequence[object]:
    raise error or RuntimeError("the run was not begun")
