"""The one writer thread of a run: visits come in, are batched, and each learns when its batch is committed."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from archive.records import Visit

BATCH = 128  # visits of one fsync and one commit at most
LINGER = 0.1  # seconds a batch waits for more
MOST_LINGER = 1.0  # of a slow crawl: each batch costs an fsync, a commit and a record of its own
FEW = 16  # visits: batches smaller than this make the next one wait twice as long


class Writer:
    """Runs every call to ingest in one thread of its own, so that SQLite and the WARC have one writer."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[tuple[Callable[[], object] | Visit, Future[object]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="onrecord-writer", daemon=True)
        self._add: Callable[[Sequence[Visit]], Sequence[object]] | None = None
        self.error: BaseException | None = None
        self._thread.start()

    def call(self, work: Callable[[], object]) -> Future[object]:
        """Run something else in the writer's thread (begin, end), in turn."""
        future: Future[object] = Future()
        self._queue.put((work, future))
        return future

    def accept(self, add: Callable[[Sequence[Visit]], Sequence[object]]) -> None:
        """Name the function that writes a batch."""
        self._add = add

    async def put(self, visit: Visit) -> object:
        """Hand a visit over; returns what ingest says of it once its batch is committed, raises what ingest raised."""
        if self.error is not None:
            raise self.error
        future: Future[object] = Future()
        self._queue.put((visit, future))
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """Write what is queued and end the thread."""
        self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        waiting: tuple[Callable[[], object] | Visit, Future[object]] | None
        linger = LINGER
        while (waiting := self._queue.get()) is not None:
            batch: list[tuple[Visit, Future[object]]] = []
            deadline = time.monotonic() + linger
            while waiting is not None and isinstance(waiting[0], Visit):
                batch.append((waiting[0], waiting[1]))
                waiting = self._next(deadline) if len(batch) < BATCH else None
            if batch:
                self._write(batch)
                linger = min(MOST_LINGER, 2 * linger) if len(batch) < FEW else LINGER
            if waiting is not None and not isinstance(waiting[0], Visit):
                _settle(waiting[1], waiting[0])

    def _next(self, deadline: float) -> tuple[Callable[[], object] | Visit, Future[object]] | None:
        try:
            item = self._queue.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            return None
        if item is None:
            self._queue.put(None)  # the end was asked for: finish this batch first
        return item

    def _write(self, batch: list[tuple[Visit, Future[object]]]) -> None:
        batch = [(visit, future) for visit, future in batch if future.set_running_or_notify_cancel()]
        add = self._add
        try:
            results = add([visit for visit, _ in batch]) if self.error is None and add is not None else _refuse(self.error)
        except BaseException as error:  # noqa: BLE001 - whatever stopped the batch reaches everyone who waits for it
            self.error = error
            for _, future in batch:
                future.set_exception(error)
            return
        for (_, future), result in zip(batch, results, strict=True):
            future.set_result(result)


def _settle(future: Future[object], work: Callable[[], object]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(work())
    except BaseException as error:  # noqa: BLE001 - handed to the caller
        future.set_exception(error)


def _refuse(error: BaseException | None) -> Sequence[object]:
    raise error or RuntimeError("the run was not begun")
