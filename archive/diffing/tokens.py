"""Words of a text: where a word ends, in every script, so that a change shows whole words and no half ones.

A token is a word or one mark, with the blanks that follow it. The blanks never decide whether two tokens are equal.
"""

from __future__ import annotations

import re

# A word is defined by what it is not (blanks, marks), so that combining vowels of Devanagari or Arabic, and lone
# surrogates, stay inside it: `\w` would cut them off. Numbers keep their separators and a sign: 250,000 and -1.5.
_MARKS = (
    "!-/:-@\\[-`{-~\u00a1-\u00a9\u00ab-\u00b4\u00b6-\u00bf\u00d7\u00f7\u05be\u060c\u061b\u061f\u06d4\u0964\u0965"
    "\u2010-\u2027\u2030-\u205e\u207a-\u207e\u20a0-\u20cf\u2100-\u2bff\u3000-\u3004\u3008-\u3020\u3030\u30fb"
    "\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
)
# Scripts written without blanks: each character stands alone.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u3096\u30a1-\u30fa"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
)
_LETTER = rf"[^\s{_MARKS}{_UNSPACED}]"
_SIGN = r"(?:(?<![^\s(\[])[-\u2212+](?=\d))?"
WORD = rf"{_SIGN}{_LETTER}+(?:[.,'\u2019\u02bc\-\u00ad@_/:]{_LETTER}+)*|[{_UNSPACED}]"
_TOKEN = re.compile(rf"({WORD}|\S)(\s*)")
_WORD = re.compile(WORD)

Token = tuple[str, str]


def tokens(text: str) -> list[Token]:
    """(word or mark, blanks after it) in order. Blanks before the first word come as a token with an empty word."""
    found: list[Token] = _TOKEN.findall(text)
    if text[:1].isspace():
        blanks = text[: len(text) - len(text.lstrip())]
        found.insert(0, ("", blanks))
    return found


def words(text: str) -> list[str]:
    """The words alone, without marks and blanks."""
    return _WORD.findall(text)


def count_words(text: str) -> int:
    """How many words a text has; marks do not count."""
    return len(_WORD.findall(text))
