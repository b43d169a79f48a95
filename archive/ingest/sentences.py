"""Blame: which version brought a sentence and which took it away."""

from __future__ import annotations

from sqlalchemy import select

from archive.diffing import stretches
from archive.ingest.batch import Batch
from archive.ingest.rows import Row, insert_rows, table, update_rows
from archive.records import Article


def trace_sentences(batch: Batch, page: Row, variant: str, version_id: int, old: Article, new: Article) -> None:
    """Keep which version brought and which took a sentence. What the first version brought is not written down: a
    sentence without a row was born with it."""
    stretch = table("stretch")
    for field, before, after in (("body", old.articleBody, new.articleBody), ("headline", old.headline, new.headline)):
        moved = stretches(before, after)
        if not (moved.born or moved.died):
            continue
        alive = {
            (row["hash"], row["nth"]): dict(row)
            for row in batch.connection.execute(
                select(stretch).where(
                    stretch.c.page_id == page["id"],
                    stretch.c.variant == variant,
                    stretch.c.field == field,
                    stretch.c.died.is_(None),
                )
            ).mappings()
        }
        common = {"page_id": page["id"], "variant": variant, "field": field}
        first = first_version(batch, page, variant)
        new_rows: list[Row] = [
            {**common, "hash": one.hash, "nth": one.nth, "born": version_id, "died": None, "text": None} for one in moved.born
        ]
        ended: list[Row] = []
        for one in moved.died:
            row = alive.get((one.hash, one.nth))
            if row is not None:
                ended.append(row | {"died": version_id, "text": one.text})
            else:
                gone = {"hash": one.hash, "nth": one.nth, "born": first, "died": version_id, "text": one.text}
                new_rows.append({**common, **gone})
        insert_rows(batch.connection, "stretch", new_rows)
        update_rows(batch.connection, "stretch", ended, ("died", "text"))


def first_version(batch: Batch, page: Row, variant: str) -> int:
    """The id of the timeline's first version with content."""
    version = table("version")
    query = (
        select(version.c.id)
        .where(version.c.page_id == page["id"], version.c.variant == variant, version.c.rules_id == page["rules_id"])
        .where(version.c.state == "content")
        .order_by(version.c.n)
        .limit(1)
    )
    return int(batch.connection.execute(query).scalar_one())
