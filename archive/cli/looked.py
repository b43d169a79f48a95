"""When did somebody last look at the changes? The mark behind `changes --since last`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from archive.cli.session import Session
from archive.workspace import Workspace


def last_look(workspace: Workspace) -> datetime | None:
    """The mark; None before the first look."""
    try:
        return datetime.fromisoformat(_mark(workspace).read_text(encoding="ascii").strip())
    except (FileNotFoundError, ValueError):
        return None


def note_look(session: Session, running_since: datetime | None) -> None:
    """Set the mark to now, or to the start of a crawl that still runs: what it has yet to write must not be missed."""
    now = datetime.now(UTC)
    at = min(now, running_since) if running_since else now
    try:
        _mark(session.workspace).write_text(f"{at.isoformat()}\n", encoding="ascii")
    except OSError as error:
        session.warn(f"the look cannot be noted: {error.strerror}; the next --since last starts where this one did")


def _mark(workspace: Workspace) -> Path:
    return workspace.root / ".looked"
