"""A page that hangs or kills its worker costs itself, no other page: real worker processes, a short patience."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from archive.records import Reading
from crawler import reading_pool
from crawler.portal import Portal
from crawler.reading_pool import ReadingFailed, ReadingPool

PORTAL = Portal.model_validate({"portal": {"id": "p", "name": "P", "home": "http://p.example/"}})
PATIENCE = 4.0


def read_or_misbehave(definition: str, body: bytes, url: str, content_type: str | None, at: datetime) -> Reading:
    """Stands in for the extractor inside a worker."""
    if body == b"hang":
        time.sleep(60)
    if body == b"die":
        os.kill(os.getpid(), signal.SIGKILL)
    if body == b"raise":
        raise ValueError("no such thing")
    from crawler.extraction import read

    return read(body, url=url, content_type=content_type)


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[ReadingPool]:
    monkeypatch.setattr(reading_pool, "read_one", read_or_misbehave)
    made = ReadingPool(2)
    read_all(made, [page(0)])  # the first reading waits until the extractor is loaded
    monkeypatch.setattr(reading_pool, "READ_TIMEOUT", PATIENCE)
    yield made
    made.close()


def read_all(pool: ReadingPool, bodies: list[bytes]) -> list[Reading | BaseException]:
    """Read them at once, as a crawl does; what each became, in order."""

    async def every() -> list[Reading | BaseException]:
        readings = (
            pool.read(PORTAL, body, url=f"http://p.example/{n}", content_type="text/html; charset=utf-8", at=datetime.now(UTC))
            for n, body in enumerate(bodies)
        )
        return await asyncio.wait_for(asyncio.gather(*readings, return_exceptions=True), 60)

    return asyncio.run(every())


def page(n: int) -> bytes:
    return f"<html><head><title>Page {n}</title></head><body><h1>Page {n}</h1><p>Words of page {n}.</p></body></html>".encode()


@pytest.mark.parametrize(("wrong", "says"), [(b"hang", "not read within"), (b"die", "died")])
def test_a_page_that_hangs_or_kills_its_worker_fails_alone(pool: ReadingPool, wrong: bytes, says: str) -> None:
    bodies = [page(0), wrong, *(page(n) for n in range(2, 12))]
    found = read_all(pool, bodies)
    failed = found.pop(1)
    assert isinstance(failed, ReadingFailed)
    assert says in str(failed)
    assert [reading.article.headline for reading in found if isinstance(reading, Reading)] == [
        f"Page {n}" for n in range(12) if n != 1
    ]


def test_an_error_of_the_extractor_is_told_and_the_pool_goes_on(pool: ReadingPool) -> None:
    failed, read = read_all(pool, [b"raise", page(1)])
    assert isinstance(failed, ReadingFailed)
    assert "ValueError: no such thing" in str(failed)
    assert isinstance(read, Reading)


def test_pages_that_wait_for_a_worker_do_not_run_out_of_time(pool: ReadingPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_pool, "read_one", read_slowly)
    began = time.monotonic()
    found = read_all(pool, [page(n) for n in range(14)])
    assert time.monotonic() - began > PATIENCE
    assert all(isinstance(reading, Reading) for reading in found)


def read_slowly(definition: str, body: bytes, url: str, content_type: str | None, at: datetime) -> Reading:
    time.sleep(PATIENCE / 5)
    return read_or_misbehave(definition, body, url, content_type, at)
