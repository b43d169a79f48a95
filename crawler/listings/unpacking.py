"""How far is a feed or sitemap safe to parse? Gunzipped within a bound, and refused when it declares entities."""

from __future__ import annotations

import re
import zlib

MAX_BYTES = 50 * 1024 * 1024  # sitemaps.org: no sitemap is larger than 50 MB uncompressed
_ENTITY = re.compile(rb"<!\s*ENTITY", re.IGNORECASE)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def unpacked_xml(body: bytes, max_bytes: int = MAX_BYTES) -> tuple[bytes, str | None]:
    """The bytes to parse and None, or b"" and why they are refused (a bomb, an entity declaration)."""
    if body[:2] == b"\x1f\x8b":
        unpacker = zlib.decompressobj(wbits=31)
        try:
            body = unpacker.decompress(body, max_bytes)
        except zlib.error as error:
            return b"", f"not gzip: {error}"
        if unpacker.unconsumed_tail:
            return b"", f"larger than {max_bytes} bytes unpacked"
    if len(body) > max_bytes:
        return b"", f"larger than {max_bytes} bytes"
    probe = body.replace(b"\0", b"") if body[:2] in _UTF16 or b"\0" in body[:64] else body
    if _ENTITY.search(probe):
        return b"", "declares XML entities"
    return body, None
