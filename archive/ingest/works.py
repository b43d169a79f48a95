"""Works: a piece of writing apart from its address, and its translations."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from archive.digests import short_id
from archive.ingest.batch import Batch
from archive.ingest.rows import Row, table, update_rows
from archive.instants import to_microseconds
from archive.records import Article
from archive.urls import urlkey


def new_work(batch: Batch, page: Row, variant: str, at: datetime, lang: str | None) -> int:
    """The id of a new work, named by its page and the instant it was first seen there."""
    key = short_id(page["key"], variant, str(to_microseconds(at)))
    if key in batch.works:  # two texts of one instant: an address that is visited and that another one leads to
        return batch.works[key]
    if page["id"] not in batch.pages.made:  # an older page's work may be known: told before, under other rules
        batch.settle()
        known = batch.connection.execute(_work(), {"key": key}).scalar()
        if known is not None:
            return int(known)
    batch.works[key] = batch.pending.add("work", {"key": key, "lang": lang, "translation_of": None})
    return batch.works[key]


def note_translations(batch: Batch, page: Row, work_id: int, article: Article) -> None:
    """Remember which addresses a new text names as its translations, until the batch is written."""
    keys = {urlkey(link.url) for link in article.links if link.kind == "translation" and link.url}
    batch.translations.append((page["urlkey"], work_id, frozenset(keys)))


def tie_translations(batch: Batch) -> None:
    """Tie the batch's new works to the works of their translations, whichever of them was seen first. The batch is flushed."""
    noted = batch.translations
    if not noted:
        return
    pointed = {"keys": sorted({key for _, _, keys in noted for key in keys}), "portal": batch.portal_id}
    pointing = {"keys": sorted({key for key, _, _ in noted}), "portal": batch.portal_id}
    at: dict[str, set[int]] = {}
    for key, work_id in batch.connection.execute(_works_at(), pointed) if pointed["keys"] else ():
        at.setdefault(key, set()).add(work_id)
    to: dict[str, set[int]] = {}
    for key, work_id in batch.connection.execute(_works_pointing_at(), pointing):
        to.setdefault(key, set()).add(work_id)
    groups = []
    for name, work_id, keys in noted:
        group = {work_id}.union(to.get(name, ()), *(at.get(key, ()) for key in keys))
        if len(group) > 1:
            groups.append(group)
    batch.translations.clear()
    if groups:
        _tie(batch, groups)


@cache
def _work() -> Any:
    work = table("work")
    return select(work.c.id).where(work.c.key == bindparam("key"))


def _newest(column: ColumnElement[str]) -> Select[Any]:
    """Works of the newest texts of the portal's pages, each beside `column`."""
    page, version = table("page"), table("version")
    later = version.alias("later")
    same = (later.c.page_id == page.c.id) & (later.c.rules_id == page.c.rules_id) & (later.c.state == "content")
    newest = select(func.max(later.c.n)).where(same).correlate(page).scalar_subquery()
    return (
        select(column, version.c.work_id)
        .join_from(page, version, (page.c.id == version.c.page_id) & (page.c.rules_id == version.c.rules_id))
        .where(page.c.portal_id == bindparam("portal"), version.c.n == newest, version.c.work_id.is_not(None))
    )


@cache
def _works_at() -> Any:
    page = table("page")
    return _newest(page.c.urlkey).where(page.c.urlkey.in_(bindparam("keys", expanding=True)))


@cache
def _works_pointing_at() -> Any:
    link, version = table("link"), table("version")
    pointing = link.c.urlkey.in_(bindparam("keys", expanding=True)) & (link.c.kind == "translation")
    return _newest(link.c.urlkey).join(link, link.c.reading_id == version.c.reading_id).where(pointing)


def _tie(batch: Batch, groups: list[set[int]]) -> None:
    """Every work of a group points at the one with the smallest key, which does not depend on the order of visits."""
    work = table("work")
    named = set[int]().union(*groups)
    heads = {
        row.id: row.translation_of or row.id
        for row in batch.connection.execute(select(work.c.id, work.c.translation_of).where(work.c.id.in_(named)))
    }
    among = work.c.id.in_(heads.values()) | work.c.translation_of.in_(heads.values())
    members = {row["id"]: dict(row) for row in batch.connection.execute(select(work).where(among)).mappings()}
    groups = groups + [{number, row["translation_of"]} for number, row in members.items() if row["translation_of"]]
    changed: list[Row] = []
    for group in _joined(groups):
        head = min(group, key=lambda number: members[number]["key"])
        for number in sorted(group):
            told = None if number == head else head
            if members[number]["translation_of"] != told:
                changed.append(members[number] | {"translation_of": told})
    update_rows(batch.connection, "work", changed, ("translation_of",))


def _joined(groups: list[set[int]]) -> list[set[int]]:
    """Groups that share a member are one."""
    joined: list[set[int]] = []
    for group in groups:
        apart = [other for other in joined if not other & group]
        joined = [*apart, group.union(*(other for other in joined if other & group))]
    return joined
