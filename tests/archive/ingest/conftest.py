"""A small portal on each of the two databases."""

from __future__ import annotations

import pytest

from archive.workspace import Workspace
from tests.archive.story import Portal


@pytest.fixture
def portal(store: Workspace) -> Portal:
    """A portal whose removals are confirmed by the second visit."""
    return Portal(store)
