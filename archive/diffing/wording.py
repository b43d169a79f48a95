"""What a text says, apart from how it is set: the words, numbers and signs, without spacing, quotes, dashes, commas.

Two texts of equal wording differ in typography alone. That is kept and can be shown, but nobody's words were changed.
"""

from __future__ import annotations

import re
import unicodedata

# Marks that carry no statement. Not among them: % and other signs, currencies, < > = + / _ (a stray one is seen), digits'
# own separators (1.5 is not 15), a sign before a number, an apostrophe in a word.
_QUIET = re.compile(
    r"(?<!\d)[.,:]|[.,:](?!\d)"
    r"|[;!?\"()\[\]{}|*`^~\\\u00a1\u00ab\u00b7\u00b4\u00bb\u00bf\u2012-\u2018\u201a-\u2027\u2032-\u203e\u2044-\u2051"
    r"\u060c\u061b\u061f\u06d4\u0964\u0965\u25a0-\u25ff\u3001-\u3003\u3008-\u301f\u30fb\ufe10-\ufe19\ufe30-\ufe52"
    r"\uff0c\uff0e\uff1a\uff1b]"
    r"|(?<=[^\s(])-(?=\d)|-(?!\d)|(?<=\s)-(?=\d+[.)]?\s)|(?<!\w)'|'(?!\w)"
)
_SIGN = re.compile(r"((?<!\d)[/_]|[/_](?!\d))")  # with blanks around it or without
_UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"
_SAME = str.maketrans("\u2019\u02bc\u2010\u2011\u2212", "''---", _UNSEEN)


def wording(text: str) -> list[str]:
    """The words and signs of a text, in NFKC, with typographic variants made one."""
    plain = unicodedata.normalize("NFKC", text.translate(_SAME)).translate(_SAME)
    return _SIGN.sub(r" \1 ", _QUIET.sub(" ", plain)).split()
