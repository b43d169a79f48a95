"""Where the shared measuring data lies: $ONRECORD_SHARED, else ../shared beside the repository; skip where it is absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def shared(name: str) -> Path:
    """A folder of the shared data; the test that asked is skipped where it is absent."""
    folder = Path(os.environ.get("ONRECORD_SHARED") or ROOT.parent / "shared") / name
    if not folder.exists():
        pytest.skip(f"needs {folder} (ONRECORD_SHARED names another place)")
    return folder
