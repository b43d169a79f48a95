"""Works: a piece of writing apart from its address, and its translations."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, select

from archive.digests import short_id
from archive.ingest.batch import Batch
from archive.ingest.rows import Row, insert_rows, table, update_rows
from archive.models import to_microseconds
from archive.records import Article
from archive.urls import urlkey


def new_work(batch: Batch, page: Row, variant: str, at: datetime, lang: str | None) -> int:
    """The id of a new work, named by its page and the instant it was first seen there."""
    key = short_id(page["key"], variant, str(to_microseconds(at)))
    known = batch.connection.execute(_work(), {"key": key}).scalar()
    if known is not None:
        return int(known)
    return insert_rows(batch.connection, "work", [{"key": key, "lang": lang, "translation_of": None}])[0]


def link_translations(batch: Batch, page: Row, work_id: int, article: Article | None) -> None:
    """Tie the work to the works of its translations, whichever of them was seen first."""
    links = article.links if article else ()
    keys = {urlkey(link.url) for link in links if link.kind == "translation" and link.url}
    others: set[int] = set()
    for key in sorted(keys):
        others |= set(batch.connection.execute(_works_at(), {"portal": batch.portal_id, "urlkey": key}).scalars())
    pointing = {"portal": batch.portal_id, "urlkey": page["urlkey"]}
    others |= set(batch.connection.execute(_works_pointing_at(), pointing).scalars())
    if others - {work_id}:
        _tie(batch, {work_id, *others})


@cache
def _work() -> Any:
    work = table("work")
    return select(work.c.id).where(work.c.key == bindparam("key"))


def _newest_works() -> Any:
    """Works of the newest texts of the portal's pages."""
    page, version = table("page"), table("version")
    later = version.alias("later")
    same = (later.c.page_id == page.c.id) & (later.c.rules_id == page.c.rules_id) & (later.c.state == "content")
    newest = select(func.max(later.c.n)).where(same).correlate(page).scalar_subquery()
    return (
        select(version.c.work_id)
        .join(page, (page.c.id == version.c.page_id) & (page.c.rules_id == version.c.rules_id))
        .where(page.c.portal_id == bindparam("portal"), version.c.n == newest, version.c.work_id.is_not(None))
    )


@cache
def _works_at() -> Any:
    return _newest_works().where(table("page").c.urlkey == bindparam("urlkey"))


@cache
def _works_pointing_at() -> Any:
    link, version = table("link"), table("version")
    pointing = select(link.c.reading_id).where(link.c.urlkey == bindparam("urlkey"), link.c.kind == "translation")
    return _newest_works().where(version.c.reading_id.in_(pointing))


def _tie(batch: Batch, works: set[int]) -> None:
    """One group: every work points at the one with the smallest key, which does not depend on the order of visits."""
    work = table("work")
    rows = {row["id"]: dict(row) for row in batch.connection.execute(select(work).where(work.c.id.in_(works))).mappings()}
    heads = {row["translation_of"] or row["id"] for row in rows.values()}
    group = select(work).where(work.c.id.in_(heads) | work.c.translation_of.in_(heads))
    members = [dict(row) for row in batch.connection.execute(group).mappings()]
    head = min(members, key=lambda row: row["key"])["id"]
    for row in members:
        row["translation_of"] = None if row["id"] == head else head
    update_rows(batch.connection, "work", members, ("translation_of",))
