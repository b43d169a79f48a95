"""Blame: which version brought a sentence and which took it away."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, select

from archive.diffing import stretches
from archive.ingest.batch import Batch
from archive.ingest.rows import Row, table
from archive.records import Article


def trace_sentences(batch: Batch, page: Row, variant: str, version_id: int, old: Article, new: Article) -> None:
    """Keep which version brought and which took a sentence. What the first version brought is not written down: a
    sentence without a row was born with it."""
    for field, before, after in (("body", old.articleBody, new.articleBody), ("headline", old.headline, new.headline)):
        moved = stretches(before, after)
        if not (moved.born or moved.died):
            continue
        common: Row = {"page_id": page["id"], "variant": variant, "field": field}
        alive = _alive_of(batch, page)
        first = first_version(batch, page, variant)
        for one in moved.died:
            row = alive.pop((variant, field, one.hash, one.nth), None)
            if row is not None:
                row |= {"died": version_id, "text": one.text}
                batch.changed("stretch", row)
            else:
                gone = {"hash": one.hash, "nth": one.nth, "born": first, "died": version_id, "text": one.text}
                batch.pending.add("stretch", {**common, **gone})
        for one in moved.born:
            brought: Row = {**common, "hash": one.hash, "nth": one.nth, "born": version_id, "died": None, "text": None}
            batch.pending.add("stretch", brought)
            alive[variant, field, one.hash, one.nth] = brought


def trace_over_gap(batch: Batch, page: Row, version: Row, new: Article) -> None:
    """As `trace_sentences`, for a version before which one could not be read: compared with the last that could."""
    batch.settle()
    names = ("page_id", "variant", "rules_id")
    found = batch.connection.execute(_read_before(), {name: version[name] for name in names} | {"n": version["n"]}).scalar()
    if found is not None:
        trace_sentences(batch, page, version["variant"], version["id"], batch.readings.article(found), new)


def forget_sentences(batch: Batch, page_ids: Sequence[int]) -> None:
    """The timelines of these pages are told again from the start."""
    if page_ids:
        batch.connection.execute(_of_pages(), {"pages": list(page_ids)})
    batch.alive.update({number: {} for number in page_ids})


def first_version(batch: Batch, page: Row, variant: str) -> int:
    """The id of the timeline's first version with content."""
    if (page["id"], variant) not in batch.firsts:
        where = {"page_id": page["id"], "variant": variant, "rules_id": page["rules_id"]}
        batch.firsts[page["id"], variant] = int(batch.connection.execute(_first(), where).scalar_one())
    return batch.firsts[page["id"], variant]


def _alive_of(batch: Batch, page: Row) -> dict[tuple[str, str, str, int], Row]:
    """The sentences of a page that were brought by a later version and still stand."""
    if page["id"] not in batch.alive:
        rows = batch.connection.execute(_alive(), {"page_id": page["id"]}).mappings()
        batch.alive[page["id"]] = {(row["variant"], row["field"], row["hash"], row["nth"]): dict(row) for row in rows}
    return batch.alive[page["id"]]


@cache
def _of_pages() -> Any:
    stretch = table("stretch")
    return delete(stretch).where(stretch.c.page_id.in_(bindparam("pages", expanding=True)))


@cache
def _alive() -> Any:
    stretch = table("stretch")
    return select(stretch).where(stretch.c.page_id == bindparam("page_id"), stretch.c.died.is_(None))


@cache
def _read_before() -> Any:
    version = table("version")
    same = [version.c[name] == bindparam(name) for name in ("page_id", "variant", "rules_id")]
    read = (version.c.reading_id.is_not(None), version.c.state == "content", version.c.n < bindparam("n"))
    return select(version.c.reading_id).where(*same, *read).order_by(version.c.n.desc()).limit(1)


@cache
def _first() -> Any:
    version = table("version")
    same = [version.c[name] == bindparam(name) for name in ("page_id", "variant", "rules_id")]
    return select(version.c.id).where(*same, version.c.state == "content").order_by(version.c.n).limit(1)
