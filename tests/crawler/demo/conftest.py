from __future__ import annotations

from collections.abc import Iterator

import pytest

from crawler.demo.editions import Editions
from crawler.demo.server import DemoServer


@pytest.fixture(scope="package")
def editions() -> Editions:
    return Editions(1)


@pytest.fixture
def server(editions: Editions) -> Iterator[DemoServer]:
    with DemoServer(editions) as running:
        yield running
