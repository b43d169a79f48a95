"""Two texts -> what a reader is shown: the changed paragraphs with their operations, how many words, what moved."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from archive.diffing.anchors import BREAK, Gap
from archive.diffing.operations import Op, gap_ops, replay, without_final_break
from archive.diffing.tokens import count_words

Block = dict[str, Any]
"""A changed paragraph, as `diff --json` prints it:

`field`; `para` and `old_para`, its number (from 1) in the new and the old text; `span`, how many paragraphs of the old
and of the new text it covers ([1, 1] edited, [1, 0] removed, [0, 1] added); `ops`, verbatim.
"""


@dataclass(frozen=True, slots=True)
class Move:
    """A stretch of text found elsewhere: its id in the ops, its words, the paragraphs (from 1) it left and came to."""

    id: int
    text: str
    from_para: int
    to_para: int


@dataclass(frozen=True, slots=True)
class TextDiff:
    """The changed paragraphs of a text; moved words count as neither added nor removed."""

    blocks: tuple[Block, ...] = ()
    words_added: int = 0
    words_removed: int = 0
    words_moved: int = 0
    moves: tuple[Move, ...] = ()


def diff_text(old: str, new: str, field: str = "body") -> TextDiff:
    """Compare two texts whose paragraphs are divided by blank lines. `apply` replays the blocks of the answer."""
    if old == new:
        return TextDiff()
    blocks = tuple(_blocks(old.split(BREAK), new.split(BREAK), field))
    ops = [op for block in blocks for op in block["ops"]]
    return TextDiff(
        blocks,
        words_added=sum(count_words(op[1]) for op in ops if op[0] == "+"),
        words_removed=sum(count_words(op[1]) for op in ops if op[0] == "-"),
        words_moved=sum(count_words(op[2]) for op in ops if op[0] == "+m"),
        moves=tuple(_moves(blocks)),
    )


def apply(text: str, blocks: Iterable[Mapping[str, Any]], *, reverse: bool = False) -> str:
    """The new text out of the old one and the blocks (reverse: the old out of the new), character for character."""
    source, target = ("new", "old") if reverse else ("old", "new")
    parts = text.split(BREAK)
    found: list[str] = []
    at = 0
    for block in blocks:
        start = block["para" if reverse else "old_para"] - 1
        found += parts[at:start]
        at = start + block["span"][source == "new"]
        if block["span"][target == "new"]:
            found += replay(ops_of(block), target).split(BREAK)  # type: ignore[arg-type]
    return BREAK.join(found + parts[at:])


def ops_of(block: Mapping[str, Any]) -> list[Op]:
    """The operations of a block read back from JSON."""
    return [Op(op[0], op[2], op[1]) if op[0] in ("-m", "+m") else Op(op[0], op[1]) for op in block["ops"]]


def as_lists(ops: Iterable[Op]) -> list[list[Any]]:
    """Operations as `diff --json` has them: [tag, text], a move [tag, id, text]."""
    return [[op.tag, op.move, op.text] if op.move else [op.tag, op.text] for op in ops]


def _blocks(olds: list[str], news: list[str], field: str) -> Iterator[Block]:
    for gap, ops in gap_ops(olds, news):
        if gap.old[1] - gap.old[0] <= 1 and gap.new[1] - gap.new[0] <= 1:
            yield _block(field, ops, (gap.old[0], gap.new[0]), (gap.old[1], gap.new[1]))
        else:
            yield from _cut(field, ops, gap, _starts(olds[slice(*gap.old)]), _starts(news[slice(*gap.new)]))


def _cut(field: str, ops: Sequence[Op], gap: Gap, old_starts: list[int], new_starts: list[int]) -> Iterator[Block]:
    """Cut a gap where both texts begin a paragraph; what lies between two cuts and is not all kept is a block."""
    group: list[Op] = []
    i = j = 0
    start = (gap.old[0], gap.new[0])
    for op in ops:
        if op.tag != "=":
            group.append(op)
            i += len(op.text) if op.tag in ("-", "-m") else 0
            j += len(op.text) if op.tag in ("+", "+m") else 0
            cuts = [0] if _is_start(old_starts, i) and _is_start(new_starts, j) else []
        else:
            within = old_starts[bisect_right(old_starts, i) : bisect_right(old_starts, i + len(op.text))]
            cuts = [at - i for at in within if _is_start(new_starts, at - i + j)]
        done = 0
        for cut in cuts:
            if op.tag == "=":
                group.append(Op("=", op.text[done:cut]))
            end = (gap.old[0] + _number(old_starts, i + cut), gap.new[0] + _number(new_starts, j + cut))
            if any(one.tag != "=" for one in group):
                yield _block(field, group, start, end)
            group, done, start = [], cut, end
        if op.tag == "=":
            group.append(Op("=", op.text[done:]))
            i += len(op.text)
            j += len(op.text)


def _block(field: str, ops: list[Op], start: tuple[int, int], end: tuple[int, int]) -> Block:
    return {
        "field": field,
        "para": start[1] + 1,
        "old_para": start[0] + 1,
        "span": [end[0] - start[0], end[1] - start[1]],
        "ops": as_lists(without_final_break(ops)),
    }


def _starts(paragraphs: Sequence[str]) -> list[int]:
    """Where paragraphs begin, and the end of the last with its BREAK."""
    return list(accumulate((len(part) + len(BREAK) for part in paragraphs), initial=0))


def _number(starts: list[int], at: int) -> int:
    return bisect_right(starts, at) - 1


def _is_start(starts: list[int], at: int) -> bool:
    return starts[_number(starts, at)] == at


def _moves(blocks: Sequence[Block]) -> Iterator[Move]:
    left = {op[1]: block["old_para"] for block in blocks for op in block["ops"] if op[0] == "-m"}
    for block in blocks:
        for op in block["ops"]:
            if op[0] == "+m":
                yield Move(op[1], op[2], left[op[1]], block["para"])
