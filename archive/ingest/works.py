"""Works: a piece of writing apart from its address, and its translations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from archive.digests import short_id
from archive.ingest.batch import Batch
from archive.ingest.rows import Row, insert_rows, table, update_rows
from archive.models import to_microseconds
from archive.records import Article
from archive.urls import urlkey


def new_work(batch: Batch, page: Row, variant: str, at: datetime, lang: str | None) -> int:
    """The id of a new work, named by its page and the instant it was first seen there."""
    work = table("work")
    key = short_id(page["key"], variant, str(to_microseconds(at)))
    known = batch.connection.execute(select(work.c.id).where(work.c.key == key)).scalar()
    if known is not None:
        return int(known)
    return insert_rows(batch.connection, "work", [{"key": key, "lang": lang, "translation_of": None}])[0]


def link_translations(batch: Batch, page: Row, work_id: int, article: Article | None) -> None:
    """Tie the work to the works of its translations, whichever of them was seen first."""
    page_, version, link, reading = map(table, ("page", "version", "link", "reading"))
    others: set[int] = set()
    newest = (
        select(version.c.work_id)
        .join(page_, (page_.c.id == version.c.page_id) & (page_.c.rules_id == version.c.rules_id))
        .where(page_.c.portal_id == batch.portal_id, version.c.state == "content", version.c.work_id.is_not(None))
    )
    links = article.links if article else ()
    if keys := {urlkey(link.url) for link in links if link.kind == "translation" and link.url}:
        others |= set(batch.connection.execute(newest.where(page_.c.urlkey.in_(keys))).scalars())
    pointing = select(reading.c.id).join(link, link.c.reading_id == reading.c.id)
    pointing = pointing.where(link.c.kind == "translation", link.c.urlkey == page["urlkey"])
    others |= set(batch.connection.execute(newest.where(version.c.reading_id.in_(pointing))).scalars())
    if others - {work_id}:
        _tie(batch, {work_id, *others})


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
