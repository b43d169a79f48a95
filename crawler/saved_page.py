"""A page saved in a file: its bytes as they were served, gzip undone within a bound."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from archive.errors import NotFound, UsageError

MAX_BYTES = 64 * 1024 * 1024  # after decompression


def saved_body(path: Path) -> bytes:
    """The bytes of a saved page (.html or .html.gz). NotFound or UsageError where it cannot be read."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound(f"no file {path}") from error
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        with gzip.open(path) as unpacked:
            return unpacked.read(MAX_BYTES)
    except (OSError, EOFError, zlib.error) as error:
        raise UsageError(f"{path}: damaged gzip: {error}") from error
