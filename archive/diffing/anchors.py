"""What certainly stayed: paragraphs, then sentences, that stand in both texts in one order. The rest are gaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from archive.diffing.matching import matches
from archive.diffing.sentences import sentences
from archive.diffing.tokens import Token, tokens

BREAK = "\n\n"


@dataclass(slots=True, eq=False)
class Sentence:
    """A sentence of a gap: `key` decides equality, `blanks` follow it. `move` is 0 where it did not move."""

    key: str
    blanks: str
    move: int = 0
    twin: Sentence | None = None  # where it came from or went to, when it was edited on the way
    _atoms: list[Token] | None = field(default=None, repr=False)

    @property
    def atoms(self) -> list[Token]:
        """Its words and marks, cut when first asked for."""
        if self._atoms is None:
            self._atoms = tokens(self.key + self.blanks)
        return self._atoms


@dataclass(slots=True, eq=False)
class Gap:
    """What stands between two anchors: sentences of the old text against sentences of the new one."""

    old: list[Sentence]
    new: list[Sentence]


def paragraphs(text: str) -> list[str]:
    """Paragraphs, each with the blank line that ends it; the last one gets one too."""
    return [part + BREAK for part in text.split(BREAK)]


def pieces(old: str, new: str) -> list[str | Gap]:
    """The two texts (each with a final BREAK) as anchors (text) and gaps, in order."""
    olds, news = paragraphs(old), paragraphs(new)
    found: list[str | Gap] = []
    i = j = 0
    for at_i, at_j, length in [*matches(olds, news), (len(olds), len(news), 0)]:
        if at_i > i or at_j > j:
            found += _sentence_pieces(_sentences(olds[i:at_i]), _sentences(news[j:at_j]))
        if length:
            found.append("".join(olds[at_i : at_i + length]))
        i, j = at_i + length, at_j + length
    return found


def _sentences(parts: Sequence[str]) -> list[Sentence]:
    found = []
    for part in parts:
        for sentence in sentences(part):
            key = sentence.rstrip()
            found.append(Sentence(key, sentence[len(key) :]))
    return found


def _sentence_pieces(olds: list[Sentence], news: list[Sentence]) -> Iterator[str | Gap]:
    """Sentences equal to the last blank are anchors; one whose blanks alone differ stays in a gap, to show them."""
    if not olds or not news:
        yield Gap(olds, news)
        return
    i = j = 0
    found = matches([s.key + s.blanks for s in olds], [s.key + s.blanks for s in news])
    for at_i, at_j, length in [*found, (len(olds), len(news), 0)]:
        if at_i > i or at_j > j:
            yield Gap(olds[i:at_i], news[j:at_j])
        if length:
            yield "".join([s.key + s.blanks for s in olds[at_i : at_i + length]])
        i, j = at_i + length, at_j + length
