"""Where sentences end. A rule for alignment and blame: it must be steady and fast, and need not be a linguist."""

from __future__ import annotations

import re

# A line end always ends a sentence (list items, table rows); a full stop does when blanks and no small letter follow.
# The pattern begins with one set of characters, because the engine skips to those in one loop.
_END = re.compile(r"[.!?\n\u2026\u061f\u06d4\u0964\u3002\uff01\uff1f][\"'\u2019\u201d\u00bb)\]]*\s*")
_FULL_WIDTH = "\n\u3002\uff01\uff1f"  # end a sentence without a blank
_ABBREVIATED = re.compile(
    r"(?:^|[\s(\u00ab\u201c\"])(?:(?:[^\W\d_]\.)*[^\W\d_]|Mrs?|Ms|Dr|Nos?|St|Prof|Hon|Gen|Lt|Col|Sgt|Sr|Jr|vs|cf|al|Art|Sec|Fig|Inc|Ltd|Co"
    r"|им|ст|гг|стр|ул|тыс|млн|млрд|руб|др|пр|см|mln|mlrd|bzw|usw|Nr|Abs)\.\s*$"
)


def sentences(text: str) -> list[str]:
    """Sentences in order, each with the blanks that follow it; joined they are the text again."""
    parts: list[str] = []
    start = 0
    for found in _END.finditer(text):
        mark, end = found[0][0], found.end()
        if mark not in _FULL_WIDTH and not text[end - 1].isspace():
            continue
        if mark == "." and (text[end : end + 1].islower() or _ABBREVIATED.search(text, max(start, found.start() - 7), end)):
            continue
        parts.append(text[start:end])
        start = end
    if start < len(text):
        parts.append(text[start:])
    return parts
