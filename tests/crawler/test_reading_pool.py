"""A page that hangs or kills its worker costs itself, no other page: real worker processes, a short patience."""

from __future__ import annotations

import asyncio
import errno
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing.context import ForkServerProcess
from typing import cast

import pytest

from archive.records import Reading
from crawler import reading_channel
from crawler.portal import Portal
from crawler.reading_pool import ReadingFailed, ReadingPool
from crawler.reading_process import Read

PORTAL = Portal.model_validate({"portal": {"id": "p", "name": "P", "home": "http://p.example/"}})
PATIENCE = 4.0


def read_or_misbehave(definition: str, body: bytes, url: str, content_type: str | None, at: datetime) -> Reading:
    """Stands in for the extractor inside a worker."""
    if body == b"hang":
        time.sleep(60)
    if body == b"die":
        os.kill(os.getpid(), signal.SIGKILL)
    if body == b"lie":
        return cast("Reading", {"article": "none"})
    if body == b"raise":
        raise ValueError("no such thing")
    from crawler.extraction import read

    return read(body, url=url, content_type=content_type)


@pytest.fixture
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def pool(loop: asyncio.Runner, monkeypatch: pytest.MonkeyPatch) -> Iterator[ReadingPool]:
    yield from opened(loop, monkeypatch, read_or_misbehave)


@pytest.fixture
def slow(loop: asyncio.Runner, monkeypatch: pytest.MonkeyPatch) -> Iterator[ReadingPool]:
    yield from opened(loop, monkeypatch, read_slowly)


def opened(loop: asyncio.Runner, monkeypatch: pytest.MonkeyPatch, read: Read) -> Iterator[ReadingPool]:
    async def made() -> ReadingPool:
        return ReadingPool(2, read)

    async def closed() -> None:
        pool.close()

    pool = loop.run(made())
    read_all(loop, pool, [page(0)])  # the first reading waits until the extractor is loaded
    monkeypatch.setattr(reading_channel, "READ_TIMEOUT", PATIENCE)
    yield pool
    loop.run(closed())


def read_all(loop: asyncio.Runner, pool: ReadingPool, bodies: list[bytes]) -> list[Reading | BaseException]:
    """Read them at once, as a crawl does; what each became, in order."""

    async def every() -> list[Reading | BaseException]:
        readings = (
            pool.read(PORTAL, body, url=f"http://p.example/{n}", content_type="text/html; charset=utf-8", at=datetime.now(UTC))
            for n, body in enumerate(bodies)
        )
        return await asyncio.wait_for(asyncio.gather(*readings, return_exceptions=True), 60)

    return loop.run(every())


def page(n: int) -> bytes:
    return f"<html><head><title>Page {n}</title></head><body><h1>Page {n}</h1><p>Words of page {n}.</p></body></html>".encode()


@pytest.mark.parametrize(("wrong", "says"), [(b"hang", "not read within"), (b"die", "died")])
def test_a_page_that_hangs_or_kills_its_worker_fails_alone(
    loop: asyncio.Runner, pool: ReadingPool, wrong: bytes, says: str
) -> None:
    bodies = [page(0), wrong, *(page(n) for n in range(2, 12))]
    found = read_all(loop, pool, bodies)
    failed = found.pop(1)
    assert isinstance(failed, ReadingFailed)
    assert says in str(failed)
    assert [reading.article.headline for reading in found if isinstance(reading, Reading)] == [
        f"Page {n}" for n in range(12) if n != 1
    ]


def test_an_error_of_the_extractor_is_told_and_the_pool_goes_on(loop: asyncio.Runner, pool: ReadingPool) -> None:
    failed, read = read_all(loop, pool, [b"raise", page(1)])
    assert isinstance(failed, ReadingFailed)
    assert "ValueError: no such thing" in str(failed)
    assert isinstance(read, Reading)


def test_what_is_no_reading_is_told_and_the_pool_goes_on(loop: asyncio.Runner, pool: ReadingPool) -> None:
    failed, read = read_all(loop, pool, [b"lie", page(1)])
    assert isinstance(failed, ReadingFailed)
    assert isinstance(read, Reading)


def test_pages_that_wait_for_a_worker_do_not_run_out_of_time(loop: asyncio.Runner, slow: ReadingPool) -> None:
    began = time.monotonic()
    found = read_all(loop, slow, [page(n) for n in range(14)])
    assert time.monotonic() - began > PATIENCE
    assert all(isinstance(reading, Reading) for reading in found)


def test_a_worker_killed_by_somebody_else_costs_no_page(loop: asyncio.Runner, slow: ReadingPool) -> None:
    async def killed() -> None:
        await asyncio.sleep(PATIENCE / 10)
        for process in multiprocessing.active_children():
            process.kill()

    async def both() -> list[Reading | BaseException]:
        killing = asyncio.create_task(killed())
        bodies = (page(n) for n in range(6))
        readings = (
            slow.read(PORTAL, body, url="http://p.example/", content_type=None, at=datetime.now(UTC)) for body in bodies
        )
        told = await asyncio.gather(*readings, return_exceptions=True)
        await killing
        return told

    assert all(isinstance(reading, Reading) for reading in loop.run(both()))


def test_a_closed_pool_reads_nothing_and_leaves_no_process(loop: asyncio.Runner) -> None:
    async def closed_while_reading() -> list[Reading | BaseException]:
        pool = ReadingPool(2, read_slowly)
        readings = [
            asyncio.ensure_future(pool.read(PORTAL, page(n), url="http://p.example/", content_type=None, at=datetime.now(UTC)))
            for n in range(6)
        ]
        await asyncio.wait(readings, return_when=asyncio.FIRST_COMPLETED)
        pool.close()
        return await asyncio.wait_for(asyncio.gather(*readings, return_exceptions=True), 30)

    told = loop.run(closed_while_reading())
    assert sum(isinstance(reading, ReadingFailed) for reading in told) >= 4
    assert multiprocessing.active_children() == []


def test_a_process_that_cannot_be_started_costs_its_page_only(loop: asyncio.Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refused_once() -> list[Reading | BaseException]:
        pool = ReadingPool(1, read_or_misbehave)
        start = ForkServerProcess.start

        def refuse(process: ForkServerProcess) -> None:
            monkeypatch.setattr(ForkServerProcess, "start", start)
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

        monkeypatch.setattr(ForkServerProcess, "start", refuse)
        at = datetime.now(UTC)
        readings = (pool.read(PORTAL, page(n), url="http://p.example/", content_type=None, at=at) for n in range(2))
        told = await asyncio.gather(*readings, return_exceptions=True)
        pool.close()
        return told

    failed, read = loop.run(refused_once())
    assert isinstance(failed, ReadingFailed)
    assert "no reading process could be started" in str(failed)
    assert isinstance(read, Reading)


def test_what_starts_while_the_pool_is_closed_ends_at_once(loop: asyncio.Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    async def closed_while_starting() -> list[Reading | BaseException]:
        pool = ReadingPool(2, read_or_misbehave)
        start = ForkServerProcess.start

        def hesitate(process: ForkServerProcess) -> None:
            time.sleep(0.3)
            start(process)

        monkeypatch.setattr(ForkServerProcess, "start", hesitate)
        warming = asyncio.create_task(pool.warm(2))
        at = datetime.now(UTC)
        reading = asyncio.create_task(pool.read(PORTAL, page(1), url="http://p.example/", content_type=None, at=at))
        await asyncio.sleep(0.1)
        pool.close()
        told = await asyncio.wait_for(asyncio.gather(reading, return_exceptions=True), 30)
        await warming
        return told

    assert [str(told) for told in loop.run(closed_while_starting())] == ["the pool was closed"]
    assert multiprocessing.active_children() == []


def read_slowly(definition: str, body: bytes, url: str, content_type: str | None, at: datetime) -> Reading:
    time.sleep(PATIENCE / 5)
    return read_or_misbehave(definition, body, url, content_type, at)
