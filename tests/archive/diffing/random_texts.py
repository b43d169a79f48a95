"""Seeded texts out of everything that breaks text tools, and edits of them."""

from __future__ import annotations

import random

_LETTERS = ("a", "b", "é", "e\u0301", "\u0301", "ß", "İ", "ǆ", "שלום", "नी", "中", "文", "。", "The", "word")
_SIGNS = ("😀", "👨\u200d👩\u200d👧", "\ud800", "\udc00", "\u202e", "\u200f", "\0", "‘q’")
_PLAIN = ("1,000", "-5", "A", ",", "—", "Mr.", "x@y.z", "<b>", "&")
_PARTS = _LETTERS + _SIGNS + _PLAIN
_BLANKS = ("\n", "\n\n", "\n\n\n", " ", "  ", "\t", "\u00a0", "\x1c", "\x85", "\u2028", "\r\n", ". ", "! ", "? ", "")


def text(rng: random.Random, parts: int) -> str:
    """A text of so many parts."""
    return "".join(rng.choice(_PARTS) + (rng.choice(_BLANKS) if rng.random() < 0.4 else " ") for _ in range(parts))


def edited(rng: random.Random, old: str) -> str:
    """The text after cuts, insertions, replacements and moves; now and then another text altogether."""
    if rng.random() < 0.15:
        return text(rng, rng.randrange(40))
    new = old
    for _ in range(rng.randrange(1, 6)):
        start = rng.randrange(len(new) + 1)
        end = min(len(new), start + rng.randrange(25))
        cut, rest = new[start:end], new[:start] + new[end:]
        at = rng.randrange(len(rest) + 1)
        new = rng.choice((rest, rest[:at] + cut + rest[at:], new[:start] + text(rng, rng.randrange(4)) + new[end:]))
    return new


def pair(seed: int) -> tuple[str, str]:
    """The pair of one seed."""
    rng = random.Random(seed)
    old = text(rng, rng.randrange(60))
    return old, edited(rng, old)
