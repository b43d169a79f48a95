"""What runs in a reading process: pages come in over a socket, readings go back, one at a time and in order."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from functools import cache, lru_cache
from multiprocessing.context import ForkServerContext
from multiprocessing.forkserver import ensure_running
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from archive.as_before import AsBefore, Held, as_before
from archive.records import Locator, Reading
from archive.unread import Unread, entity_of
from crawler.extraction.carried import from_json, to_json
from crawler.portal import Portal

if TYPE_CHECKING:
    from crawler.extraction.links import Outlinks

Read = Callable[[str, bytes, str, str | None, datetime], Reading]
HEAD = 8  # bytes before each message: its length, big-endian
_READ, _NOT_READ, _AS_BEFORE, _NO_BYTES = b"+", b"-", b"=", b"!"


def read_one(definition: str, body: bytes, url: str, content_type: str | None, at: datetime) -> Reading:
    """Read one payload; the portal travels as its JSON and is parsed once a process. Of the addresses on the page those of
    articles come back: a menu's hundreds need not travel."""
    from crawler.extraction import read

    portal = _portal(definition)
    return read(body, url=url, content_type=content_type, portal=portal, at=at, outlinks=_articles(definition))


@lru_cache(maxsize=64)
def _portal(definition: str) -> Portal:
    return Portal.model_validate_json(definition, by_alias=True)


@lru_cache(maxsize=64)
def _articles(definition: str) -> Outlinks:
    from crawler.extraction.links import Outlinks

    portal = _portal(definition)
    return Outlinks(lambda url: bool(portal.is_article(url)))


def question(definition: str, body: bytes, url: str, content_type: str | None, at: datetime) -> bytes:
    """A page as it goes to a reading process."""
    return _question(definition, [url, at.isoformat(), content_type, None, None], body)


def question_again(definition: str, wanted: Unread) -> bytes:
    """A capture in the evidence as it goes to a reading process: where its bytes are, not the bytes."""
    place = [str(wanted.evidence), *_place(wanted.locator)]
    return _question(definition, [wanted.url, wanted.at.isoformat(), None, place, wanted.held and _held(wanted.held)], b"")


def _question(definition: str, about: list[Any], body: bytes) -> bytes:
    head = f"[{_quoted(definition)}, {json.dumps(about)}]".encode()
    return _framed(len(head).to_bytes(HEAD, "big") + head + body)


def answer(data: bytes) -> Reading | AsBefore | str:
    """What came back of a page: its reading, that it reads as before, or why there is none; ValueError for anything else,
    OSError where the process could not get at the evidence (which says nothing of the page)."""
    if data[:1] == _NO_BYTES:
        raise OSError(data[1:].decode("utf-8", "replace"))
    if data[:1] == _NOT_READ:
        return data[1:].decode("utf-8", "replace")
    if data[:1] == _READ:
        return from_json(data[1:])
    if data[:1] == _AS_BEFORE:
        return _as_before().validate_json(data[1:])
    raise ValueError("neither a reading nor a reason")


_quoted = lru_cache(maxsize=64)(json.dumps)
_held = attrgetter(*(field.name for field in fields(Held)))
_place = attrgetter(*(field.name for field in fields(Locator)))


@cache
def _as_before() -> TypeAdapter[AsBefore]:
    return TypeAdapter(AsBefore)


def _framed(data: bytes) -> bytes:
    return len(data).to_bytes(HEAD, "big") + data


def serve(channel: socket.socket, read: Read) -> None:
    """Read pages until the other side closes the socket. What cannot be read is answered with the reason."""
    threading.Thread(target=_end_with_crawl, daemon=True).start()
    with channel, channel.makefile("rb") as pages:
        while len(head := pages.read(HEAD)) == HEAD:
            size = int.from_bytes(head, "big")
            if len(page := pages.read(size)) < size:  # the crawl was killed while it sent it
                break
            try:
                said = _said(read, page)
            except _NoBytes as error:
                said = _NO_BYTES + f"{error}".encode("utf-8", "replace")
            except Exception as error:  # noqa: BLE001 - told of this page, the next one is read
                said = _NOT_READ + f"{type(error).__name__}: {error}".encode("utf-8", "replace")
            channel.sendall(_framed(said))


class _NoBytes(Exception):
    """The evidence could not be got at, for a reason that is not the page's: a full table of files, a share that is away."""


def _said(read: Read, page: bytes) -> bytes:
    start = HEAD + int.from_bytes(page[:HEAD], "big")
    definition, (url, at, content_type, place, held) = json.loads(page[HEAD:start])
    body, when = page[start:], datetime.fromisoformat(at)
    if place is not None:
        try:
            found = entity_of(Unread(Path(place[0]), Locator(*place[1:]), url, when))
        except (OSError, MemoryError) as error:
            raise _NoBytes(f"{place[1]}: {error or type(error).__name__}") from error
        if found is None:
            raise ValueError("its record is missing or damaged")
        body, content_type = found
    reading = read(definition, body, url, content_type, when)
    same = as_before(reading, Held(*held)) if held else None
    return _AS_BEFORE + _as_before().dump_json(same) if same else _READ + to_json(reading)


def _end_with_crawl() -> None:
    """The socket's end is seen between pages; a crawl that is killed while this one hangs in a page ends it all the same."""
    crawl = multiprocessing.parent_process()
    if crawl is not None:
        crawl.join()
        os._exit(1)


def context() -> ForkServerContext:
    """How reading processes are started."""
    # The language model multiplies vectors of a hundred numbers: threads for that cost more than they give.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # forkserver: a fork of a process with reactor and writer threads may deadlock; preloading pays the imports once.
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(["crawler.extraction.preloaded"])
    return made


def start_server() -> None:
    """Let the process that reading processes are forked from begin its imports; call it before slow imports of your own."""
    context()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # inherited: Ctrl-C must not reach it while it imports
    try:
        ensure_running()
    finally:
        signal.signal(signal.SIGINT, before)
