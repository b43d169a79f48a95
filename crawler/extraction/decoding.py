"""In which encoding was this page written? Bytes and declarations in, text out.

Declarations lie, so none is believed before its bytes decode: byte order mark, then UTF-8 where the bytes are nothing
else, then the HTTP header's charset, then the page's own `<meta>`, then a detector. Labels are resolved the way
browsers do it (WHATWG Encoding: iso-8859-1 means windows-1252, iso-8859-9 means windows-1254).
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from email.message import Message

from resiliparse.parse.encoding import detect_encoding, map_encoding_to_html5

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_META = re.compile(rb"""<(?:meta|\?xml)\b[^>]{0,400}?(?:charset|encoding)\s*=\s*["']?\s*([\w:.-]+)""", re.IGNORECASE)
_SNIFF = 4096  # bytes in which a page declares its encoding (browsers look at 1024; real pages put it later)
_SAMPLE = 60_000  # bytes shown to the detector, taken where the text is
_TAGS = re.compile(rb"<script\b.*?</script>|<style\b.*?</style>|<[^>]*>", re.IGNORECASE | re.DOTALL)
# UTF-8 read as windows-1252 and written as UTF-8 again: a lead byte as letter, a continuation byte as sign.
_TWICE = re.compile(
    "[\u00c2-\u00df][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
)
_OFTEN = 10  # times: fewer may be meant


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, the encoding it was read in, and what was odd about it."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def http_charset(content_type: str | None) -> str | None:
    """The charset parameter of a Content-Type header (RFC 9110, 8.3)."""
    if not content_type:
        return None
    message = Message()
    message["Content-Type"] = content_type
    value = message.get_param("charset")
    return value if isinstance(value, str) else None


def _codec(label: str | None) -> str | None:
    """Python's name for a label, resolved as a browser does; None for labels nobody knows."""
    if not label:
        return None
    name = map_encoding_to_html5(label.strip(), fallback_utf8=False)
    if not name:
        return None
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None


# Superscript figures amid small letters: ł and ą of windows-1250, which a page of another language writes in a name or two.
_IN_POLISH_WORDS = re.compile(r"[a-zà-öø-ÿ]{2}[³¹][a-zà-öø-ÿ]{2}")


def _try(body: bytes, codec: str | None) -> str | None:
    if codec is None:
        return None
    try:
        return body.decode(codec)
    except (UnicodeDecodeError, LookupError):
        return None


def _nul_pattern(body: bytes) -> str | None:
    """UTF-16 without a mark: mark-up, digits and spaces are ASCII, so NULs stand at even or at odd places only."""
    head = body[:2048]
    if len(head) < 8 or head.count(0) < len(head) // 20:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 4 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 4 * odd else None


def is_binary(body: bytes) -> bool:
    """Whether there are too many NULs for a text that is not UTF-16: a program, an image without its usual first bytes."""
    head = body[:2048]
    marked = body.startswith(tuple(mark for mark, _ in _BOMS))
    return len(head) >= 8 and head.count(0) >= max(1, len(head) // 20) and not marked and _nul_pattern(body) is None


def _detected(body: bytes) -> str | None:
    """What the letters of the text look like; mark-up, which is ASCII, would drown them."""
    letters = b" ".join(_TAGS.sub(b" ", body[: 20 * _SAMPLE]).split())
    if not any(byte > 127 for byte in letters[:_SAMPLE]):
        start = next((index for index, byte in enumerate(letters) if byte > 127), None)
        if start is None:
            letters, start = body, 0
        letters = letters[max(0, start - 2000) :]
    return _codec(detect_encoding(letters[:_SAMPLE], max_len=_SAMPLE, html5_compatible=True, from_html_meta=False))


def _odd(text: str, utf8: bytes | None = None) -> tuple[str, ...]:
    """What the decoded text shows; `utf8` are its bytes where they are UTF-8, in which all that _TWICE begins with is 0xC3."""
    warnings = []
    if lost := text.count("\ufffd"):
        warnings.append(f"decoding: {lost} characters could not be decoded")
    if (utf8 is None or utf8.count(0xC3) >= _OFTEN) and len(_TWICE.findall(text)) >= _OFTEN:
        warnings.append("decoding: the page was encoded twice by its server (mojibake)")
    return tuple(warnings)


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Decode a page's bytes; never fails. Characters that cannot be decoded become U+FFFD and are counted in a warning."""
    for mark, codec in _BOMS:
        if body.startswith(mark):
            text = body[len(mark) :].decode(codec, errors="replace")
            return Decoded(text, codec, _odd(text))
    if codec16 := _nul_pattern(body):
        text = body.decode(codec16, errors="replace")
        return Decoded(text, codec16, _odd(text))
    stated_by_server = _codec(http_charset(content_type))
    declared = _META.search(body[:_SNIFF])
    stated_by_page = _codec(declared[1].decode("ascii", "replace")) if declared else None
    if stated_by_page and stated_by_page.startswith("utf-16"):
        stated_by_page = "utf-8"  # a page that could be read this far is not UTF-16 (HTML, 13.2.3.3)
    if (text_utf8 := _try(body, "utf-8")) is not None and not (body.isascii() and stated_by_server == "iso2022_jp"):
        warnings = _odd(text_utf8, body)
        if not body.isascii() and "utf-8" not in (stated_by_server or stated_by_page or "utf-8"):
            warnings += (f"decoding: declared {stated_by_server or stated_by_page}, is utf-8",)
        return Decoded(text_utf8, "utf-8", warnings)
    return _legacy(body, stated_by_server, stated_by_page)


def _legacy(body: bytes, by_server: str | None, by_page: str | None) -> Decoded:
    """Not UTF-8 throughout: believe a legacy declaration that the letters bear out, else the detector."""
    stated = [codec for codec in (by_server, by_page) if codec]
    legacy = [codec for codec in dict.fromkeys(stated) if codec != "utf-8"]
    damaged = body.decode("utf-8", errors="replace")
    # A few broken bytes in a page that is UTF-8 otherwise: cut in the middle, or a stray byte.
    multibyte = len(body) - len(damaged)
    if not legacy and damaged.count("\ufffd") * 20 < multibyte:
        return Decoded(damaged, "utf-8", _odd(damaged))
    detected = _detected(body)
    if not legacy and detected in (None, "utf-8", "cp1252") and _IN_POLISH_WORDS.search(body.decode("cp1252", "replace")):
        detected = "cp1250"
    # The detector says utf-8 when it does not know: these bytes are not, and windows-1252 is what the web's rest is in.
    for codec in [*legacy, detected if detected and detected != "utf-8" else "cp1252"]:
        text = _try(body, codec)
        if text is not None:
            note = (f"decoding: declared {stated[0]}, is {codec}",) if stated and stated[0] != codec else ()
            return Decoded(text, codec, _odd(text) + note)
    codec = legacy[0] if legacy else "cp1252"
    text = body.decode(codec, errors="replace")
    return Decoded(text, codec, _odd(text))
