"""The stretch of a text around what was found, with the found words in marks."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archive.folding import fold
from archive.search.terms import Term, Terms

_GAP = r"[\W_]+"


def snippet(texts: Iterable[str | None], terms: Terms, *, context: int = 1, marks: tuple[str, str] = ("«", "»")) -> str:
    """Some `12 * context` words around the first hit in the first text that has one; the beginning where none has."""
    pattern = pattern_of([term for group in terms.all_of for term in group])
    first = ""
    for text in texts:
        if not text:
            continue
        first = first or text
        folded = fold(text)
        if len(folded) != len(text):  # not composed: places in the one are not places in the other
            text, folded = folded, folded
        hit = pattern.search(folded)
        if hit is not None:
            return _around(text, folded, hit.start(), pattern, 12 * context, marks)
    return _cut(first, 0, 24 * context)


def pattern_of(terms: Iterable[Term]) -> re.Pattern[str]:
    """Any of these terms in a folded text."""
    parts = [
        r"(?<![^\W_])" + _GAP.join(re.escape(word) for word in term.words) + ("" if term.prefix else r"(?![^\W_])")
        for term in terms
    ]
    return re.compile("|".join(parts) or r"(?!)")


def _around(text: str, folded: str, at: int, pattern: re.Pattern[str], width: int, marks: tuple[str, str]) -> str:
    before = [match.start() for match in re.finditer(r"\S+", text[max(0, at - 40 * width) : at])]
    offset = max(0, at - 40 * width)
    start = offset + before[-width] if len(before) > width else offset
    end = next((match.end() + at for n, match in enumerate(re.finditer(r"\S+", text[at:])) if n == width), len(text))
    out, last = [], start
    for hit in pattern.finditer(folded, start, end):
        out += [text[last : hit.start()], marks[0], text[hit.start() : hit.end()], marks[1]]
        last = hit.end()
    out.append(text[last:end])
    told = " ".join("".join(out).split())
    return ("… " if start > 0 else "") + told + (" …" if end < len(text) else "")


def _cut(text: str, start: int, width: int) -> str:
    found = text[start:].split()
    return " ".join(found[:width]) + (" …" if len(found) > width else "")
