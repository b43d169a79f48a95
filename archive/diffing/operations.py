"""Two texts -> the operations that turn one into the other: kept, removed, added, moved.

Paragraphs that stand in both texts anchor the comparison, then sentences, then words, so that what costs time is what
changed. A sentence found elsewhere is moved (`-m` where it stood, `+m` where it stands, one id), also when it was
edited on the way: then each stretch it kept has an id of its own. Everything is verbatim: `=`, `-`, `-m` joined are the
old text, `=`, `+`, `+m` the new one.

Between texts that share most of their words the operations are minimal. Between others, short runs that match by
chance ("of the") are given up, because they would cut what was replaced to shreds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import add
from typing import Literal, NamedTuple

from archive.diffing.anchors import BREAK, Gap, Hole, Sentence, gaps
from archive.diffing.matching import Match, matches
from archive.diffing.moves import mark_moves
from archive.diffing.tokens import is_word, tokens

Tag = Literal["=", "-", "+", "-m", "+m"]
Side = Literal["-", "+"]
MIN_KEPT = 2  # words of an edited move that count as moved
ALIKE = 0.75  # share of kept text from which operations stay minimal
PHRASE = 8  # words kept in a row are never chance
MAX_REFINED = 600  # characters of a replaced stretch that is compared by words and marks
LETTERS = 5.5  # of a word with its blank, roughly, in the languages of portals


class Op(NamedTuple):
    """One operation: what was done to a stretch of text, and the id of the move it belongs to (0: none)."""

    tag: Tag
    text: str
    move: int = 0


def opcodes(old: str, new: str) -> list[Op]:
    """The operations for the two whole texts, in order; see `replay`."""
    if old == new:
        return [Op("=", old)] if old else []
    olds = old.split(BREAK)
    ops: list[Op] = []
    at = 0
    for gap, changed in gap_ops(olds, new.split(BREAK)):
        ops.append(Op("=", BREAK.join([*olds[at : gap.old[0]], ""])))
        ops += changed
        at = gap.old[1]
    ops.append(Op("=", BREAK.join([*olds[at:], ""])))
    return without_final_break(joined(ops))


def replay(ops: Iterable[Op], side: Literal["old", "new"]) -> str:
    """The old or the new text, character for character, out of the operations."""
    tags = ("=", "-", "-m") if side == "old" else ("=", "+", "+m")
    return "".join(op.text for op in ops if op.tag in tags)


def gap_ops(olds: list[str], news: list[str]) -> list[tuple[Gap, list[Op]]]:
    """The changed paragraphs and what was done to them, each paragraph with a BREAK at its end."""
    found = gaps(olds, news)
    holes = [part for gap in found for part in gap.parts if isinstance(part, Hole)]
    mark_moves(holes)
    numbers = _Numbers()
    streams = [(_Stream("-", hole.old, numbers), _Stream("+", hole.new, numbers)) for hole in holes]
    runs = [matches(old.words, new.words) if old.words and new.words else [] for old, new in streams]
    if _share_kept(olds, news, streams, runs) < ALIKE:
        runs = [_without_chance(of, len(old.words), len(new.words)) for of, (old, new) in zip(runs, streams, strict=True)]
    each = iter(zip(streams, runs, strict=True))
    answer = []
    for gap in found:
        ops: list[Op] = []
        for part in gap.parts:
            if isinstance(part, Hole):
                (old, new), kept = next(each)
                ops += _hole_ops(old, new, kept)
            else:
                ops.append(Op("=", part))
        answer.append((gap, _slid(joined(ops))))
    return answer


class _Numbers:
    """Ids of moves in the order in which they are met, from 1."""

    def __init__(self) -> None:
        self.of: dict[tuple[int, int], int] = {}

    def __call__(self, move: int, stretch: int = 0) -> int:
        return self.of.setdefault((move, stretch), len(self.of) + 1)


class _Stream:
    """One side of a hole: the words of the sentences that stayed, and the moved sentences by the place where they stand."""

    __slots__ = ("apart", "blanks", "numbers", "tag", "words")

    def __init__(self, tag: Side, parts: list[Sentence], numbers: _Numbers) -> None:
        self.tag = tag
        self.numbers = numbers
        self.words: list[str] = []
        self.blanks: list[str] = []
        self.apart: dict[int, list[Sentence]] = {}
        for sentence in parts:
            if sentence.move or sentence.strange:
                self.apart.setdefault(len(self.words), []).append(sentence)
            else:
                words, blanks = sentence.chunks
                self.words += words
                self.blanks += blanks

    def text(self, start: int, end: int) -> str:
        """Words `start` to `end` as they stand."""
        return "".join(map(add, self.words[start:end], self.blanks[start:end]))

    def changed(self, start: int, end: int) -> Iterator[Op]:
        """Words `start` to `end` as removed or added, with the moved sentences before, among and after them."""
        for stop in [*sorted(at for at in self.apart if start <= at <= end), end]:
            yield Op(self.tag, self.text(start, stop))
            yield from self.apart_at(stop)
            start = stop

    def apart_at(self, at: int) -> Iterator[Op]:
        """The moved and strange sentences that stand before word `at`; each is told once."""
        moving: list[str] = []
        for sentence in self.apart.pop(at, ()):
            if sentence.strange:
                yield Op(self.tag, sentence.key + sentence.blanks)
            elif sentence.twin is not None:
                yield from _edited_move(self.tag, sentence, sentence.twin, self.numbers)
            else:
                moving.append(sentence.key)
                if sentence.goes_on:
                    moving.append(sentence.blanks)
                    continue
                yield Op("-m" if self.tag == "-" else "+m", "".join(moving), self.numbers(sentence.move))
                yield Op(self.tag, sentence.blanks)
                moving = []


def _share_kept(
    olds: Sequence[str], news: Sequence[str], streams: Sequence[tuple[_Stream, _Stream]], runs: Sequence[Sequence[Match]]
) -> float:
    """About which share of the longer text is kept; what moved counts as kept."""
    lost = sum(max(len(old.words), len(new.words)) for old, new in streams) - sum(run[2] for of in runs for run in of)
    words = max(sum(map(len, olds)), sum(map(len, news))) / LETTERS
    return 1 - lost / max(words, lost, 1)


def _without_chance(runs: list[Match], olds: int, news: int) -> list[Match]:
    """Runs without those shorter than what changed on both sides of them: the eye would not see them as kept."""
    kept: list[Match] = []
    for at, run in enumerate(runs):
        before = kept[-1] if kept else (0, 0, 0)
        after = runs[at + 1] if at + 1 < len(runs) else (olds, news, 0)
        left = max(run[0] - before[0] - before[2], run[1] - before[1] - before[2])
        right = max(after[0] - run[0] - run[2], after[1] - run[1] - run[2])
        if run[2] > min(left, right) or run[2] >= PHRASE:
            kept.append(run)
    return kept


def _hole_ops(old: _Stream, new: _Stream, runs: list[Match]) -> Iterator[Op]:
    i = j = 0
    for at_i, at_j, length in [*runs, (len(old.words), len(new.words), 0)]:
        if old.apart or new.apart:
            yield from old.changed(i, at_i)
            yield from new.changed(j, at_j)
            inside = {at - at_i for at in old.apart if at_i < at < at_i + length}
            inside |= {at - at_j for at in new.apart if at_j < at < at_j + length}
            done = 0
            for stop in sorted(inside):
                yield from _kept(old, new, at_i + done, at_j + done, stop - done)
                yield from old.apart_at(at_i + stop)
                yield from new.apart_at(at_j + stop)
                done = stop
            yield from _kept(old, new, at_i + done, at_j + done, length - done)
        else:
            yield from _replaced(old.text(i, at_i), new.text(j, at_j))
            yield from _kept(old, new, at_i, at_j, length)
        i, j = at_i + length, at_j + length


def _replaced(old: str, new: str) -> Iterator[Op]:
    """What stands for what: where short enough for the eye, the words and marks in it that stayed are told from the others."""
    if not old or not new or len(old) + len(new) > MAX_REFINED:
        yield Op("-", old)
        yield Op("+", new)
        return
    (olds, old_blanks), (news, new_blanks) = tokens(old), tokens(new)
    i = j = 0
    last = (len(olds), len(news), 0)
    for at_i, at_j, length in [*matches(olds, news), last]:
        at_end = not at_i or not at_j or at_i + length == last[0] or at_j + length == last[1]
        if not at_end and not any(map(is_word, olds[at_i : at_i + length])):
            continue  # commas alone are no kept text
        yield Op("-", "".join(map(add, olds[i:at_i], old_blanks[i:at_i])))
        yield Op("+", "".join(map(add, news[j:at_j], new_blanks[j:at_j])))
        yield from _same(olds[at_i : at_i + length], old_blanks[at_i : at_i + length], new_blanks[at_j : at_j + length])
        i, j = at_i + length, at_j + length


def _edited_move(tag: Side, sentence: Sentence, twin: Sentence, numbers: _Numbers) -> Iterator[Op]:
    """A sentence that moved and was edited: kept stretches as moved, the rest as removed or added."""
    mine, other = _Stream(tag, [], numbers), _Stream(tag, [], numbers)
    mine.words, mine.blanks = sentence.chunks
    other.words, other.blanks = twin.chunks
    old, new = (mine, other) if tag == "-" else (other, mine)
    at = 0
    for number, (i, j, length) in enumerate(matches(old.words, new.words), 1):
        start = i if tag == "-" else j
        yield Op(tag, mine.text(at, start))
        kept = old.text(i, i + length).rstrip()
        if length >= MIN_KEPT and kept == new.text(j, j + length).rstrip():
            yield Op("-m" if tag == "-" else "+m", kept, numbers(sentence.move, number))
            yield Op(tag, mine.text(start, start + length)[len(kept) :])
        else:
            yield Op(tag, mine.text(start, start + length))
        at = start + length
    yield Op(tag, mine.text(at, len(mine.words)))


def _kept(old: _Stream, new: _Stream, i: int, j: int, length: int) -> Iterator[Op]:
    before, after = old.blanks[i : i + length], new.blanks[j : j + length]
    if before == after:
        yield Op("=", old.text(i, i + length))
    else:
        yield from _same(old.words[i : i + length], before, after)


def _same(words: Sequence[str], before: Sequence[str], after: Sequence[str]) -> Iterator[Op]:
    """Equal words; where the blanks after one differ, those are removed and added."""
    for word, one, other in zip(words, before, after, strict=True):
        if one == other:
            yield Op("=", word + one)
        else:
            yield Op("=", word)
            yield Op("-", one)
            yield Op("+", other)


def joined(ops: Iterable[Op]) -> list[Op]:
    """Neighbours of one kind joined, removed before added, and blanks that both end with given to what follows."""
    found: list[Op] = []
    gone: list[Op] = []
    come: list[Op] = []
    for op in ops:
        if not op.text:
            continue
        if op.tag == "=":
            if gone or come:
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
        if op.text.startswith(BREAK):
            ops[at - 1] = before._replace(text=before.text + BREAK)
            ops[at] = op._replace(text=op.text[len(BREAK) :] + BREAK)
            ops[at + 1] = after._replace(text=rest)
    return [op for op in ops if op.text]


def without_final_break(ops: list[Op]) -> list[Op]:
    """Take away the BREAK that each side ends with.

    Where one side goes on after the kept text that holds the other's BREAK, the BREAK there becomes its addition or
    removal.
    """
    if ops[-1].tag == "=" and len(ops[-1].text) > len(BREAK):
        return [*ops[:-1], Op("=", ops[-1].text[: -len(BREAK)])]
    old = new = len(BREAK)  # still to be taken away
    tail: list[Op] = []
    ops = ops[:]
    while (old or new) and ops:  # a paragraph of one side alone has one BREAK
        op = ops.pop()
        size = len(op.text)
        from_old = min(old, size) if op.tag in ("=", "-", "-m") else 0
        from_new = min(new, size) if op.tag in ("=", "+", "+m") else 0
        cut, less = max(from_old, from_new), min(from_old, from_new) if op.tag == "=" else 0
        if cut and op.tag == "=":
            tail.append(Op("-" if from_new > from_old else "+", op.text[size - cut : size - less]))
        tail.append(op._replace(text=op.text[: size - cut]))
        old, new = old - from_old, new - from_new
    return joined([*ops, *reversed(tail)])
