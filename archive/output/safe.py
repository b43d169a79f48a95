"""How do words of an archived page reach a terminal, a spreadsheet or a JSON reader without acting there?

A page may hold escape sequences that retitle or rewrite a terminal, bidirectional overrides that show text in another
order than it has (CVE-2021-42574), cells that a spreadsheet runs as formulas (OWASP, "CSV Injection"), and lone
surrogates that cannot be encoded. The evidence keeps all of them; the ways out make them visible instead.
"""

from __future__ import annotations

import io
import json
import re
from typing import IO, Any

# C0 without tab and line feed, DEL, C1, and the bidirectional controls that reorder what follows them.
_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_MARKS = "\u061c\u200e\u200f"  # common in Arabic and Hebrew text, without a shape of their own: dropped, not pictured
_IN_JSON = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def visible(text: str) -> str:
    """The text without acting characters: pictures or escapes in their place; tab and line feed stay."""
    return _ACTING.sub(_picture, text) if _ACTING.search(text) else text


class Shown(io.TextIOBase):
    """A terminal that is written to through `visible`: for CSV and other formats which elsewhere keep every character."""

    def __init__(self, terminal: IO[str]) -> None:
        self._terminal = terminal

    def write(self, text: str) -> int:
        """Write the harmless form."""
        self._terminal.write(visible(text))
        return len(text)

    def isatty(self) -> bool:
        """It is a terminal."""
        return True


def one_line(text: str) -> str:
    """The text for one cell: `visible`, and every run of white space as one space."""
    return " ".join(visible(text.replace("\r\n", "\n").replace("\r", "\n")).split())


def spreadsheet_cell(text: str) -> str:
    """The text for a CSV cell: an apostrophe goes before what a spreadsheet would run as a formula.

    Reading back: strip one leading apostrophe where one of `= + - @`, a tab or a carriage return follows it.
    """
    return "'" + text if text.startswith(_FORMULA) else text


def json_text(value: Any, *, indent: int | None = None) -> str:
    """JSON in UTF-8-safe text: acting characters and lone surrogates as escapes, so that it equals the value when parsed."""
    separators = (",", ":") if indent is None else None
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators, allow_nan=False)
    return _IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _picture(match: re.Match[str]) -> str:
    if match[0] in _MARKS:
        return ""
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
