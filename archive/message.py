"""The bytes of an HTTP answer taken apart: status line, headers in order, entity, trailers (RFC 9110, RFC 9112).

Servers send odd things (bare LF, folded or colon-less header lines, wrong lengths, half a chunk); everything here reads
what is there, never raises on content, and says in `warnings` what was off.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from archive.coding import Decoded, decode

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"^HTTP/(\d)(?:\.(\d))?[ \t]+(\d{3})(?:[ \t]+(.*))?$", re.IGNORECASE)
_CHUNK_SIZE = re.compile(rb"^[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;.*)?$")
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([^\s"';,]+)""", re.IGNORECASE)
_MAX_LINE = 64 * 1024
_MAX_TRANSFER_DECODED = 256 * 1024 * 1024


@dataclass(frozen=True)
class Message:
    """One HTTP answer. `entity` is the body with the transfer coding removed and the content coding kept."""

    status: int  # 0: there was no status line
    reason: str
    version: str  # "1.1"
    headers: tuple[tuple[str, str], ...]  # names in the server's case, in its order; bytes read as Latin-1
    entity: bytes
    trailers: tuple[tuple[str, str], ...] = ()
    head: int = 0  # bytes before the body: interim answers, status line, headers, blank line
    complete: bool = True  # the framing said that the body is whole
    verbatim: bool = True  # `entity` is exactly what follows the head
    warnings: tuple[str, ...] = ()

    def header(self, name: str) -> str | None:
        """The first header of this name (any case), without surrounding space; None when there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    def all(self, name: str) -> tuple[str, ...]:
        """Every header of this name in order."""
        wanted = name.lower()
        return tuple(value for key, value in self.headers if key.lower() == wanted)

    @cached_property
    def media(self) -> str | None:
        """The media type in lower case without parameters; None when none is named."""
        value = (self.header("Content-Type") or "").split(";")[0].split(",")[0].strip().lower()
        return value if "/" in value else None

    @cached_property
    def charset(self) -> str | None:
        """The charset parameter of Content-Type in lower case, as the server says it."""
        match = _CHARSET.search(self.header("Content-Type") or "")
        return match[1].lower() if match else None

    @cached_property
    def location(self) -> str | None:
        """The Location header as UTF-8 where it is that (browsers read it so), else as Latin-1."""
        value = self.header("Location")
        if value is None:
            return None
        try:
            return value.encode("latin-1").decode("utf-8")
        except UnicodeError:
            return value


def parse_response(raw: bytes, *, method: str = "GET") -> Message:
    """Take an answer apart. Interim 1xx answers are skipped; bytes that are no HTTP answer come back with status 0."""
    start, warnings = 0, []
    while True:
        match = _HEAD_END.search(raw, start)
        end = match.end() if match else len(raw)
        lines = _lines(raw[start : match.start() if match else end])
        status = _STATUS.match(lines[0]) if lines else None
        if status is None:
            return Message(0, "", "", (), raw, complete=False, warnings=("no status line",))
        code = int(status[3])
        if 100 <= code < 200 and code != 101 and match and _STATUS.match(_lines(raw[end : end + _MAX_LINE])[0]):
            start = end
            continue
        break
    if match is None:
        warnings.append("the headers are cut off")
    headers, odd = _headers(lines[1:])
    warnings.extend(odd)
    shell = Message(code, _text(status[4] or b""), f"{int(status[1])}.{int(status[2] or b'0')}", headers, b"", head=end)
    entity, trailers, complete, verbatim, said = _body(shell, raw[end:], method)
    return Message(
        shell.status,
        shell.reason,
        shell.version,
        headers,
        entity,
        trailers,
        end,
        complete and match is not None,
        verbatim,
        (*warnings, *said),
    )


def decoded(message: Message, limit: int) -> Decoded:
    """The body with its content coding removed, at most `limit` bytes; on an error what could be decoded, and a warning."""
    return decode(message.entity, _codings(message, "Content-Encoding"), limit)


def has_answer(raw: bytes) -> bool:
    """Whether the bytes hold a whole status line and header block of an HTTP answer."""
    match = _HEAD_END.search(raw)
    return bool(match and _STATUS.match(_lines(raw[: match.start()])[0]))


def _text(value: bytes) -> str:
    return value.decode("latin-1").strip(" \t\r\n")


def _lines(head: bytes) -> list[bytes]:
    return [line.removesuffix(b"\r") for line in head.split(b"\n")]


def _headers(lines: list[bytes]) -> tuple[tuple[tuple[str, str], ...], list[str]]:
    found: list[tuple[str, str]] = []
    warnings: list[str] = []
    for line in lines:
        if line[:1] in (b" ", b"\t") and found:
            name, value = found[-1]
            found[-1] = (name, f"{value} {_text(line)}".strip())  # obs-fold, RFC 9112 5.2
            continue
        name_bytes, colon, value_bytes = line.partition(b":")
        if colon:
            found.append((_text(name_bytes), _text(value_bytes)))
        elif line:
            warnings.append(f"a header line without a colon: {_text(line)[:80]!r}")
    return tuple(found), warnings


def _codings(message: Message, header: str) -> list[str]:
    return [part.strip().lower() for value in message.all(header) for part in value.split(",") if part.strip()]


def _body(shell: Message, rest: bytes, method: str) -> tuple[bytes, tuple[tuple[str, str], ...], bool, bool, list[str]]:
    if method == "HEAD" or shell.status in (204, 304) or 100 <= shell.status < 200:
        return b"", (), True, not rest, (["bytes after an answer that has no body"] if rest else [])
    codings = _codings(shell, "Transfer-Encoding")
    if "chunked" in codings:
        entity, trailers, complete, said = _dechunk(rest)
        codings = [coding for coding in codings if coding not in ("chunked", "identity")]
        if codings:
            result = decode(entity, codings, _MAX_TRANSFER_DECODED)
            entity, said = result.body, [*said, *result.warnings]
        return entity, trailers, complete, False, said
    lengths = {value.strip() for field in shell.all("Content-Length") for value in field.split(",")}
    if not lengths:
        return rest, (), True, True, []
    if len(lengths) > 1 or not (length := lengths.pop()).isdecimal() or len(length) > 18:
        return rest, (), True, True, ["Content-Length is contradictory or no number"]
    size = int(length)
    if len(rest) < size:
        return rest, (), False, True, [f"{len(rest)} of {size} bytes of the body came"]
    surplus = len(rest) > size
    return rest[:size], (), True, not surplus, ([f"{len(rest) - size} bytes after the body"] if surplus else [])


def _dechunk(data: bytes) -> tuple[bytes, tuple[tuple[str, str], ...], bool, list[str]]:
    """Undo chunked framing (RFC 9112 7.1): entity, trailers, whether the last chunk came, warnings."""
    parts: list[bytes] = []
    at = 0
    while True:
        end = data.find(b"\n", at, at + _MAX_LINE)
        line = data[at : end if end >= 0 else len(data)].removesuffix(b"\r")
        size_match = _CHUNK_SIZE.match(line)
        if size_match is None or end < 0:
            if not parts and data and size_match is None:
                return data, (), False, ["said to be chunked, but is not"]
            return b"".join(parts), (), False, ["the chunked body is cut off" if end < 0 else "a broken chunk size"]
        size = int(size_match[1], 16)
        at = end + 1
        if size == 0:
            break
        parts.append(data[at : at + size])
        if at + size > len(data):
            return b"".join(parts), (), False, ["the chunked body is cut off"]
        at += size
        if data[at : at + 2] == b"\r\n":
            at += 2
        elif data[at : at + 1] == b"\n":
            at += 1
    tail = data[at:]
    whole = tail.startswith((b"\r\n", b"\n")) or _HEAD_END.search(tail) is not None
    trailers, said = _headers([] if tail.startswith((b"\r\n", b"\n")) else _lines(_HEAD_END.split(tail, maxsplit=1)[0]))
    return b"".join(parts), trailers, whole, said if whole else [*said, "the last chunk is cut off"]
