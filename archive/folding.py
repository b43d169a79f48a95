"""Text as search sees it: no case, no Latin diacritics, so that "Baki" finds "Bakı", on both databases alike."""

from __future__ import annotations

import re
import unicodedata

_MARKED = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
# Letters of their own that Unicode does not take apart, and the Russian ё that print leaves out.
_PLAIN = str.maketrans({"ı": "i", "İ": "i", "ё": "е", "ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d"})


_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """The folded text; words keep their number and order, so a phrase matches as it does in the text."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFC", text)
    return _MARKED.sub(lambda match: _base(match[0]), text.translate(_PLAIN)).lower()


def words(folded: str) -> list[str]:
    """The words of a folded text: runs of letters and digits, as both databases are made to see them."""
    return _WORD.findall(folded)


def _base(letter: str) -> str:
    plain = unicodedata.normalize("NFD", letter)[0]
    return plain if plain.isascii() else letter
