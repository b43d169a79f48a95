"""Text as search sees it: no case, no Latin diacritics, so that "Baki" finds "Bakı", on both databases alike."""

from __future__ import annotations

import re
import unicodedata

# Letters of their own that Unicode does not take apart, and the Russian ё that print leaves out.
_PLAIN = {"ı": "i", "İ": "i", "ё": "е", "ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d"}


def _base(letter: str) -> str:
    plain = unicodedata.normalize("NFD", letter)[0]
    return plain if plain.isascii() else letter


# Latin-1, Latin Extended-A and -B, Latin Extended Additional.
_MARKED = {letter: _base(letter) for letter in map(chr, (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)))}
_FOLDED = {letter: plain for letter, plain in (_MARKED | _PLAIN).items() if letter != plain}
_FOLDABLE = re.compile(f"[{''.join(_FOLDED)}]")
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """The folded text; words keep their number and order, so a phrase matches as it does in the text."""
    if text.isascii():
        return text.lower()
    return _FOLDABLE.sub(lambda match: _FOLDED[match[0]], unicodedata.normalize("NFC", text)).lower()


def words(folded: str) -> list[str]:
    """The words of a folded text: runs of letters and digits, as both databases are made to see them."""
    return _WORD.findall(folded)
