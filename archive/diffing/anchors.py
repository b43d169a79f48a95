"""What certainly stayed: paragraphs, then sentences, that stand in both texts in one order. The rest are gaps.

Paragraphs are divided by blank lines. Inside a gap each paragraph carries its BREAK at the end, so that breaks too are
kept, removed and added; the last paragraph of each text is given one that `operations.without_final_break` takes away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from archive.diffing.matching import matches
from archive.diffing.sentences import sentences
from archive.diffing.tokens import chunks

BREAK = "\n\n"


@dataclass(slots=True, eq=False)
class Sentence:
    """A sentence that is not anchored: `key` decides equality, `blanks` follow it. `move` is 0 where it did not move."""

    key: str
    blanks: str
    move: int = 0
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
    found = []
    i = j = 0
    for at_i, at_j, length in [*matches(olds, news), (len(olds), len(news), 0)]:
        if at_i > i or at_j > j:
            parts = _parts(_broken(olds[i:at_i]), _broken(news[j:at_j]))
            found.append(Gap((i, at_i), (j, at_j), list(parts)))
        i, j = at_i + length, at_j + length
    return found


def _broken(paragraphs: list[str]) -> str:
    return BREAK.join([*paragraphs, ""])


def _parts(old: str, new: str) -> Iterator[str | Hole]:
    """Kept sentences at both ends, then those between; a sentence whose blanks alone differ stays in a hole to show it."""
    head, tail = _ends(old, new)
    if head:
        yield old[:head]
    olds = sentences(old[head : len(old) - tail])
    news = sentences(new[head : len(new) - tail])
    i = j = 0
    runs = matches(olds, news) if (len(olds) > 1 and news) or (len(news) > 1 and olds) else []
    for at_i, at_j, length in [*runs, (len(olds), len(news), 0)]:
        if at_i > i or at_j > j:
            yield Hole(_sentences(olds[i:at_i]), _sentences(news[j:at_j]))
        if length:
            yield "".join(olds[at_i : at_i + length])
        i, j = at_i + length, at_j + length
    if tail:
        yield old[len(old) - tail :]


def _sentences(parts: list[str]) -> list[Sentence]:
    found = []
    for part in parts:
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
