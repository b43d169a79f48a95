"""A block's operations as the eye wants them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

from archive.diffing.operations import Op, joined
from archive.diffing.text import ops_of
from archive.diffing.tokens import count_words

Kind = Literal["kept", "removed", "added", "moved_away", "moved_here"]
_KINDS: dict[str, Kind] = {"=": "kept", "-": "removed", "+": "added", "-m": "moved_away", "+m": "moved_here"}
CHANCE = 2  # kept words between two larger changes that are not worth showing as kept


class Span(NamedTuple):
    """A stretch of text, what became of it, and the move it belongs to (0: none)."""

    kind: Kind
    text: str
    move: int = 0


def spans(block: Mapping[str, Any]) -> list[Span]:
    """The stretches of a block in reading order, removed before added."""
    return [Span(_KINDS[op.tag], op.text, op.move) for op in _legible(ops_of(block))]


def old_side(of: Iterable[Span]) -> list[Span]:
    """What stood there before."""
    return [span for span in of if span.kind in ("kept", "removed", "moved_away")]


def new_side(of: Iterable[Span]) -> list[Span]:
    """What stands there now."""
    return [span for span in of if span.kind in ("kept", "added", "moved_here")]


def _legible(ops: list[Op]) -> list[Op]:
    """Kept stretches of one or two words between changes larger than they are become part of the change."""
    found: list[Op] = []
    for at, op in enumerate(ops):
        words = count_words(op.text) if op.tag == "=" and 0 < at < len(ops) - 1 else CHANCE + 1
        if words <= CHANCE and words < _size(ops[:at], -1) and words < _size(ops[at + 1 :], 1):
            found += [Op("-", op.text), Op("+", op.text)]
        else:
            found.append(op)
    return joined(found)


def _size(ops: list[Op], step: int) -> int:
    """Words of the change next to a kept stretch, the larger side of it; 0 where it holds a move."""
    sides = {"-": 0, "+": 0}
    for op in ops[::step]:
        if op.tag == "=":
            break
        if op.move:
            return 0
        sides[op.tag] += count_words(op.text)
    return min(sides.values())
