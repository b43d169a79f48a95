"""The custody log: who did what to the evidence and when, one JSON line each, chained by sha256.

Crawls tell of themselves in the WARC files; this log holds what people and repairs do beside them.
"""

from __future__ import annotations

import fcntl
import getpass
import hashlib
import json
import os
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive.workspace import Workspace

FILE = "custody.jsonl"


def path_of(workspace: Workspace) -> Path:
    """Where the log lies."""
    return workspace.evidence / FILE


def note(workspace: Workspace, what: str, **detail: Any) -> dict[str, Any]:
    """Write an entry: `what` was done, by the user of this process, with its detail (JSON values)."""
    path = path_of(workspace)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        last = next(iter(deque(file, maxlen=1)), "")
        entry = {
            "at": datetime.now(UTC).isoformat(),
            "who": _who(),
            "what": what,
            "detail": detail,
            "previous": hashlib.sha256(last.encode()).hexdigest() if last else None,
        }
        file.write(json.dumps(entry, ensure_ascii=False, sort_keys=True) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return entry


def entries(workspace: Workspace) -> Iterator[dict[str, Any]]:
    """The log, oldest first."""
    path = path_of(workspace)
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def broken_at(workspace: Workspace) -> int | None:
    """The number of the first line that does not follow from the one before; None when the chain holds."""
    path = path_of(workspace)
    if not path.exists():
        return None
    previous: str | None = None
    for number, raw in enumerate(path.read_bytes().splitlines(keepends=True), 1):
        try:
            entry = json.loads(raw)
            fits = entry["previous"] == previous and raw.endswith(b"\n")
        except (ValueError, KeyError, TypeError):
            fits = False
        if not fits:
            return number
        previous = hashlib.sha256(raw).hexdigest()
    return None


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"
