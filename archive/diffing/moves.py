"""Which sentences moved: gone here and found again there, as they were or edited on the way.

A run of at least MIN_WORDS words that matched nowhere in order on either side has moved. Below that, equal words are
chance ("Thank you."). An edited one must keep MIN_SHARE of its words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rapidfuzz.distance import LCSseq

from archive.diffing.anchors import Gap, Sentence
from archive.diffing.tokens import count_words

MIN_WORDS = 4
MIN_WORDS_EDITED = 8
MIN_SHARE = 0.7
MAX_TWINS = 8  # places tried for one sentence: repetition must not cost quadratic time

_Place = tuple[int, int, Sentence]  # gap, place in it


def mark_moves(gaps: Sequence[Gap]) -> None:
    """Set `move` (and `twin` where edited) on the sentences that moved; ids count from 1."""
    olds = [(g, at, s) for g, gap in enumerate(gaps) for at, s in enumerate(gap.old)]
    news = [(g, at, s) for g, gap in enumerate(gaps) for at, s in enumerate(gap.new)]
    if olds and news:
        last = _exact(olds, news)
        _edited(olds, news, last)


def _exact(olds: list[_Place], news: list[_Place]) -> int:
    where: dict[str, list[int]] = {}
    for at, (_, _, sentence) in enumerate(news):
        where.setdefault(sentence.key, []).append(at)
    last = 0
    at = 0
    while at < len(olds):
        best, best_at = 0, 0
        for twin in where.get(olds[at][2].key, ())[:MAX_TWINS] if not olds[at][2].move else ():
            length = _run(olds, news, at, twin)
            if length > best:
                best, best_at = length, twin
        run = [(olds[at + k][2], news[best_at + k][2]) for k in range(best)]
        if best and _moved(olds[at], news[best_at]) and sum(count_words(s.key) for s, _ in run) >= MIN_WORDS:
            last += 1
            for one, other in run:
                one.move = other.move = last
        at += max(best, 1)
    return last


def _run(olds: list[_Place], news: list[_Place], i: int, j: int) -> int:
    """How many sentences are equal from here on, side by side in one gap each."""
    length = 0
    while (
        i + length < len(olds)
        and j + length < len(news)
        and olds[i + length][2].key == news[j + length][2].key
        and not olds[i + length][2].move
        and not news[j + length][2].move
        and olds[i + length][0] == olds[i][0]
        and news[j + length][0] == news[j][0]
    ):
        length += 1
    return length


def _moved(old: _Place, new: _Place) -> bool:
    """In one gap, a lone sentence against its equal did not move: its blanks changed."""
    return old[0] != new[0] or old[1] != new[1]


def _edited(olds: list[_Place], news: list[_Place], last: int) -> None:
    """Pair what is left by rare shared words, best share first come."""
    rest_old = [place for place in olds if not place[2].move and len(place[2].atoms) >= MIN_WORDS_EDITED]
    rest_new = [place for place in news if not place[2].move and len(place[2].atoms) >= MIN_WORDS_EDITED]
    if not rest_old or not rest_new:
        return
    by_word: dict[str, list[int]] = {}
    for at, (_, _, sentence) in enumerate(rest_new):
        for word in {word for word, _ in sentence.atoms}:
            by_word.setdefault(word, []).append(at)
    for old in rest_old:
        bag = [word for word, _ in old[2].atoms]
        votes = Counter(at for word in set(bag) if len(by_word.get(word, ())) <= MAX_TWINS for at in by_word.get(word, ()))
        for at, _ in votes.most_common(3):
            new = rest_new[at]
            if new[2].move or old[0] == new[0]:
                continue
            if LCSseq.normalized_similarity(bag, [w for w, _ in new[2].atoms], score_cutoff=MIN_SHARE) >= MIN_SHARE:
                last += 1
                old[2].move = new[2].move = last
                old[2].twin, new[2].twin = new[2], old[2]
                break
