"""Words of a text: where a word ends, in every script, so that a change shows whole words and no half ones.

A text is compared first by what stands between blanks, which is cheap, then what differs by words and marks ("47." and
"46." differ in the number alone). Blanks never decide whether two words are equal, but they are kept.
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
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LETTER = rf"[^\s{_MARKS}{_UNSPACED}]"
_SIGN = r"(?:(?<![^\s(\[])[-\u2212+](?=\d))?"
WORD = rf"{_SIGN}{_LETTER}+(?:[.,'\u2019\u02bc\-\u00ad@_/:]{_LETTER}+)*|[{_UNSPACED}]"
_TOKEN = re.compile(rf"({WORD}|\S)(\s*)")
_WORD = re.compile(WORD)
_UNSPACED_SCRIPT = re.compile(f"[{_UNSPACED}]")
_CHUNK = re.compile(r"(\S*)(\s*)")


def chunks(text: str) -> tuple[list[str], list[str]]:
    """What stands between blanks, and the blanks after each. Blanks before the first come after an empty chunk."""
    found = text.split()
    if text == " ".join(found):  # the usual case, at a fifth of the cost
        return found, [*[" "] * (len(found) - 1), ""] if found else []
    pairs = _CHUNK.findall(text)[:-1]  # findall ends with an empty match
    return [chunk for chunk, _ in pairs], [blanks for _, blanks in pairs]


def tokens(text: str) -> tuple[list[str], list[str]]:
    """Words and single marks, and the blanks after each. Blanks before the first come after an empty word."""
    pairs = _TOKEN.findall(text)
    lead = len(text) - len(text.lstrip())
    head = [("", text[:lead])] if lead else []
    return [word for word, _ in head + pairs], [blanks for _, blanks in head + pairs]


def is_word(token: str) -> bool:
    """Whether a token is a word and no mark."""
    return _WORD.match(token) is not None


def count_words(text: str) -> int:
    """How many words a text has, as a reader counts: what stands between blanks and holds a letter or digit.

    In scripts without blanks each character counts.
    """
    if not text.isascii() and _UNSPACED_SCRIPT.search(text):
        return len(_WORD.findall(text))
    return sum([piece[0].isalnum() or any(map(str.isalnum, piece)) for piece in text.split()])
