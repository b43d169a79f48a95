"""The one writer thread: batches, order, and what happens when nothing can be written any more."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from archive.records import Visit
from crawler.writer import BATCH, Writer


def visit(number: int) -> Visit:
    return Visit(url=f"https://x.example/{number}", role="article", at=datetime.now(UTC), outcome="content")


def test_visits_are_written_in_order_in_batches_by_one_thread() -> None:
    batches: list[list[str]] = []
    threads: set[int] = set()

    def add(visits: Sequence[Visit]) -> list[str]:
        threads.add(threading.get_ident())
        batches.append([item.url for item in visits])
        return [f"kept {item.url}" for item in visits]

    async def crawl() -> list[object]:
        writer = Writer()
        writer.accept(add)
        said = await asyncio.gather(*(writer.put(visit(n)) for n in range(300)))
        writer.close()
        return said

    said = asyncio.run(crawl())
    assert said == [f"kept https://x.example/{n}" for n in range(300)]
    assert [url for batch in batches for url in batch] == [f"https://x.example/{n}" for n in range(300)]
    assert max(map(len, batches)) <= BATCH
    assert threads != {threading.get_ident()} and len(threads) == 1


def test_after_a_failed_batch_nothing_more_is_accepted() -> None:
    def add(visits: Sequence[Visit]) -> list[str]:
        raise OSError(28, "No space left on device")

    async def crawl() -> None:
        writer = Writer()
        writer.accept(add)
        for _ in range(2):
            with pytest.raises(OSError, match="No space left"):
                await writer.put(visit(1))
        writer.close()

    asyncio.run(crawl())


def test_calls_run_between_the_batches_and_their_errors_come_back() -> None:
    async def crawl() -> tuple[object, str]:
        writer = Writer()
        five = await writer.call(lambda: 5)
        with pytest.raises(ZeroDivisionError):
            await writer.call(lambda: 1 // 0)
        writer.close()
        return five, "closed"

    assert asyncio.run(crawl()) == (5, "closed")


def test_who_gave_up_waiting_is_not_written_if_there_is_time_and_hurts_nobody() -> None:
    written: list[str] = []
    begun, go_on = threading.Event(), threading.Event()

    def add(visits: Sequence[Visit]) -> list[str]:
        written.extend(item.url for item in visits)
        begun.set()
        go_on.wait(10)
        return [item.url for item in visits]

    async def crawl() -> list[object]:
        writer = Writer()
        writer.accept(add)
        first = asyncio.ensure_future(writer.put(visit(1)))
        await asyncio.to_thread(begun.wait, 10)
        late, last = (asyncio.ensure_future(writer.put(visit(n))) for n in (2, 3))
        await asyncio.sleep(0)
        first.cancel()
        late.cancel()
        await asyncio.sleep(0)
        go_on.set()
        told = await asyncio.gather(first, late, last, return_exceptions=True)
        writer.close()
        return list(told)

    told = asyncio.run(crawl())
    assert [type(one) for one in told] == [asyncio.CancelledError, asyncio.CancelledError, str]
    assert written == ["https://x.example/1", "https://x.example/3"]
