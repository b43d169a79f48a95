"""Two texts -> the operations that turn one into the other: kept, removed, added, moved.

Paragraphs that stand in both texts anchor the comparison, then sentences, then words, so that what costs time is what
changed. A sentence found elsewhere is moved (`-m` where it stood, `+m` where it stands, one id), also when it was
edited on the way: then each stretch it kept has an id of its own. Everything is verbatim: `=`, `-`, `-m` joined are the
old text, `=`, `+`, `+m` the new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from archive.diffing.anchors import BREAK, Gap, Sentence, pieces
from archive.diffing.matching import matches
from archive.diffing.moves import mark_moves
from archive.diffing.tokens import Token

Tag = Literal["=", "-", "+", "-m", "+m"]
Side = Literal["-", "+"]
MIN_KEPT = 2  # words of an edited move that count as moved


class Op(NamedTuple):
    """One operation: what was done to a stretch of text, and the id of the move it belongs to (0: none)."""

    tag: Tag
    text: str
    move: int = 0


def opcodes(old: str, new: str) -> list[Op]:
    """The operations for the two whole texts, in order; see `replay`."""
    return without_final_break(broken_opcodes(old, new))


def broken_opcodes(old: str, new: str) -> list[Op]:
    """The operations of `opcodes` for the two texts with a BREAK at their ends, so that each paragraph has its own."""
    if old == new:
        return [Op("=", old + BREAK)]
    found = pieces(old, new)
    mark_moves([piece for piece in found if isinstance(piece, Gap)])
    numbers = _Numbers()
    ops: list[Op] = []
    for piece in found:
        if isinstance(piece, Gap):
            ops += _gap_ops(piece, numbers)
        else:
            ops.append(Op("=", piece))
    return _slid(joined(ops))


def replay(ops: Iterable[Op], side: Literal["old", "new"]) -> str:
    """The old or the new text, character for character, out of the operations."""
    tags = ("=", "-", "-m") if side == "old" else ("=", "+", "+m")
    return "".join(op.text for op in ops if op.tag in tags)


class _Numbers:
    """Ids of moves in the order in which they are met, from 1."""

    def __init__(self) -> None:
        self.of: dict[tuple[int, int], int] = {}

    def __call__(self, move: int, stretch: int = 0) -> int:
        return self.of.setdefault((move, stretch), len(self.of) + 1)


class _Stream:
    """One side of a gap: the words of the sentences that stayed, and the moved sentences by the place where they stand."""

    def __init__(self, tag: Side, parts: list[Sentence], numbers: _Numbers) -> None:
        self.tag = tag
        self.atoms: list[Token] = []
        self.moved: dict[int, list[Sentence]] = {}
        self.numbers = numbers
        for sentence in parts:
            if sentence.move:
                self.moved.setdefault(len(self.atoms), []).append(sentence)
            else:
                self.atoms += sentence.atoms

    def changed(self, start: int, end: int) -> Iterator[Op]:
        """Words `start` to `end` as removed or added, with the moved sentences before, among and after them."""
        for stop in [*sorted(at for at in self.moved if start <= at <= end), end]:
            yield Op(self.tag, _text(self.atoms[start:stop]))
            if stop in self.moved:
                yield from self.moved_at(stop)
            start = stop

    def moved_at(self, at: int) -> Iterator[Op]:
        """The moved sentences that stand before word `at`; each is told once."""
        for sentence in self.moved.pop(at, ()):
            if sentence.twin is None:
                yield Op("-m" if self.tag == "-" else "+m", sentence.key, self.numbers(sentence.move))
                yield Op(self.tag, sentence.blanks)
            else:
                yield from _edited_move(self.tag, sentence, sentence.twin, self.numbers)


def _gap_ops(gap: Gap, numbers: _Numbers) -> Iterator[Op]:
    old, new = _Stream("-", gap.old, numbers), _Stream("+", gap.new, numbers)
    runs = matches([word for word, _ in old.atoms], [word for word, _ in new.atoms]) if old.atoms and new.atoms else []
    i = j = 0
    for at_i, at_j, length in [*runs, (len(old.atoms), len(new.atoms), 0)]:
        yield from old.changed(i, at_i)
        yield from new.changed(j, at_j)
        inside = {at - at_i for at in old.moved if at_i < at < at_i + length}
        inside |= {at - at_j for at in new.moved if at_j < at < at_j + length}
        done = 0
        for stop in [*sorted(inside), length]:
            yield from _kept(old.atoms[at_i + done : at_i + stop], new.atoms[at_j + done : at_j + stop])
            if stop < length:
                yield from old.moved_at(at_i + stop)
                yield from new.moved_at(at_j + stop)
            done = stop
        i, j = at_i + length, at_j + length


def _text(atoms: list[Token]) -> str:
    return "".join([word + blanks for word, blanks in atoms])


def _edited_move(tag: Side, sentence: Sentence, twin: Sentence, numbers: _Numbers) -> Iterator[Op]:
    """A sentence that moved and was edited: kept stretches as moved, the rest as removed or added."""
    old, new = (sentence.atoms, twin.atoms) if tag == "-" else (twin.atoms, sentence.atoms)
    at = 0
    for number, (i, j, length) in enumerate(matches([word for word, _ in old], [word for word, _ in new]), 1):
        start = i if tag == "-" else j
        yield Op(tag, _text(sentence.atoms[at:start]))
        kept = _text(old[i : i + length]).rstrip()
        if length >= MIN_KEPT and kept == _text(new[j : j + length]).rstrip():
            yield Op("-m" if tag == "-" else "+m", kept, numbers(sentence.move, number))
            yield Op(tag, _text(sentence.atoms[start : start + length])[len(kept) :])
        else:
            yield Op(tag, _text(sentence.atoms[start : start + length]))
        at = start + length
    yield Op(tag, _text(sentence.atoms[at:]))


def _kept(olds: list[Token], news: list[Token]) -> Iterator[Op]:
    """Equal words; where the blanks after one differ, those are removed and added."""
    if olds == news:
        yield Op("=", _text(olds))
        return
    for (word, before), (_, after) in zip(olds, news, strict=True):
        if before == after:
            yield Op("=", word + before)
        else:
            yield Op("=", word)
            yield Op("-", before)
            yield Op("+", after)


def joined(ops: Iterable[Op]) -> list[Op]:
    """Neighbours of one kind joined, removed before added, and blanks that both end with given to what follows."""
    found: list[Op] = []
    gone: list[Op] = []
    come: list[Op] = []
    for op in ops:
        if not op.text:
            continue
        if op.tag == "=":
            _flush(found, gone, come)
            _add(found, op)
        else:
            _add(gone if op.tag in ("-", "-m") else come, op)
    _flush(found, gone, come)
    return found


def _flush(found: list[Op], gone: list[Op], come: list[Op]) -> None:
    shared = ""
    if gone and come and gone[-1].tag == "-" and come[-1].tag == "+":
        shared = _shared_blanks(gone[-1].text, come[-1].text)
    for side in (gone, come):
        if shared:
            side[-1] = side[-1]._replace(text=side[-1].text[: -len(shared)])
        found.extend(op for op in side if op.text)
        side.clear()
    if shared:
        _add(found, Op("=", shared))


def _add(to: list[Op], op: Op) -> None:
    if to and to[-1].tag == op.tag and to[-1].move == op.move:
        to[-1] = op._replace(text=to[-1].text + op.text)
    else:
        to.append(op)


def _shared_blanks(one: str, other: str) -> str:
    length = 0
    limit = min(len(one), len(other))
    while length < limit and one[-1 - length] == other[-1 - length] and one[-1 - length].isspace():
        length += 1
    return one[len(one) - length :]


def _slid(ops: list[Op]) -> list[Op]:
    """A lone addition or removal of "BREAK paragraph" before a BREAK is one of "paragraph BREAK": the same, said better."""
    for at in range(1, len(ops) - 1):
        op, before, after = ops[at], ops[at - 1], ops[at + 1]
        rest = after.text[len(BREAK) :]
        if op.tag not in ("-", "+") or before.tag != "=" or after.tag != "=" or not after.text.startswith(BREAK):
            continue
        if op.text.startswith(BREAK) and (at + 2 < len(ops) or not rest or rest.endswith(BREAK)):  # the last stays whole
            ops[at - 1] = before._replace(text=before.text + BREAK)
            ops[at] = op._replace(text=op.text[len(BREAK) :] + BREAK)
            ops[at + 1] = after._replace(text=rest)
    return [op for op in ops if op.text]


def without_final_break(ops: list[Op]) -> list[Op]:
    """Take away the BREAK that each side ends with.

    Where both sides end in kept text, that gives it up; where one side goes on after it, the other side's BREAK is in
    the kept text and becomes a removal or addition there. Operations of one side alone just end earlier.
    """
    last = max((at for at, op in enumerate(ops) if op.tag == "="), default=-1)
    tail = ops[last + 1 :]
    if tail:
        side: Side = "-" if tail[0].tag in ("-", "-m") else "+"
        tail[-1] = tail[-1]._replace(text=tail[-1].text[: -len(BREAK)])
        if last >= 0:
            tail.insert(0, Op(side, BREAK))
    if last >= 0:
        tail.insert(0, Op("=", ops[last].text[: -len(BREAK)]))
    return joined([*ops[: max(last, 0)], *tail])
