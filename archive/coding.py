"""Content codings undone within a bound: gzip, deflate, br, zstd (RFC 9110 8.4.1, RFC 7932, RFC 8878)."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import brotli
from backports import zstd

_STEP = 64 * 1024


class Decoded(NamedTuple):
    """A decoded body. `cut`: it went past the limit and only the first `limit` bytes are here."""

    body: bytes
    warnings: tuple[str, ...] = ()
    cut: bool = False


def decode(body: bytes, codings: Sequence[str], limit: int) -> Decoded:
    """Undo `codings` (in the order the header lists them), never holding more than `limit` bytes of any stage.

    A coding that is unknown leaves the body as it is; a broken stream gives what could be read. Either is a warning.
    """
    warnings: list[str] = []
    cut = False
    for coding in reversed(codings):
        if coding in ("identity", ""):
            continue
        reader = _READERS.get(coding)
        if reader is None:
            warnings.append(f"unknown coding {coding!r}")
            break
        if not body:
            break
        out = bytearray()
        try:
            for piece in reader(body):
                out += piece
                if len(out) > limit:
                    cut = True
                    break
        except (zlib.error, brotli.error, zstd.ZstdError, EOFError) as error:
            if not out:
                warnings.append(f"not {coding}: {error}")
                break
            warnings.append(f"broken {coding} after {len(out)} bytes: {error}")
        body = bytes(out[:limit])
    return Decoded(body[:limit], tuple(warnings), cut or len(body) > limit)


def _inflate(wbits: int) -> Callable[[bytes], Iterator[bytes]]:
    def read(data: bytes) -> Iterator[bytes]:
        while data:
            stream = zlib.decompressobj(wbits)
            while not stream.eof:
                piece = stream.decompress(data, _STEP)
                data = stream.unconsumed_tail
                if piece:
                    yield piece
                elif not data:
                    break
            if not stream.eof:
                raise EOFError("the stream ends early")
            data = stream.unused_data if wbits == 31 and stream.unused_data[:2] == b"\x1f\x8b" else b""

    return read


def _deflate(data: bytes) -> Iterator[bytes]:
    """Zlib-wrapped as the RFC says, or raw as some servers send it."""
    wrapped = len(data) > 1 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
    return _inflate(15 if wrapped else -15)(data)


def _brotli(data: bytes) -> Iterator[bytes]:
    stream = brotli.Decompressor()
    piece = stream.process(data, output_buffer_limit=_STEP)
    if piece:
        yield piece
    while not stream.is_finished():
        piece = stream.process(b"", output_buffer_limit=_STEP)
        if not piece:
            raise EOFError("the stream ends early")
        yield piece


def _zstd(data: bytes) -> Iterator[bytes]:
    while data:
        stream = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: 23})
        piece = stream.decompress(data, _STEP)
        while True:
            if piece:
                yield piece
            if stream.eof:
                break
            if not piece and stream.needs_input:
                raise EOFError("the stream ends early")
            piece = stream.decompress(b"", _STEP)
        data = stream.unused_data


_READERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _inflate(31),
    "x-gzip": _inflate(31),
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
