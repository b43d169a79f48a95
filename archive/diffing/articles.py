"""Two readings of a page -> what its publisher changed: fields, words, how much it matters and why, declared or not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from archive.diffing.declaration import Declared, declared
from archive.diffing.fields import FIELDS, Field, changed_blocks
from archive.diffing.noise import is_muted, muting_slot
from archive.diffing.significance import significance
from archive.diffing.text import Block
from archive.diffing.tokens import count_words
from archive.records import Article


@dataclass(frozen=True, slots=True)
class ArticleDiff:
    """What changed. No `fields`: the same. `muted`: all that changed is furniture or typography (the slot that says so);
    then fields and blocks show the muted change. Else muted blocks are left out."""

    fields: tuple[Field, ...] = ()
    blocks: tuple[Block, ...] = ()
    words_added: int = 0
    words_removed: int = 0
    words_moved: int = 0
    score: float = 0.0  # 0..1
    why: str = ""
    declared: Declared = "unknown"
    muted: str | None = None


def compare_articles(old: Article, new: Article, *, noise: Collection[str] = ()) -> ArticleDiff:
    """Compare two articles read by one set of rules. `noise`: slots known to be furniture (see `noise.learn`)."""
    blocks = list(changed_blocks(old, new))
    muted = muting_slot(blocks, noise)
    if muted is None:
        blocks = [block for block in blocks if not is_muted(block, noise)]
    if not blocks:
        return ArticleDiff()
    changed = {block["field"] for block in blocks}
    fields = tuple(field for field in FIELDS if field in changed)
    score, why = significance(blocks)
    return ArticleDiff(
        fields=fields,
        blocks=tuple(blocks),
        words_added=_words(blocks, "+"),
        words_removed=_words(blocks, "-"),
        words_moved=_words(blocks, "+m"),
        score=0.0 if muted else score,
        why=f"muted: {muted}" if muted else why,
        declared=declared(old, new, fields),
        muted=muted,
    )


def _words(blocks: Sequence[Block], tag: str) -> int:
    """Words of headline, body and asides; addresses and dates are not words."""
    ops = [op for block in blocks if block["field"] in ("headline", "body", "blocks") for op in block["ops"]]
    return sum(count_words(op[-1]) for op in ops if op[0] == tag)
