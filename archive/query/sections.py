"""Which sections a page is of: those whose listings showed it, else what the article says itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, bindparam, exists, func, or_, select
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


def in_section(section: str, reading: Any) -> ColumnElement[bool]:
    """The condition that a page is of a section: a listing showed it, or the article says so itself."""
    return _named(section, section.lower(), reading)


def in_named_section(reading: Any) -> ColumnElement[bool]:
    """The same of the `section` whose name is given with `lowered`: for statements that are built once."""
    return _named(bindparam("section"), bindparam("lowered"), reading)


def text_in_named_section(reading_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """The same of a reading by its id, out of the index of sections: no reading is looked up."""
    reading = table("reading")
    stated = select(reading.c.id).where(reading.c.section.in_(_spellings(reading.c.section)))
    return or_(reading_id.in_(stated), _shown(bindparam("section"), bindparam("lowered")))


def lowered(section: str | None) -> dict[str, str]:
    """The parameters of `in_named_section`."""
    return {"section": section, "lowered": section.lower()} if section is not None else {}


def pages_of_section() -> Select[Any]:
    """The pages that listings of the `section` showed, and those with a text that names it: out of indexes."""
    version, reading, sighting = table("version"), table("reading"), table("sighting")
    listed = select(sighting.c.page_id.label("id")).where(sighting.c.section.in_(_spellings(sighting.c.section)))
    stated = select(version.c.page_id).join(reading, reading.c.id == version.c.reading_id)
    stated = stated.where(reading.c.section.in_(_spellings(reading.c.section)))
    return select(listed.where(sighting.c.page_id.is_not(None)).union_all(stated).subquery("either").c.id)


def names(column: Column[Any]) -> Any:
    """The different values of a column, each found in its index by the one before (all others are passed over)."""
    first = select(func.min(column).label("name")).cte(f"names_of_{column.table.name}", recursive=True)
    after = select(func.min(column)).where(column > first.c.name).correlate(first).scalar_subquery()
    return first.union_all(select(after).where(first.c.name.is_not(None)))


def _named(section: Any, lowered: Any, reading: Any) -> ColumnElement[bool]:
    # SQLite's lower() knows ASCII only, so the spelling as given counts too (`check_names` finds the stored one).
    stated = or_(reading.c.section == section, func.lower(reading.c.section).in_([section, lowered]))
    return or_(stated, _shown(section, lowered))


def _shown(section: Any, lowered: Any) -> ColumnElement[bool]:
    page, sighting = table("page"), table("sighting")
    named = or_(sighting.c.section == section, func.lower(sighting.c.section).in_([section, lowered]))
    return exists().where(sighting.c.page_id == page.c.id, named).correlate(page)  # by the page: lists are short


def _spellings(column: Column[Any]) -> Select[Any]:
    """As `in_section` compares them."""
    name = names(column).c.name
    spellings: list[Any] = [bindparam("section"), bindparam("lowered")]
    return select(name).where(or_(name == spellings[0], func.lower(name).in_(spellings)))
