"""What a crawl still had to ask, kept line by line so that `--resume` goes on after Ctrl-C, a deadline or a kill.

A URL is written when it is found, before the page that named it is acknowledged; what was visited is in the record. So
journal minus record is what is left. Plain JSON lines, no pickle.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from archive.records import Role


@dataclass(frozen=True, slots=True)
class Pending:
    """One URL to ask, with how it was found."""

    url: str
    role: Role
    via: str
    source: str | None = None
    section: str | None = None
    depth: int = 0


class Journal:
    """The append-only list of URLs found by one run."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)

    def add(self, pending: Pending) -> None:
        """Write one line at once: a kill after this call does not lose it."""
        os.write(self._handle, (json.dumps(asdict(pending), ensure_ascii=False) + "\n").encode())

    def close(self, *, finished: bool) -> None:
        """Close it; a run that did all there was to do leaves no journal, neither its own nor an older one's."""
        os.close(self._handle)
        for path in self.path.parent.glob("*.jsonl") if finished else ():
            path.unlink(missing_ok=True)


def read(path: Path) -> Iterator[Pending]:
    """The lines of a journal in order; a torn last line is passed over."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            try:
                data: dict[str, Any] = json.loads(line)
            except ValueError:
                continue
            yield Pending(**data)


def journal_path(logs: Path, portal: str, run: str) -> Path:
    """Where the journal of a run lies."""
    return logs / "left" / portal / f"{run}.jsonl"


def unfinished(logs: Path, portal: str) -> list[Path]:
    """The journals of the portal's crawls since the last one that ended, oldest first; a file is named after its run."""
    return sorted((logs / "left" / portal).glob("*.jsonl"), key=lambda path: path.stat().st_mtime)
