"""The record's tables. Schema changes are Alembic migrations (archive/migrations); nothing calls create_all.

Times are aware UTC instants stored as integer microseconds since 1970 (`Instant`), so that SQLite and PostgreSQL order
and compare them alike and no time zone is lost. JSON columns hold lists and small objects, never anything queried by.
A `seal` is the digest of its row (archive/seals.py), by which `verify` finds a flipped bit that SQLite does not.
"""

from __future__ import annotations

from archive.models import evidence, pages, texts
from archive.models.base import Base, Instant
from archive.models.portals import DueRun, Portal, Run, Schedule

__all__ = [
    "Base",
    "DueRun",
    "Instant",
    "Portal",
    "Run",
    "Schedule",
    "evidence",
    "pages",
    "texts",
]
