"""Readings in worker processes, off the reactor: one pool a process, shared by all portals it crawls."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from multiprocessing.context import ForkServerContext
from multiprocessing.forkserver import ensure_running

from archive.records import Reading
from crawler.portal import Portal

READ_TIMEOUT = 60.0  # seconds; extraction bounds itself far below, this is for what it could not foresee


class ReadingFailed(Exception):
    """The page could not be read in time or broke its worker; its bytes are kept, `reextract` may try again."""


class _Lost(Exception):
    """The pool could not end this reading, perhaps because of another page."""


def read_one(definition: str, body: bytes, url: str, content_type: str | None, at: datetime) -> Reading:
    """Read one payload in a worker; the portal travels as its JSON and is parsed once a worker. Of the addresses on the page
    those of articles come back: a menu's hundreds need not travel."""
    from crawler.extraction import read

    portal = _portal(definition)
    reading = read(body, url=url, content_type=content_type, portal=portal, at=at)
    return replace(reading, outlinks=tuple(link for link in reading.outlinks if _is_article(definition, link)))


@lru_cache(maxsize=64)
def _portal(definition: str) -> Portal:
    return Portal.model_validate_json(definition, by_alias=True)


@lru_cache(maxsize=16_384)  # a menu leads to the same addresses on every page
def _is_article(definition: str, url: str) -> bool:
    return bool(_portal(definition).is_article(url))


def _context() -> ForkServerContext:
    # forkserver: a fork of a process with reactor and writer threads may deadlock; preloading pays the imports once.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["crawler.extraction.preloaded"])
    return context


def start_server() -> None:
    """Let the process that reading processes are forked from begin its imports; call it before slow imports of your own."""
    _context()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # inherited: Ctrl-C must not reach it while it imports
    try:
        ensure_running()
    finally:
        signal.signal(signal.SIGINT, before)


def end_with_crawl() -> None:
    """Let a reading process end when the crawl it reads for is gone, killed too: it would wait for the next page for ever."""
    threading.Thread(target=_wait_for_its_end, daemon=True).start()


def _wait_for_its_end() -> None:
    crawl = multiprocessing.parent_process()
    if crawl is not None:
        crawl.join()
        os._exit(1)


class ReadingPool:
    """Worker processes that read pages. `workers` 0: one a core."""

    def __init__(self, workers: int = 0) -> None:
        self._workers = workers or os.cpu_count() or 1
        self._context = _context()
        self._executor: Executor | None = None
        self._places = asyncio.Semaphore(
            2 * self._workers + 2
        )  # some wait, so that no worker does; few, for waiting eats their time
        self._alone = asyncio.Lock()

    def _start(self) -> Executor:
        if self._executor is None:
            self._executor = ProcessPoolExecutor(self._workers, mp_context=self._context, initializer=end_with_crawl)
        return self._executor

    def warm(self) -> None:
        """Start the workers before the first page is there, where it is known that there will be pages to read."""
        executor = self._start()
        for _ in range(self._workers):
            executor.submit(os.getpid)

    async def read(self, portal: Portal, body: bytes, *, url: str, content_type: str | None, at: datetime) -> Reading:
        """Read a payload; `ReadingFailed` when the worker died of it or was too slow."""
        job = (_definition(portal), body, url, content_type, at)
        async with self._places:
            executor = self._start()
            try:
                return await self._run(executor, job)
            except _Lost:
                self._discard(executor)
        # Some page killed a worker or held it too long, and every page then in the pool is lost with it: each is read
        # again on its own, and only the one to blame fails.
        async with self._alone:
            executor = ProcessPoolExecutor(1, mp_context=self._context, initializer=end_with_crawl)
            try:
                return await self._run(executor, job)
            except _Lost as lost:
                raise ReadingFailed(str(lost)) from lost
            finally:
                _kill(executor)

    async def _run(self, executor: Executor, job: tuple[str, bytes, str, str | None, datetime]) -> Reading:
        try:
            return await asyncio.wait_for(asyncio.get_running_loop().run_in_executor(executor, read_one, *job), READ_TIMEOUT)
        except TimeoutError as error:
            raise _Lost(f"not read within {READ_TIMEOUT:.0f} s") from error
        except BrokenProcessPool as error:
            raise _Lost("the reading process died") from error
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is not None and task.cancelling():  # the crawl is being stopped
                raise
            raise _Lost("the pool was ended under it") from error
        except Exception as error:
            raise ReadingFailed(f"{type(error).__name__}: {error}") from error

    def _discard(self, executor: Executor) -> None:
        if executor is self._executor:
            self._executor = None
            _kill(executor)

    def close(self) -> None:
        """End the workers."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None


def _kill(executor: Executor) -> None:
    processes = getattr(executor, "_processes", None) or {}
    executor.shutdown(wait=False, cancel_futures=True)
    for process in list(processes.values()):
        process.kill()


@lru_cache(maxsize=64)
def _definition(portal: Portal) -> str:
    return portal.model_dump_json(by_alias=True)
