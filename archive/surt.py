"""The urlkey of CDX indexes: Sort-friendly URI Reordering Transform as Wayback-family indexes write it.

Two addresses with one key replay as one resource in outside tools; which addresses are the same *page* of the record is
decided by `archive.urls` alone.
"""

from __future__ import annotations

import contextlib
import re
from urllib.parse import quote_from_bytes, unquote_to_bytes

_PARTS = re.compile(rb"^(?:([a-zA-Z][a-zA-Z0-9+.\-]*):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?", re.DOTALL)
_KEPT = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"
_WWW = re.compile(rb"www\d*\.")
_ASPX_SESSION = (
    re.compile(rb"^(.*/)(?:\((?:[a-z]\([0-9a-z]{24}\))+\)/)([^?]+\.aspx.*)$", re.IGNORECASE),
    re.compile(rb"^(.*/)(?:\([0-9a-z]{24}\)/)([^?]+\.aspx.*)$", re.IGNORECASE),
)
_QUERY_SESSION = tuple(
    re.compile(rb"^(.*)(?:" + name + rb")(?:&(.*))?$", re.IGNORECASE)
    for name in (
        rb"jsessionid=[0-9a-z]{32}",
        rb"phpsessid=[0-9a-z]{32}",
        rb"sid=[0-9a-z]{32}",
        rb"aspsessionid[a-z]{8}=[a-z]{24}",
        rb"cfid=[^&]+&cftoken=[^&]+",
    )
)
_DEFAULT_PORTS = {b"http": 80, b"https": 443}


def surt(url: str) -> str:
    """`http://www.Example.az:80/News/?b=1&a=2` -> `az,example)/news?a=2&b=1`. Never raises on a URL with a scheme."""
    raw = re.sub(rb"[\n\r\t]", b"", url.encode("utf-8", "surrogatepass").strip())
    match = _PARTS.match(raw)
    scheme, authority, path, query = match.groups() if match else (None, None, raw, None)
    scheme = scheme or b"http"
    if not authority:
        return _text(scheme + b":" + (_escape(path or b"") or b"/").lower() + (b"?" + _query(query) if query else b""))
    host, port = _host_and_port(authority)
    key = b",".join(reversed(host.split(b".")))
    if port is not None and port != _DEFAULT_PORTS.get(scheme.lower(), 0):
        key += b":%d" % port
    tail = _path(path or b"")
    arguments = _query(query or b"")
    return _text(key + b")" + tail + (b"?" + arguments if arguments else b""))


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace").replace(" ", "%20")


def _escape(value: bytes) -> bytes:
    """Percent-decode until nothing changes, then encode once: one spelling for one octet string."""
    while (plain := unquote_to_bytes(value)) != value:
        value = plain
    return quote_from_bytes(value, safe=_KEPT).encode("ascii")


def _host_and_port(authority: bytes) -> tuple[bytes, int | None]:
    host = authority.rpartition(b"@")[2].rstrip(b":")
    port = None
    if not host.endswith(b"]"):
        name, colon, digits = host.rpartition(b":")
        if colon and digits.isdigit() and len(digits) <= 5:
            host, port = name, int(digits)
    host = host.strip(b"[]")
    while (plain := unquote_to_bytes(host)) != host:
        host = plain
    if not host.isascii():
        with contextlib.suppress(UnicodeError):
            host = host.decode("utf-8", "ignore").encode("idna")
    host = host.replace(b"..", b".").strip(b".").lower()
    if host.isdigit():  # http://2130706433/ is 127.0.0.1
        host = ".".join(str(int(host) >> shift & 255) for shift in (24, 16, 8, 0)).encode()
    www = _WWW.match(host)
    return quote_from_bytes(host[www.end() :] if www else host, safe=_KEPT).encode("ascii"), port


def _path(path: bytes) -> bytes:
    while (plain := unquote_to_bytes(path)) != path:
        path = plain
    kept: list[bytes] = []
    for part in path.split(b"/")[1:]:
        if part == b"..":
            if kept:
                kept.pop()
            else:
                kept.append(part)
        elif part != b".":
            kept.append(part)
    last = kept.pop() if kept else b""
    path = b"/" + b"".join(part + b"/" for part in kept if part) + last
    path = quote_from_bytes(path, safe=_KEPT).encode("ascii").lower()
    for pattern in _ASPX_SESSION:
        if match := pattern.match(path):
            path = match[1] + match[2]
    return path[:-1] if path.endswith(b"/") and len(path) > 1 else path


def _query(query: bytes) -> bytes:
    query = _escape(query)
    for pattern in _QUERY_SESSION:
        if match := pattern.match(query):
            query = match[1] + (match[2] or b"")
    query = query.lower()
    if len(query) <= 1:
        return query
    return b"&".join(b"=".join(pair) for pair in sorted(tuple(part.split(b"=", 1)) for part in query.split(b"&")))
