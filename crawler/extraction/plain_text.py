"""What does an element say? Text as a reader sees it: white space folded, invisible characters gone, NFC."""

from __future__ import annotations

import unicodedata

from lxml.etree import _Element

# Soft hyphen, zero-width space, joiners that only shape a line break, byte order mark, word joiner.
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))


def clean(text: str) -> str:
    """One line: white space folded, soft hyphens and zero-width spaces gone, NFC."""
    folded = " ".join(text.split())
    if folded.isascii():
        return folded
    folded = folded.translate(_INVISIBLE)
    return unicodedata.normalize("NFC", folded)


def lines_of(element: _Element) -> list[str]:
    """The text of an element, one entry a line: a line break or a nested block ends a line."""
    lines: list[str] = []
    parts: list[str] = []

    def walk(node: _Element) -> None:
        if node.tag in ("lb", "br", "p", "item"):
            flush()
        if node.text:
            parts.append(node.text)
        for child in node:
            walk(child)
            if child.tail:
                parts.append(child.tail)
        if node.tag in ("p", "item"):
            flush()

    def flush() -> None:
        if line := clean("".join(parts)):
            lines.append(line)
        parts.clear()

    walk(element)
    flush()
    return lines
