"""The pairs of texts that are compared: seeded, of Zipf-distributed words in sentences and paragraphs."""

from __future__ import annotations

import random
from collections.abc import Callable

Pair = tuple[str, str]
_SYLLABLES = ("ba", "ko", "ri", "men", "ta", "lo", "si", "ver", "na", "du", "per", "cen", "mi", "sol", "ga", "te", "fra", "un")


def _vocabulary(rng: random.Random, size: int = 6000) -> list[str]:
    """Short words first: they are the frequent ones."""
    return ["".join(rng.choices(_SYLLABLES, k=1 + min(3, n // 40))) + ("" if n < 60 else str(n % 7)) for n in range(size)]


def _words(rng: random.Random, vocabulary: list[str], count: int) -> list[str]:
    weights = [1 / (n + 2) for n in range(len(vocabulary))]
    return rng.choices(vocabulary, weights, k=count)


def _article(rng: random.Random, vocabulary: list[str], count: int) -> list[list[str]]:
    """Paragraphs of three to six sentences of eight to thirty words, as lists of words with their marks."""
    words = _words(rng, vocabulary, count)
    paragraphs: list[list[str]] = [[]]
    left_in_sentence, left_in_paragraph = rng.randrange(8, 30), rng.randrange(3, 7)
    start = True
    for word in words:
        left_in_sentence -= 1
        shown = word.capitalize() if start else word
        start = left_in_sentence == 0
        paragraphs[-1].append(shown + ("." if start else "," if rng.random() < 0.06 else ""))
        if start:
            left_in_sentence = rng.randrange(8, 30)
            left_in_paragraph -= 1
            if not left_in_paragraph:
                paragraphs.append([])
                left_in_paragraph = rng.randrange(3, 7)
    return [paragraph for paragraph in paragraphs if paragraph]


def _edited(rng: random.Random, vocabulary: list[str], paragraphs: list[list[str]], edits: int) -> list[list[str]]:
    found = [list(paragraph) for paragraph in paragraphs]
    for _ in range(edits):
        paragraph = rng.choice([one for one in found if len(one) > 8])
        at = rng.randrange(len(paragraph) - 6)
        paragraph[at : at + rng.randrange(4)] = _words(rng, vocabulary, rng.randrange(1, 4))
    return found


def _text(paragraphs: list[list[str]]) -> str:
    return "\n\n".join(" ".join(paragraph) for paragraph in paragraphs)


def a_text(rng: random.Random, words: int) -> str:
    """A text of so many words."""
    return _text(_article(rng, _vocabulary(random.Random(0)), words))


def an_edit(rng: random.Random, text: str, edits: int) -> str:
    """The text with so many small edits."""
    paragraphs = [part.split() for part in text.split("\n\n")]
    return _text(_edited(rng, _vocabulary(random.Random(0)), paragraphs, edits))


def small_edits() -> Pair:
    """a: 1,000 words, 5 edits."""
    rng = random.Random(1)
    vocabulary = _vocabulary(rng)
    old = _article(rng, vocabulary, 1000)
    return _text(old), _text(_edited(rng, vocabulary, old, 5))


def moved_paragraph() -> Pair:
    """b: 10,000 words, 30 edits, one paragraph moved by half the text."""
    rng = random.Random(2)
    vocabulary = _vocabulary(rng)
    old = _article(rng, vocabulary, 10_000)
    new = _edited(rng, vocabulary, old, 30)
    intact = [at for at in range(len(new) // 2) if new[at] == old[at] and len(new[at]) > 80]
    paragraph = new.pop(intact[0])
    new.insert(intact[0] + len(new) // 2, paragraph)
    return _text(old), _text(new)


def unrelated() -> Pair:
    """c: two unrelated texts of 5,000 words of one vocabulary."""
    rng = random.Random(3)
    vocabulary = _vocabulary(rng)
    return _text(_article(rng, vocabulary, 5000)), _text(_article(rng, vocabulary, 5000))


def repetitive_list() -> Pair:
    """d: a list of 15,000 tokens out of seven phrases, 60 items added, removed or replaced."""
    rng = random.Random(4)
    items = ["Press release", "PDF", "1.2 MB", "Read more", "12 May 2026", "Download", "Ministry of Justice"]
    old: list[str] = []
    while sum(len(item.split()) for item in old) < 15_000:
        old.append(rng.choice(items))
    new = list(old)
    for _ in range(60):
        at = rng.randrange(len(new))
        new[at : at + rng.randrange(2)] = [rng.choice(items)] * rng.randrange(2)
    return "\n".join(old), "\n".join(new)


def repetitive_line() -> Pair:
    """e: the same without line ends, so that nothing anchors."""
    old, new = repetitive_list()
    return old.replace("\n", " "), new.replace("\n", " ")


def rewritten_fifth() -> Pair:
    """f: 3,000 words, of which four fifths stay: single words, and every tenth sentence anew."""
    rng = random.Random(5)
    vocabulary = _vocabulary(rng)
    old = _article(rng, vocabulary, 3000)
    new = [[rng.choice(vocabulary) if rng.random() < 0.1 else word for word in paragraph] for paragraph in old]
    for paragraph in new[::10]:
        paragraph[:] = _words(rng, vocabulary, len(paragraph))
    return _text(old), _text(new)


CASES: dict[str, tuple[Callable[[], Pair], float | None]] = {
    # name: (texts, target in ms)
    "a": (small_edits, 0.5),
    "b": (moved_paragraph, 5.0),
    "c": (unrelated, 8.0),
    "d": (repetitive_list, 100.0),
    "e": (repetitive_line, 100.0),
    "f": (rewritten_fifth, None),
}
