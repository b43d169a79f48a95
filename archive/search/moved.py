"""Where do texts of pages that moved on stand now, and do the words still stand there?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from archive.query.latest import LATER
from archive.query.rows import table

MOST_MOVES = 20  # of one work; a ring of redirects ends too
CHUNK = 1000


@dataclass(frozen=True, slots=True)
class End:
    """The page where a moved work is at last, and its newest text (None where none was kept)."""

    page: str
    url: str
    gone: bool
    reading_id: int | None


def ends(session: Session, pages: Mapping[int, int | None]) -> dict[int, End]:
    """For each page that moved on (by id, with the id it moved to) where it is at last."""
    at = {page: to for page, to in pages.items() if to is not None}
    known: dict[int, Row[Any]] = {}
    for _ in range(MOST_MOVES):
        missing = sorted(set(at.values()) - known.keys())
        for start in range(0, len(missing), CHUNK):
            known |= {row.id: row for row in session.execute(_pages(), {"pages": missing[start : start + CHUNK]})}
        onward = {page: known[to].moved_to_id for page, to in at.items() if known[to].moved_to_id is not None}
        if not onward:
            break
        at |= onward
    return {
        page: End(known[to].key, known[to].url, known[to].state == "gone", known[to].reading_id)
        for page, to in at.items()
        if to in known
    }


@cache
def _pages() -> Select[Any]:
    page, version = table("page"), table("version")
    newest = (
        select(func.max(LATER.c.n))
        .where(LATER.c.page_id == page.c.id, LATER.c.rules_id == page.c.rules_id, LATER.c.variant == "")
        .where(LATER.c.state == "content")
        .correlate(page)
        .scalar_subquery()
    )
    shown = and_(version.c.page_id == page.c.id, version.c.rules_id == page.c.rules_id, version.c.variant == "")
    return (
        select(page.c.id, page.c.key, page.c.url, page.c.state, page.c.moved_to_id, version.c.reading_id)
        .select_from(page)
        .outerjoin(version, and_(shown, version.c.n == newest))
        .where(page.c.id.in_(bindparam("pages", expanding=True)))
    )
