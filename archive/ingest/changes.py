"""A new version compared with the one before: the Change, the work it belongs to, the sentences that came and went."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from archive.diffing import ArticleDiff, compare_articles
from archive.ingest.batch import Batch
from archive.ingest.noise import BY_FILE
from archive.ingest.rows import Row, table, update_rows
from archive.ingest.values import ChangeKind
from archive.records import Article
from archive.versioning import is_another_text

_BYTES = {
    "document": "attachments",
    "image": "images",
    "style": "style",
}  # the field that changed where only bytes can be compared


@dataclass(frozen=True, slots=True)
class Compared:
    """What a new text is to the last one."""

    kind: ChangeKind  # edited or replaced
    diff: ArticleDiff


def compare(batch: Batch, page: Row, previous: Row, new: Article | None) -> Compared | None:
    """Compare content with a version that showed content; None where nothing but formatting differs."""
    old = batch.readings.article(previous["reading_id"]) if previous["reading_id"] else None
    if old is None or new is None or not (old.articleBody or new.articleBody or old.headline or new.headline):
        field: Any = _BYTES.get(page["role"], "body")
        return Compared("edited", ArticleDiff(fields=(field,), score=0.5, why="other bytes"))
    return compare_texts(batch, old, new)


def compare_texts(batch: Batch, old: Article, new: Article) -> Compared | None:
    """Compare two articles of one page, or of a page and the address it moved to."""
    if is_another_text(old, new):
        return Compared("replaced", ArticleDiff(score=1.0, why="another article at this address"))
    diff = compare_articles(old, new, noise=batch.noise)
    if not diff.fields:
        return None
    if diff.muted is None and batch.patterns and not compare_articles(_quiet(batch, old), _quiet(batch, new)).fields:
        diff = replace(diff, muted=BY_FILE, score=0.0, why="muted: noise rule of the portal file")
    return Compared("edited", diff)


def _quiet(batch: Batch, article: Article) -> Article:
    """The article without the lines that the portal's file calls furniture."""

    def kept(words: str) -> bool:
        return not any(pattern.search(words) for pattern in batch.patterns)

    blocks = tuple(block for block in article.blocks if kept(block.text))
    body = "\n\n".join(part for part in article.articleBody.split("\n\n") if kept(part))
    return replace(article, blocks=blocks, articleBody=body)


def add_change(
    batch: Batch,
    page: Row,
    to: Row,
    kind: ChangeKind,
    *,
    at: datetime,
    previous: Row | None = None,
    not_before: datetime | None = None,
    diff: ArticleDiff | None = None,
    from_url: str | None = None,
    why: str | None = None,
    score: float | None = None,
) -> Row:
    """Write the Change that leads to a version."""
    found = diff or ArticleDiff()
    row: Row = {
        "to_id": to["id"],
        "from_id": previous["id"] if previous else None,
        "portal_id": batch.portal_id,
        "page_id": page["id"],
        "from_url": from_url,
        "kind": kind,
        "fields": list(found.fields),
        "words_added": found.words_added,
        "words_removed": found.words_removed,
        "score": found.score if score is None else score,
        "why": found.why if why is None else why,
        "declared": found.declared,
        "not_before": not_before,
        "at": at,
        "ops": [dict(block) for block in found.blocks],
        "muted": found.muted,
    }
    batch.pending.add("change", row)
    return row


def make_moved(
    batch: Batch, to: Row, *, previous: Row, not_before: datetime, at: datetime, diff: ArticleDiff | None, from_url: str
) -> None:
    """Turn the Change that called a page new into one that says where it came from."""
    change = table("change")
    batch.settle()
    row: Row = dict(batch.connection.execute(select(change).where(change.c.to_id == to["id"])).mappings().one())
    found = diff or ArticleDiff()
    row |= {
        "kind": "moved",
        "from_id": previous["id"],
        "from_url": from_url,
        "not_before": not_before,
        "at": at,
        "fields": list(found.fields),
        "words_added": found.words_added,
        "words_removed": found.words_removed,
        "score": max(found.score, 0.3),
        "why": ", ".join(part for part in ("moved", found.why) if part),
        "declared": found.declared,
        "ops": [dict(block) for block in found.blocks],
    }
    columns = ("kind", "from_id", "from_url", "not_before", "fields", "words_added", "words_removed", "score", "why")
    update_rows(batch.connection, "change", [row], (*columns, "at", "declared", "ops"))
