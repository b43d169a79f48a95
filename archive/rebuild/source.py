"""The evidence as a rebuild reads it: where every record lies, and whole exchanges put together again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from archive.errors import IntegrityError
from archive.message import parse_response
from archive.records import Exchange, Locator, TlsInfo
from archive.testimony import kind_of
from archive.warc import Record, iter_records, read_record
from archive.warc.writer import NOT_MODIFIED


@dataclass
class Source:
    """An inventory of WARC files: record id -> place, request of each answer, what runs told, in the order it was told."""

    folder: Path
    places: dict[str, Locator] = field(default_factory=dict)
    requests: dict[str, Locator] = field(default_factory=dict)
    answers: dict[tuple[str, str], Locator] = field(default_factory=dict)  # (address, WARC-Date) -> whole answer
    told: dict[str, list[tuple[str, str, Locator]]] = field(default_factory=dict)  # file -> (kind, name, place)
    infos: dict[str, str] = field(default_factory=dict)  # file -> its first warcinfo record
    chains: dict[str, tuple[bytes, ...]] = field(default_factory=dict)  # answer -> certificate chain
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)  # file -> bytes, records

    def read(self, path: Path) -> None:
        """Take up one file; IntegrityError when it is damaged."""
        name = path.name
        self.told[name] = []
        end = count = 0
        for record in iter_records(path):
            end, count = record.locator.offset + record.locator.length, count + 1
            self._take(name, record)
        self.counts[name] = (end, count)

    def _take(self, name: str, record: Record) -> None:
        concurrent = (record.header("WARC-Concurrent-To") or "").strip("<> ")
        if record.type == "warcinfo":
            self.infos.setdefault(name, record.uri)
        elif record.type in ("response", "revisit"):
            self.places[record.uri] = record.locator
            if record.type == "response":
                self.answers[record.target or "", record.header("WARC-Date") or ""] = record.locator
        elif record.type == "request":
            self.requests[concurrent] = record.locator
        elif (kind := kind_of(record.target)) is not None and kind[0] != "tls":
            self.told[name].append((*kind, record.locator))
            self.places[record.uri] = record.locator

    def files(self) -> Iterator[str]:
        """Names of the files, oldest first."""
        yield from sorted(self.told)

    def exchange(self, uri: str, not_modified: bytes | None = None) -> tuple[Exchange, Record]:
        """The exchange of an answer, as whole as it was when it was kept, and its record. `not_modified`: its own 304."""
        record = self.record(uri)
        request = self.requests.get(uri)
        protocols = [value for name, value in record.headers if name.lower() == "warc-protocol"]
        cipher = record.header("WARC-Cipher-Suite")
        truncated = record.header("WARC-Truncated") if record.type == "response" else None
        exchange = Exchange(
            url=record.target or "",
            at=record.date,
            request=read_record(self.folder, request).block if request else b"",
            response=self._response(record, not_modified),
            fidelity="reconstructed" if record.header("WARC-Fidelity") == "reconstructed" else "wire",
            ip=record.header("WARC-IP-Address"),
            protocol=protocols[0] if protocols else "http/1.1",
            truncated=truncated if truncated in ("disconnect", "length", "time") else None,  # type: ignore[arg-type]
            tls=TlsInfo(protocols[1], cipher) if cipher and len(protocols) > 1 else None,
        )
        return exchange, record

    def said(self, uri: str) -> tuple[str, datetime]:
        """Target and date of an answer's record."""
        record = self.record(uri)
        return record.target or "", record.date

    def record(self, uri: str) -> Record:
        """A record by its id; IntegrityError when no file holds it."""
        place = self.places.get(uri)
        if place is None:
            raise IntegrityError(f"no file holds the record {uri}", code="integrity.missing")
        return read_record(self.folder, place)

    def _response(self, record: Record, not_modified: bytes | None) -> bytes:
        if record.type == "response":
            return record.block
        if record.header("WARC-Profile") == NOT_MODIFIED:
            return not_modified or b"HTTP/1.1 304 Not Modified\r\n\r\n"
        refers = record.header("WARC-Refers-To-Target-URI") or "", record.header("WARC-Refers-To-Date") or ""
        place = self.answers.get(refers)
        if place is None:
            where = f"{record.locator.warc}:{record.locator.offset}"
            raise IntegrityError(f"{where}: no file holds the original of this revisit", code="integrity.missing")
        return _framed(record.block, parse_response(read_record(self.folder, place).block).entity)


def _framed(head: bytes, entity: bytes) -> bytes:
    """A head with the entity behind it, in the framing that the head announces."""
    codings = parse_response(head).all("Transfer-Encoding")
    if any("chunked" in value.lower() for value in codings):
        return head + (b"%x\r\n" % len(entity) + entity + b"\r\n" if entity else b"") + b"0\r\n\r\n"
    return head + entity
