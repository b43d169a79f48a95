"""The head of a list by the day published, out of indexes alone: which pages, before anything long is read of them.

Texts are walked from the latest day on until enough are found, by an index that holds what lists are filtered by. A list that
few pages can be on is not walked for: those few are looked at. Only the end of a long list, where the texts without a day
stand, is looked for among all pages. The statements are built once, with named parameters: to build one takes longer than to
run it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Integer, Select, and_, bindparam, func, select
from sqlalchemy.orm import Session

from archive.models import Instant
from archive.query.rows import table

FEW = 1000  # pages that are sooner looked at than a walk is begun
LATER = table("version").alias("later")


@dataclass(frozen=True, slots=True)
class Lists:
    """The statements of one kind of list. Rows have an `id`, that of the page."""

    every: Select[Any]  # all rows, in order
    whole: Select[Any]  # the ids of all, in order, `most` of them from place `skip` on
    of_few: Select[Any]  # the same among the pages `few`
    walks: tuple[
        Select[Any], ...
    ]  # the first `most` ids of its beginning, in parts one after another, as far as texts have days
    among: tuple[Select[Any], ...]  # up to `most` ids of pages; each of these choices holds all of the list
    rows: Select[Any]  # the rows of the pages `ids`, in any order


def lists(rows: Select[Any], whole: Select[Any], walks: Iterable[Select[Any]], among: Iterable[Select[Any]]) -> Lists:
    """The statements, out of the `rows` of any pages, the ids of the `whole` list in order, and the others without a limit."""
    page, most, skip = table("page"), bindparam("most", type_=Integer), bindparam("skip", type_=Integer)
    cut = whole.limit(most).offset(skip)
    return Lists(
        every=whole.with_only_columns(*rows.selected_columns),
        whole=cut,
        of_few=cut.where(page.c.id.in_(bindparam("few", expanding=True))),
        walks=tuple(part.limit(most) for part in walks),
        among=tuple(pages.limit(most) for pages in among),
        rows=rows.where(page.c.id.in_(bindparam("ids", expanding=True))),
    )


def head(session: Session, of: Lists, asked: Mapping[str, Any], limit: int, offset: int) -> list[Any]:
    """The rows at places `offset` to `offset + limit` of a list."""
    ids = _ids(session, of, asked, limit, offset)
    found = {row["id"]: row for row in session.execute(of.rows, {**asked, "ids": ids}).mappings()}
    return [found[number] for number in ids if number in found]  # a crawl may write between the two questions


def texts() -> FromClause:
    """Readings with the versions that show them and their pages, in this order."""
    page, version, reading = table("page"), table("version"), table("reading")
    # The sum keeps SQLite from beginning with all versions: it does not know how few readings are looked at.
    of_reading = version.c.reading_id == reading.c.id + 0
    shown = and_(page.c.id == version.c.page_id, page.c.rules_id == version.c.rules_id)
    return reading.join(version, of_reading).join(page, shown)


def walk(source: FromClause, *, portal: bool) -> Select[Any]:
    """The pages (of the `portal`) of each text. Which days are looked at, and which text of a page counts, is to be added: one
    bound each way, for of two SQLite takes one to the index."""
    page, version = table("page"), table("version")
    found = select(page.c.id).select_from(source).where(version.c.variant == "", version.c.state == "content")
    if portal:
        # The sum, as above, keeps it from beginning with all pages of the portal.
        found = found.where(_of_portal(), page.c.portal_id + 0 == portal_id())
    return found


def last_text(*, until: bool = False) -> Any:
    """The number of a page's newest version with content (of those that began `at` the instant or before)."""
    page = table("page")
    newest = (
        select(func.max(LATER.c.n))
        .where(LATER.c.page_id == page.c.id, LATER.c.rules_id == page.c.rules_id, LATER.c.variant == "")
        .where(LATER.c.state == "content")
        .correlate(page)
    )
    return (newest.where(LATER.c.first_at <= bindparam("at", type_=Instant())) if until else newest).scalar_subquery()


def pages_in_lang(*, portal: bool) -> Select[Any]:
    """The pages (of the `portal`) with a text in the `lang`."""
    found = select(table("version").c.page_id).select_from(texts()).where(table("reading").c.lang == bindparam("lang"))
    return found.where(_of_portal()) if portal else found


def portal_id() -> Any:
    """The id of the `portal`."""
    portals = table("portal")
    return select(portals.c.id).where(portals.c.slug == bindparam("portal")).scalar_subquery()


def _of_portal() -> ColumnElement[bool]:
    """That a reading is of the portal. Rules are a portal's, so the index of readings alone tells it."""
    rules = table("rules")
    return table("reading").c.rules_id.in_(select(rules.c.id).where(rules.c.portal_id == portal_id()))


def _ids(session: Session, of: Lists, asked: Mapping[str, Any], limit: int, offset: int) -> Sequence[int]:
    place = {**asked, "most": limit, "skip": offset}
    few = _few(session, of, asked)
    if few is not None:
        return session.execute(of.of_few, {**place, "few": few}).scalars().all()
    found: list[int] = []
    for part in of.walks:
        found += session.execute(part, {**asked, "most": limit + offset - len(found)}).scalars()
        if len(found) == limit + offset:
            return found[offset:]
    return session.execute(of.whole, place).scalars().all()


def _few(session: Session, of: Lists, asked: Mapping[str, Any]) -> list[int] | None:
    """The pages that the list is among, if they are few."""
    for pages in of.among:
        found = session.execute(pages, {**asked, "most": FEW + 1}).scalars().all()
        if len(found) <= FEW:
            return list(found)
    return None
