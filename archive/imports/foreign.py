"""Captures out of foreign WARC files, in the order of their instants, as exchanges: wget, Heritrix, browsertrix, ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Literal

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from archive.imports.containers import open_container
from archive.message import has_answer, parse_response
from archive.records import Exchange, Truncated
from archive.warc.record import parse_date

Kind = Literal["response", "revisit"]


@dataclass(frozen=True, slots=True)
class Place:
    """A record in an open file."""

    file: int
    offset: int


@dataclass(frozen=True, slots=True)
class Capture:
    """What is known of a foreign capture before its bytes are read."""

    url: str
    at: datetime
    kind: Kind
    place: Place
    record: str
    digest: str | None
    refers_to: tuple[str, str] | None = None  # address and WARC-Date of a revisit's original


@dataclass
class Foreign:
    """An inventory of foreign files; use it inside `open_foreign`."""

    files: list[tuple[str, IO[bytes]]]
    limit: int
    captures: list[Capture] = field(default_factory=list)
    requests: dict[str, Place] = field(default_factory=dict)  # id of the answer (or of the request's own partner) -> request
    originals: dict[tuple[str, str], Place] = field(default_factory=dict)
    by_digest: dict[str, Place] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)

    def exchanges(self) -> Iterator[tuple[Capture, Exchange]]:
        """Every capture with its exchange, oldest first. What cannot be read is skipped and told in `skipped`."""
        for capture in sorted(self.captures, key=lambda item: item.at):
            exchange = self._exchange(capture)
            if exchange is not None:
                yield capture, exchange

    def _exchange(self, capture: Capture) -> Exchange | None:
        headers, block, cut = self._read(capture.place)
        response = block
        if capture.kind == "revisit":
            original = self._original(capture)
            if original is None:
                self.skipped.append(f"{self._where(capture.place)}: a revisit whose original is not in these files")
                return None
            response = _put_together(block, original)
        if not has_answer(response):
            self.skipped.append(f"{self._where(capture.place)}: not an HTTP answer")
            return None
        asked = self.requests.get(capture.record)
        return Exchange(
            url=capture.url,
            at=capture.at,
            request=self._read(asked)[1] if asked else b"",
            response=response,
            fidelity="reconstructed" if capture.kind == "revisit" else "wire",
            ip=headers.get("warc-ip-address"),
            protocol=headers.get("warc-protocol", "http/1.1"),
            truncated="length" if cut else _truncated(headers.get("warc-truncated"), capture.kind),
        )

    def _original(self, capture: Capture) -> bytes | None:
        place = self.originals.get(capture.refers_to) if capture.refers_to else None
        if place is None and capture.digest:
            place = self.by_digest.get(capture.digest)
        return self._read(place)[1] if place else None

    def _read(self, place: Place) -> tuple[dict[str, str], bytes, bool]:
        file = self.files[place.file][1]
        file.seek(place.offset)
        record = next(iter(ArchiveIterator(file, no_record_parse=True)))
        block = record.raw_stream.read(self.limit)
        headers = {key.lower(): value for key, value in record.rec_headers.headers}
        length = int(headers.get("content-length") or 0)
        return headers, block, len(block) < length and length > self.limit

    def _where(self, place: Place) -> str:
        return f"{self.files[place.file][0]}:{place.offset}"


@contextmanager
def open_foreign(paths: Sequence[Path], *, limit: int) -> Iterator[Foreign]:
    """Open foreign files and take their inventory. `limit`: bytes of a record that are taken, the rest is cut."""
    with ExitStack() as stack:
        files = [item for path in paths for item in stack.enter_context(open_container(path))]
        foreign = Foreign(files, limit)
        for number, (name, file) in enumerate(files):
            _inventory(foreign, number, name, file)
        yield foreign


def _inventory(foreign: Foreign, number: int, name: str, file: IO[bytes]) -> None:
    records = ArchiveIterator(file, no_record_parse=True)
    while True:
        try:
            record = next(records, None)
        except (ArchiveLoadFailed, EOFError, ValueError, OSError) as error:
            foreign.skipped.append(f"{name}: cut off or damaged after {len(foreign.captures)} captures: {error}")
            return
        if record is None:
            return
        headers = {key.lower(): value for key, value in record.rec_headers.headers}
        _take(foreign, Place(number, records.get_record_offset()), record.rec_type, headers, name)


def _take(foreign: Foreign, place: Place, kind: str, headers: dict[str, str], name: str) -> None:
    identity = headers.get("warc-record-id", "").strip("<> ")
    concurrent = headers.get("warc-concurrent-to", "").strip("<> ")
    media = headers.get("content-type", "")
    if kind == "request" and media.startswith("application/http"):
        foreign.requests[concurrent or identity] = place
        foreign.requests.setdefault(identity, place)
        return
    url = headers.get("warc-target-uri", "").strip("<> ")
    if (
        kind not in ("response", "revisit")
        or not media.startswith("application/http")
        or not url.startswith(("http:", "https:"))
    ):
        return
    if concurrent in foreign.requests:  # wget names the request from the answer
        foreign.requests.setdefault(identity, foreign.requests[concurrent])
    stamp = headers.get("warc-date", "")
    try:
        at = parse_date(stamp)
    except ValueError:
        foreign.skipped.append(f"{name}:{place.offset}: no readable WARC-Date")
        return
    digest = headers.get("warc-payload-digest")
    refers = headers.get("warc-refers-to-target-uri", "").strip("<> "), headers.get("warc-refers-to-date", "")
    if kind == "response":
        foreign.originals[url, stamp] = place
        if digest:
            foreign.by_digest.setdefault(digest, place)
    foreign.captures.append(
        Capture(
            url.partition("#")[0],
            at,
            "revisit" if kind == "revisit" else "response",
            place,
            identity,
            digest,
            refers if kind == "revisit" and refers[0] else None,
        )
    )


def _put_together(head: bytes, original: bytes) -> bytes:
    """The answer of a revisit: its own head where it has one, with the body of its original in plain framing."""
    whole = parse_response(original)
    if not has_answer(head):
        return original
    own = parse_response(head)
    kept = [(name, value) for name, value in own.headers if name.lower() not in ("transfer-encoding", "content-length")]
    status = own.status if own.status != 304 else whole.status
    reason = own.reason if own.status != 304 else whole.reason
    lines = [f"HTTP/{own.version} {status} {reason}", *(f"{name}: {value}" for name, value in kept)]
    lines.append(f"Content-Length: {len(whole.entity)}")
    return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + whole.entity


def _truncated(said: Any, kind: Kind) -> Truncated | None:
    if kind == "revisit" or said not in ("disconnect", "length", "time"):
        return None
    found: Truncated = said
    return found
