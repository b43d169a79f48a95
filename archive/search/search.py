"""Search over the text of all versions, newest first; the same words mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from archive.search.finding import Sort, find
from archive.search.telling import Hit, tell


def search(
    session: Session,
    query: str,
    *,
    portal: str | None = None,
    section: str | None = None,
    lang: str | None = None,
    year: int | None = None,
    status: str | Sequence[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    gone: bool = False,
    context: int = 1,
    sort: Sort = "newest",
    limit: int | None = 20,
) -> list[Hit]:
    """Pages with a version that holds the words. Words are all wanted; "phrases", OR, -not and prefix* are understood, and
    any input is a query. `year`: of publication, as the text says.
    `gone`: only words that are no longer served. `since` and `until` bound when a version was seen."""
    found = find(
        session,
        query,
        portal=portal,
        section=section,
        lang=lang,
        year=year,
        status=status,
        since=since,
        until=until,
        gone=gone,
        sort=sort,
        limit=limit,
    )
    return tell(session, found, context=context)
