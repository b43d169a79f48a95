"""Which version brought a sentence, and which took it away: sentences by hash, through the versions of a page."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from archive.diffing.sentences import sentences


@dataclass(frozen=True, slots=True)
class Hashed:
    """A sentence in its place: `hash` names its text (blanks made one), `nth` counts equal ones from 0."""

    hash: str
    nth: int
    text: str


@dataclass(frozen=True, slots=True)
class Stretches:
    """What a version did to the sentences of a field: took (`died`), brought (`born`), and all it has, in order."""

    died: tuple[Hashed, ...]
    born: tuple[Hashed, ...]
    order: tuple[Hashed, ...]


def hashed(text: str) -> list[Hashed]:
    """The sentences of a text, each named by 80 bits of BLAKE2 of its words and its number among equal ones."""
    found: list[Hashed] = []
    seen: dict[str, int] = {}
    for sentence in sentences(text):
        plain = " ".join(sentence.split())
        if plain:
            name = blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()
            nth = seen.get(name, 0)
            seen[name] = nth + 1
            found.append(Hashed(name, nth, plain))
    return found


def stretches(previous: str | None, new: str | None) -> Stretches:
    """Compare the sentences of two successive texts of a field (None: no version before, or the page is gone).

    Equal sentences live on wherever they stand, so a moved one keeps its birth. Of several equal ones those with the
    highest `nth` come and go.
    """
    before, after = hashed(previous or ""), hashed(new or "")
    old_keys = {(one.hash, one.nth) for one in before}
    new_keys = {(one.hash, one.nth) for one in after}
    return Stretches(
        died=tuple(one for one in before if (one.hash, one.nth) not in new_keys),
        born=tuple(one for one in after if (one.hash, one.nth) not in old_keys),
        order=tuple(after),
    )
