"""The head of a list by the day published, without sorting all of it: a hundred thousand pages take a fifth of a second."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.query.rows import table


def latest_days(session: Session, wanted: int, until: str | None = None) -> Iterator[str]:
    """Days since which (up to `until`) a few texts, then more, were published; where even they are too few for a list of
    `wanted` rows, all are to be looked at."""
    day = table("reading").c.published_on
    days = select(day).where(day.is_not(None)).order_by(day.desc())
    if until is not None:
        days = days.where(day <= until)
    for skipped in (wanted * 10, wanted * 80):
        first = session.execute(days.offset(skipped).limit(1)).scalar()
        if first is None:
            return
        yield first


def published_since(first: str) -> tuple[Any, Any]:
    """The conditions that the text of `reading` is of this day or later; the second one is for the index."""
    version, dated = table("version"), table("reading").alias("dated")
    late = select(version.c.page_id).join(dated, dated.c.id == version.c.reading_id).where(dated.c.published_on >= first)
    return table("reading").c.published_on >= first, table("page").c.id.in_(late)
