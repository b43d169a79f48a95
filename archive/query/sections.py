"""Which sections a page is of: those whose listings showed it, else what the article says itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from archive.query.rows import table


def sections_of(session: Session, page_ids: Iterable[int]) -> dict[int, list[str]]:
    """The sections whose listings showed these pages."""
    sighting = table("sighting")
    wanted = list(page_ids)
    found: dict[int, list[str]] = defaultdict(list)
    for start in range(0, len(wanted), 5000):
        query = (
            select(sighting.c.page_id, sighting.c.section)
            .where(sighting.c.page_id.in_(wanted[start : start + 5000]), sighting.c.section.is_not(None))
            .group_by(sighting.c.page_id, sighting.c.section)
            .order_by(func.min(sighting.c.id))
        )
        for page_id, section in session.execute(query):
            found[page_id].append(section)
    return found


def in_section(section: str, reading: Any) -> Any:
    """The condition that a page is of a section: a listing showed it, or the article says so itself."""
    page, sighting = table("page"), table("sighting")
    # SQLite's lower() knows ASCII only, so the spelling as given counts too (`check_names` finds the stored one).
    spellings = [section, section.lower()]
    named = or_(sighting.c.section == section, func.lower(sighting.c.section).in_(spellings))
    shown = exists().where(sighting.c.page_id == page.c.id, named).correlate(page)  # by the page: lists are short
    return or_(reading.c.section == section, func.lower(reading.c.section).in_(spellings), shown)
