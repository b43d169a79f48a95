"""Blame: which version brought a sentence and which took it away."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import bindparam, select

from archive.diffing import stretches
from archive.ingest.batch import Batch
from archive.ingest.rows import Row, insert_rows, table, update_rows
from archive.records import Article


def trace_sentences(batch: Batch, page: Row, variant: str, version_id: int, old: Article, new: Article) -> None:
    """Keep which version brought and which took a sentence. What the first version brought is not written down: a
    sentence without a row was born with it."""
    for field, before, after in (("body", old.articleBody, new.articleBody), ("headline", old.headline, new.headline)):
        moved = stretches(before, after)
        if not (moved.born or moved.died):
            continue
        common: Row = {"page_id": page["id"], "variant": variant, "field": field}
        alive = {(row["hash"], row["nth"]): dict(row) for row in batch.connection.execute(_alive(), common).mappings()}
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
    where = {"page_id": page["id"], "variant": variant, "rules_id": page["rules_id"]}
    return int(batch.connection.execute(_first(), where).scalar_one())


@cache
def _alive() -> Any:
    stretch = table("stretch")
    same = [stretch.c[name] == bindparam(name) for name in ("page_id", "variant", "field")]
    return select(stretch).where(*same, stretch.c.died.is_(None))


@cache
def _first() -> Any:
    version = table("version")
    same = [version.c[name] == bindparam(name) for name in ("page_id", "variant", "rules_id")]
    return select(version.c.id).where(*same, version.c.state == "content").order_by(version.c.n).limit(1)
