"""What does an element say? Text as a reader sees it: white space folded, invisible characters gone.

Letters stay as the page composed them (NFC is applied where texts are compared, archive.digests.normalise)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from lxml.etree import _Element

_NOT_WORD = re.compile(r"[\W_]+")
_SHORT = 160  # characters
_FLAT_ASCII = {code: chr(code).lower() if chr(code).isalnum() else None for code in range(128)}
_MARKS = bytes(code for code in range(128) if not chr(code).isalnum())
# Soft hyphen, zero-width space, word joiner, byte order mark: they only shape a line break.
_INVISIBLE = ("\u00ad", "\u200b", "\u2060", "\ufeff")


def clean(text: str | None) -> str:
    """One line: white space folded, soft hyphens and zero-width spaces gone."""
    if not text:
        return ""
    folded = " ".join(text.split())
    if folded.isascii():
        return folded
    for sign in _INVISIBLE:
        if sign in folded:
            folded = " ".join(folded.replace(sign, "").split())
    return folded


def text_of(element: _Element) -> str:
    """All text of an element as one line."""
    return clean("".join(element.itertext()))


def flat(text: str | None) -> str:
    """Letters and digits only, folded: how two spellings of one title are told to be the same."""
    if not text:
        return ""
    return _flat_of_short(text) if len(text) <= _SHORT else _flat_of_long(text)


def _flat(text: str) -> str:
    if text.isascii():
        return text.translate(_FLAT_ASCII)  # what the expression below does, ten times as fast
    folded = unicodedata.normalize("NFKC", text).casefold().encode("utf-8", "surrogatepass")
    # Spaces and stops go as bytes, all at once; the expression, which takes its time for each, is left what is not ASCII.
    return _NOT_WORD.sub("", folded.translate(None, _MARKS).decode("utf-8", "surrogatepass"))


def spelled(text: str) -> tuple[str, str]:
    """A line's text and its letters and digits: `clean` and `flat` at once."""
    return _spelled(text) if len(text) <= _SHORT else ((line := clean(text)), flat(line))


@lru_cache(maxsize=16_384)
def _spelled(text: str) -> tuple[str, str]:
    line = clean(text)
    return line, flat(line)


_flat_of_short = lru_cache(maxsize=16_384)(_flat)  # menus and footers say the same on every page of a portal
_flat_of_long = lru_cache(maxsize=256)(_flat)  # several modules ask for the paragraphs of one page
