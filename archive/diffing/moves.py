"""Which sentences moved: gone here and found again there, as they were or edited on the way.

A run of at least MIN_WORDS words that matched nowhere in order on either side has moved. Below that, equal words are
chance ("Thank you."). An edited one must keep MIN_SHARE of its words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rapidfuzz.distance import LCSseq

from archive.diffing.anchors import Hole, Sentence
from archive.diffing.tokens import count_words

MIN_WORDS = 4
MIN_WORDS_EDITED = 8
MIN_SHARE = 0.7
MAX_TWINS = 8  # places tried for one sentence: repetition must not cost quadratic time

_Place = tuple[int, int, Sentence]  # hole, place in it


def mark_moves(holes: Sequence[Hole]) -> None:
    """Set `move` (and `twin` where edited) on the sentences that moved; ids count from 1."""
    if len(holes) < 2 and all(len(hole.old) < 2 and len(hole.new) < 2 for hole in holes):
        return
    last = _exact(
        [(h, at, s) for h, hole in enumerate(holes) for at, s in enumerate(hole.old)],
        [(h, at, s) for h, hole in enumerate(holes) for at, s in enumerate(hole.new)],
    )
    _edited(holes, last)


def _exact(olds: list[_Place], news: list[_Place]) -> int:
    where: dict[str, list[int]] = {}
    for at, (_, _, sentence) in enumerate(news):
        where.setdefault(sentence.key, []).append(at)
    last = at = 0
    while at < len(olds):
        if olds[at][2].key not in where:
            at += 1
            continue
        best, best_at = 0, 0
        for twin in where[olds[at][2].key][:MAX_TWINS]:
            length = _run(olds, news, at, twin)
            if length > best:
                best, best_at = length, twin
        if best and _elsewhere(olds[at], news[best_at]):
            run = [(olds[at + k][2], news[best_at + k][2]) for k in range(best)]
            if sum(count_words(one.key) for one, _ in run) >= MIN_WORDS:
                for of_run, (one, other) in enumerate(run, 1):
                    if not run[of_run - 2][0].goes_on or of_run == 1:
                        last += 1
                    one.move = other.move = last
                    one.goes_on = other.goes_on = of_run < best and one.blanks == other.blanks
        at += max(best, 1)
    return last


def _run(olds: list[_Place], news: list[_Place], i: int, j: int) -> int:
    """How many sentences are equal from here on, side by side in one hole each."""
    hole, other = olds[i][0], news[j][0]
    length = 0
    while i + length < len(olds) and j + length < len(news):
        (h, _, one), (o, _, two) = olds[i + length], news[j + length]
        if h != hole or o != other or one.key != two.key or one.move or two.move:
            break
        length += 1
    return length


def _elsewhere(old: _Place, new: _Place) -> bool:
    """In one hole, a sentence against its equal at the same place did not move: its blanks changed."""
    return old[0] != new[0] or old[1] != new[1]


def _edited(holes: Sequence[Hole], last: int) -> None:
    """Pair sentences that stand alone, or beside one they share little with, when they have three words in a row in common."""
    olds, news = [], []
    for at, hole in enumerate(holes):
        if _alone(hole):
            olds += [(at, one) for one in hole.old if _may_be_edited(one)]
            news += [(at, one) for one in hole.new if _may_be_edited(one)]
    if not olds or not news:
        return
    index = {gram: at for at, (_, sentence) in enumerate(news) for gram in _grams(sentence)}
    for hole_at, sentence in olds:
        found = {index[gram] for gram in _grams(sentence) if gram in index}
        for at in sorted(found)[:MAX_TWINS]:
            other = news[at][1]
            if other.move or news[at][0] == hole_at:
                continue
            if LCSseq.normalized_similarity(sentence.chunks[0], other.chunks[0]) >= MIN_SHARE:
                last += 1
                sentence.move = other.move = last
                sentence.twin, other.twin = other, sentence
                break


def _may_be_edited(sentence: Sentence) -> bool:
    return not sentence.strange and not sentence.move and len(sentence.chunks[0]) >= MIN_WORDS_EDITED


def _grams(sentence: Sentence) -> Iterable[tuple[str, str, str]]:
    words = sentence.chunks[0]
    return zip(words, words[1:], words[2:], strict=False)


def _alone(hole: Hole) -> bool:
    """Whether the two sides of a hole are not simply each other's edits: one empty, of other sizes, or of other words."""
    if len(hole.old) != len(hole.new):
        return True
    old = {word for sentence in hole.old for word in sentence.chunks[0]}
    new = {word for sentence in hole.new for word in sentence.chunks[0]}
    return 2 * len(old & new) < max(len(old), len(new))
