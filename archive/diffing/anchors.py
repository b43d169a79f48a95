"""What certainly stayed: paragraphs, then sentences, that stand in both texts in one order. The rest are gaps.

Paragraphs are divided by blank lines. Inside a gap each paragraph carries its BREAK at the end, so that breaks too are
kept, removed and added; the last paragraph of each text is given one that `operations.without_final_break` takes away.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import chain

from archive.diffing.matching import Match, matches
from archive.diffing.sentences import sentences
from archive.diffing.tokens import chunks

BREAK = "\n\n"
MUCH = 3000  # characters replaced on both sides from which strangers are looked for ...
MUCH_SHARE = 0.25  # ... if they are that much of the longer text


@dataclass(slots=True, eq=False)
class Sentence:
    """A sentence that is not anchored: `key` decides equality, `blanks` follow it. `move` is 0 where it did not move."""

    key: str
    blanks: str
    strange: bool = False  # a whole paragraph that has nothing in common with the other text
    move: int = 0
    goes_on: bool = False  # moved together with its blanks and the sentence after it
    twin: Sentence | None = None  # where it came from or went to, when it was edited on the way
    _chunks: tuple[list[str], list[str]] | None = field(default=None, repr=False)

    @property
    def chunks(self) -> tuple[list[str], list[str]]:
        """Its words with their marks, and the blanks after each; cut when first asked for."""
        if self._chunks is None:
            words, blanks = chunks(self.key)
            if self.blanks:
                blanks = [*blanks[:-1], self.blanks] if words else [self.blanks]
            self._chunks = words or [""] * len(blanks), blanks
        return self._chunks


@dataclass(slots=True, eq=False)
class Hole:
    """Sentences of the old text against sentences of the new one, none of them equal in order."""

    old: list[Sentence]
    new: list[Sentence]


@dataclass(slots=True, eq=False)
class Gap:
    """Changed paragraphs: their place (half open, from 0) in the old and the new text, and kept text around holes."""

    old: tuple[int, int]
    new: tuple[int, int]
    parts: list[str | Hole]


def gaps(olds: list[str], news: list[str]) -> list[Gap]:
    """The gaps between paragraphs that stand in both lists."""
    spans = []
    i = j = 0
    for at_i, at_j, length in [*matches(olds, news), (len(olds), len(news), 0)]:
        if at_i > i or at_j > j:
            spans.append((slice(i, at_i), slice(j, at_j)))
        i, j = at_i + length, at_j + length
    strange = _strangers(olds, news, spans)
    return [
        Gap((old.start, old.stop), (new.start, new.stop), list(_parts(olds[old], news[new], strange))) for old, new in spans
    ]


def _strangers(olds: list[str], news: list[str], spans: list[tuple[slice, slice]]) -> set[str]:
    """Where much was replaced: the paragraphs that share no GRAM words in a row with the other side.

    Nothing in them stayed or moved, so their sentences need not be looked for. Where little was replaced every word is
    compared, so that what was changed stays the least there is.
    """
    old = [part for span, _ in spans for part in olds[span]]
    new = [part for _, span in spans for part in news[span]]
    much = max(MUCH, MUCH_SHARE * max(sum(map(len, olds)), sum(map(len, news))))
    if min(sum(map(len, old)), sum(map(len, new))) < much:
        return set()
    old_grams, new_grams = ([list(_grams(part)) for part in parts] for parts in (old, new))
    shared = set(chain.from_iterable(old_grams)).intersection(chain.from_iterable(new_grams))
    strange_old = {part for part, grams in zip(old, old_grams, strict=True) if shared.isdisjoint(grams)}
    strange_new = {part for part, grams in zip(new, new_grams, strict=True) if shared.isdisjoint(grams)}
    replaced = min(sum(map(len, strange_old)), sum(map(len, strange_new)))
    return strange_old | strange_new if replaced >= much else set()


def _grams(text: str) -> Iterator[tuple[str, ...]]:
    words = text.split()
    return zip(words, words[1:], words[2:], words[3:], strict=False)


def _parts(old_paragraphs: list[str], new_paragraphs: list[str], strange: set[str]) -> Iterator[str | Hole]:
    """Kept sentences at both ends, then those between; a sentence whose blanks alone differ stays in a hole to show it."""
    old, new = BREAK.join([*old_paragraphs, ""]), BREAK.join([*new_paragraphs, ""])
    head, tail = _ends(old, new)
    if head:
        yield old[:head]
    if strange.isdisjoint(old_paragraphs) and strange.isdisjoint(new_paragraphs):
        olds = _sentences([old[head : len(old) - tail]])
        news = _sentences([new[head : len(new) - tail]])
    else:
        tail = 0
        old_paragraphs, new_paragraphs = old[head:].split(BREAK)[:-1], new[head:].split(BREAK)[:-1]
        olds = _sentences([part + BREAK for part in old_paragraphs], strange)
        news = _sentences([part + BREAK for part in new_paragraphs], strange)
    i = j = 0
    runs: list[Match] = []
    if (len(olds) > 1 and news) or (len(news) > 1 and olds):
        runs = matches([one.key + one.blanks for one in olds], [one.key + one.blanks for one in news])
    for at_i, at_j, length in [*runs, (len(olds), len(news), 0)]:
        if at_i > i or at_j > j:
            yield Hole(olds[i:at_i], news[j:at_j])
        if length:
            yield "".join([one.key + one.blanks for one in olds[at_i : at_i + length]])
        i, j = at_i + length, at_j + length
    if tail:
        yield old[len(old) - tail :]


def _sentences(texts: list[str], strange: Collection[str] = ()) -> list[Sentence]:
    found = []
    for text in texts:
        if text[: -len(BREAK)] in strange:
            found.append(Sentence(text[: -len(BREAK)], BREAK, strange=True))
            continue
        for part in sentences(text):
            key = part.rstrip()
            found.append(Sentence(key, part[len(key) :]))
    return found


def _ends(old: str, new: str) -> tuple[int, int]:
    """How much both begin and end with, cut back to where sentences (or lines) seem to end."""
    head = _shared_head(old, new)
    head = max(old.rfind(". ", 0, head), old.rfind("\n", 0, head) - 1) + 2
    head = head if head > 1 else 0
    tail = _shared_tail(old[head:], new[head:])
    start = len(old) - tail
    ends = [at for at in (old.find(". ", start), old.find("\n", start) - 1) if at > start - 1]
    return head, len(old) - min(ends) - 2 if ends else 0


def _shared_head(old: str, new: str) -> int:
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _shared_tail(old: str, new: str) -> int:
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[len(old) - middle : len(old) - low] == new[len(new) - middle : len(new) - low]:
            low = middle
        else:
            high = middle - 1
    return low
