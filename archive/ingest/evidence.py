"""The first half of a batch: what was seen goes into the WARC, as responses or as revisits of what is already there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from sqlalchemy import Connection, func, select

from archive.digests import sha256_hex
from archive.ingest.rows import table
from archive.message import Message, parse_response
from archive.records import Exchange, Locator, Visit
from archive.urls import canonical_url, urlkey
from archive.warc import CaptureRecord, Original, WarcFile


class Writer(Protocol):
    """What ingest wants of `archive.warc.WarcWriter`; a rebuild hands over one that only tells where records lie."""

    def begin_run(self, info: Mapping[str, str]) -> Any: ...
    def write_exchange(
        self, exchange: Exchange, *, revisit_of: Original | None = None, message: Message | None = None
    ) -> CaptureRecord: ...
    def write_metadata(self, target: str, body: bytes, *, media: str = ..., at: datetime | None = None) -> Any: ...
    def write_resource(self, target: str, body: bytes, *, media: str, at: datetime | None = None) -> Any: ...
    def sync(self) -> Sequence[WarcFile]: ...
    def acknowledge(self) -> Sequence[WarcFile]: ...
    def rollback(self) -> None: ...
    def close(self) -> Sequence[WarcFile]: ...


@dataclass(frozen=True, slots=True)
class Kept:
    """One exchange as it lies in the evidence."""

    exchange: Exchange
    message: Message
    payload: str | None  # sha256 of the entity; None where there is none
    record: Literal["response", "revisit"]
    digest: str | None
    uri: str
    response: Locator
    request: Locator | None


@dataclass
class Originals:
    """Captures that a revisit may stand on, by payload; and of an address, the payload it showed last."""

    by_payload: dict[str, list[Original]] = field(default_factory=dict)
    last_payload: dict[str, str] = field(default_factory=dict)

    def choose(self, payload: str, url: str) -> Original | None:
        """The same address first, else any that carries a payload digest (evidence rule: outside tools resolve no other)."""
        known = self.by_payload.get(payload, ())
        same = next((item for item in known if item.url == url), None)
        return same or next((item for item in known if item.digest is not None), None)

    def learn(self, kept: Kept) -> None:
        """A record just written may be the original of the next."""
        if kept.payload is None or kept.message.status == 304 or kept.exchange.truncated:
            return
        self.last_payload[urlkey(kept.exchange.url)] = kept.payload
        if kept.record == "response":
            original = Original(kept.exchange.url, kept.exchange.at, kept.digest)
            self.by_payload.setdefault(kept.payload, []).append(original)


def keep(writer: Writer, connection: Connection, visits: Sequence[Visit]) -> list[list[Kept]]:
    """Write every exchange of a batch; nothing is synced yet. Returns the records of each visit, hop by hop."""
    said = [[parse_response(exchange.response) for exchange in visit.exchanges] for visit in visits]
    prints = [[sha256_hex(message.entity) if message.entity else None for message in messages] for messages in said]
    originals = find_originals(
        connection,
        {payload for row in prints for payload in row if payload},
        {
            urlkey(exchange.url)
            for visit, messages in zip(visits, said, strict=True)
            for exchange, message in zip(visit.exchanges, messages, strict=True)
            if message.status == 304
        },
        {urlkey(exchange.url) for visit in visits for exchange in visit.exchanges},
    )
    kept: list[list[Kept]] = []
    for visit, messages, payloads in zip(visits, said, prints, strict=True):
        row: list[Kept] = []
        for exchange, message, payload in zip(visit.exchanges, messages, payloads, strict=True):
            row.append(_keep_one(writer, originals, exchange, message, payload))
            originals.learn(row[-1])
        kept.append(row)
    return kept


def _keep_one(writer: Writer, originals: Originals, exchange: Exchange, message: Message, payload: str | None) -> Kept:
    sought = originals.last_payload.get(urlkey(exchange.url)) if message.status == 304 else payload
    original = originals.choose(sought, exchange.url) if sought and not exchange.truncated else None
    done = writer.write_exchange(exchange, revisit_of=original, message=message)
    return Kept(exchange, message, payload, done.record, done.digest, done.uri, done.response, done.request)


def find_originals(
    connection: Connection, payloads: Iterable[str], not_modified: Iterable[str], asked: Iterable[str]
) -> Originals:
    """What the record holds of these payloads, and what the addresses (urlkeys) answered with 304 showed last.

    Of a payload without a digest (an error page in chunks, on a thousand addresses) only the addresses `asked` matter.
    """
    capture, payload = table("capture"), table("payload")
    found = Originals()
    if keys := list(not_modified):
        shown = capture.c.payload_id.is_not(None)
        newest = (
            select(capture.c.urlkey, func.max(capture.c.at).label("at"))
            .where(capture.c.urlkey.in_(keys), shown, capture.c.status == 200)
            .group_by(capture.c.urlkey)
            .subquery()
        )
        last = (
            select(capture.c.urlkey, payload.c.sha256)
            .join(newest, (capture.c.urlkey == newest.c.urlkey) & (capture.c.at == newest.c.at) & shown)
            .join(payload, payload.c.id == capture.c.payload_id)
        )
        found.last_payload = dict(connection.execute(last).all())
    if wanted := [*{*payloads, *found.last_payload.values()}]:
        rows = connection.execute(
            select(payload.c.sha256, capture.c.url, capture.c.at, capture.c.digest)
            .join(payload, payload.c.id == capture.c.payload_id)
            .where(payload.c.sha256.in_(wanted), capture.c.record == "response", capture.c.truncated.is_(None))
            .where(capture.c.digest.is_not(None) | capture.c.urlkey.in_(list(asked)))
            .order_by(capture.c.at)
        )
        for sha256, url, at, digest in rows:
            found.by_payload.setdefault(sha256, []).append(Original(url, at, digest))
    return found


def asked_url(visit: Visit) -> str:
    """The address of a visit in its canonical form; as given where it has none."""
    try:
        return canonical_url(visit.url)
    except ValueError:
        return visit.url
