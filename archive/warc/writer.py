"""Writing the evidence: request and answer pairs, revisits, metadata; one gzip member a record, fsync on demand.

A batch is written, `sync`ed, then committed to the database: what is committed is on disk. When the commit fails, or a
write does (a full disk), `rollback` takes the files back to the last `acknowledge`.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Literal

from archive.message import Message, parse_response
from archive.records import Exchange, Locator, TlsInfo
from archive.warc import record as form
from archive.warc.files import RunFiles, WarcFile

IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
PayloadDigest = Literal["safe", "spec"]
_PEM = "-----BEGIN CERTIFICATE-----\n{}-----END CERTIFICATE-----\n"


@dataclass(frozen=True, slots=True)
class Written:
    """A record on its way to disk: where it lies, and its WARC-Record-ID."""

    locator: Locator
    uri: str


@dataclass(frozen=True, slots=True)
class Original:
    """The earlier capture that a revisit stands on. `digest` is its WARC-Payload-Digest, None where it carries none."""

    url: str
    at: datetime
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class CaptureRecord:
    """What `write_exchange` wrote. `digest` is the record's WARC-Payload-Digest; `payload` the entity's sha256 (hex)."""

    response: Locator
    request: Locator | None
    record: Literal["response", "revisit"]
    digest: str | None
    uri: str
    payload: str
    message: Message


class WarcWriter:
    """Writes the WARC files of one run. Not for use by two threads at once."""

    def __init__(
        self,
        folder: Path,
        *,
        prefix: str = "onrecord",
        rotate: int = 1_000_000_000,
        payload_digest: PayloadDigest = "safe",
        level: int = 6,
    ) -> None:
        """`prefix` begins the file names (a portal's id); `rotate` is the size after which the next file is begun."""
        self.folder = folder
        self._files = RunFiles(folder, prefix, rotate)
        self._payload_digest = payload_digest
        self._level = level
        self._info: Mapping[str, str] = {}
        self._chains: set[tuple[str, str]] = set()
        self._ids = form.RecordIds()

    def begin_run(self, info: Mapping[str, str]) -> Written:
        """Begin a file with a warcinfo record that says who crawls, with what, under which rules (WARC 1.1, 6.2)."""
        self._info = {**info, "fidelity": "wire: byte for byte as sent and received, where a record does not say WARC-Fidelity"}
        return self._begin_file()

    def write_exchange(
        self, exchange: Exchange, *, revisit_of: Original | None = None, message: Message | None = None
    ) -> CaptureRecord:
        """Write an answer, its request and what belongs to them, in that order, into one file.

        `revisit_of`: the earlier capture with the same payload (or, of a 304, the one the server says still holds).
        It is used where the rules of revisit records allow; look at `record` for what came of it. A 304 becomes a revisit
        without a block (tools replay the page that still holds, not an empty 304); its own bytes go into the batch's
        `visits` record, see `archive.testimony`.
        """
        self._rotate_if_full()
        said = message or parse_response(exchange.response)
        payload = hashlib.sha256(said.entity).hexdigest()
        url, date, uri = form.target_uri(exchange.url), form.warc_date(exchange.at), self._ids.new()
        not_modified = said.status == 304 and revisit_of is not None
        revisit = not_modified or self._may_revisit(exchange, said, revisit_of, url)
        digest = f"sha256:{payload}" if revisit or self._carries_digest(exchange, said) else None
        block = exchange.response
        extra: list[tuple[str, str | None]] = []
        if revisit and revisit_of is not None:
            block = b"" if not_modified else exchange.response[: said.head]
            digest = revisit_of.digest if not_modified else digest
            extra = [
                ("WARC-Profile", NOT_MODIFIED if not_modified else IDENTICAL),
                ("WARC-Refers-To-Target-URI", form.target_uri(revisit_of.url)),
                ("WARC-Refers-To-Date", form.warc_date(revisit_of.at)),
            ]
        common = self._common(exchange, url, date)
        cut = exchange.truncated or ("length" if revisit and not not_modified else None)
        response = self._append(
            [
                ("WARC-Type", "revisit" if revisit else "response"),
                ("WARC-Record-ID", uri),
                *common,
                *extra,
                ("WARC-Payload-Digest", digest),
                ("WARC-Truncated", cut),
                ("Content-Type", form.MEDIA_RESPONSE),
            ],
            block,
        )
        request = None
        if exchange.request:
            request = self._append(
                [
                    ("WARC-Type", "request"),
                    ("WARC-Record-ID", self._ids.new()),
                    ("WARC-Date", date),
                    ("WARC-Target-URI", url),
                    ("WARC-Concurrent-To", uri),
                    ("Content-Type", form.MEDIA_REQUEST),
                ],
                exchange.request,
            )
        plain_uri = uri.strip("<>")
        if exchange.tls and exchange.tls.chain:
            self._write_chain(exchange.tls, plain_uri, exchange.at)
        return CaptureRecord(response, request, "revisit" if revisit else "response", digest, plain_uri, payload, said)

    def write_metadata(
        self,
        target: str,
        body: bytes,
        *,
        media: str = "application/json",
        at: datetime | None = None,
        concurrent_to: str | None = None,
        refers_to: str | None = None,
    ) -> Written:
        """Write what is known about captures. `target` names it: `urn:onrecord:<kind>:<id>`, see `archive.testimony`."""
        self._rotate_if_full()
        return self._own("metadata", target, body, media, at, concurrent_to, refers_to)

    def write_resource(self, target: str, body: bytes, *, media: str, at: datetime | None = None) -> Written:
        """Write a thing in its own right: a portal file, a certificate chain, a decision."""
        self._rotate_if_full()
        return self._own("resource", target, body, media, at)

    def sync(self) -> tuple[WarcFile, ...]:
        """Put all written records on the disk (fsync) and say how each touched file now stands."""
        return self._files.sync()

    def acknowledge(self) -> tuple[WarcFile, ...]:
        """Say that the database has committed what was synced. Returns the files that rotation has closed since."""
        return self._files.acknowledge()

    def rollback(self) -> None:
        """Take the files back to the last `acknowledge`: nothing of the failed batch stays."""
        self._files.rollback()
        self._chains.clear()

    def close(self) -> tuple[WarcFile, ...]:
        """Sync, close, and return every file of the run with its size, number of records and sha256."""
        return self._files.close()

    def __enter__(self) -> WarcWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        if kind is not None:
            self.rollback()
        self.close()

    def _begin_file(self) -> Written:
        name = self._files.begin()
        uri = self._ids.new()
        fields = "".join(f"{form.header_value(key)}: {form.header_value(value)}\r\n" for key, value in self._info.items())
        locator = self._append(
            [
                ("WARC-Type", "warcinfo"),
                ("WARC-Record-ID", uri),
                ("WARC-Date", form.warc_date(datetime.now(UTC))),
                ("WARC-Filename", name),
                ("Content-Type", form.MEDIA_FIELDS),
            ],
            fields.encode(),
        )
        return Written(locator, uri.strip("<>"))

    def _rotate_if_full(self) -> None:
        if self._files.due:
            self._begin_file()

    def _append(self, headers: list[tuple[str, str | None]], block: bytes) -> Locator:
        return self._files.append(form.encode(headers, block, self._level))

    def _common(self, exchange: Exchange, url: str, date: str) -> list[tuple[str, str | None]]:
        tls = exchange.tls
        return [
            ("WARC-Date", date),
            ("WARC-Target-URI", url),
            ("WARC-IP-Address", exchange.ip),
            ("WARC-Protocol", exchange.protocol if tls or exchange.protocol != "http/1.1" else None),
            ("WARC-Protocol", tls.version if tls else None),
            ("WARC-Cipher-Suite", tls.cipher if tls else None),
            ("WARC-Fidelity", None if exchange.fidelity == "wire" else exchange.fidelity),
        ]

    def _carries_digest(self, exchange: Exchange, said: Message) -> bool:
        """`safe`: only where entity and stored body are one, so that every validator computes the same digest."""
        return said.status > 0 and (self._payload_digest == "spec" or said.verbatim)

    def _may_revisit(self, exchange: Exchange, said: Message, original: Original | None, url: str) -> bool:
        if original is None or exchange.truncated or not said.complete or not said.entity or not said.status:
            return False
        return original.digest is not None or form.target_uri(original.url) == url

    def _own(
        self,
        kind: str,
        target: str,
        body: bytes,
        media: str,
        at: datetime | None,
        concurrent_to: str | None = None,
        refers_to: str | None = None,
    ) -> Written:
        uri = self._ids.new()
        headers: list[tuple[str, str | None]] = [
            ("WARC-Type", kind),
            ("WARC-Record-ID", uri),
            ("WARC-Date", form.warc_date(at or datetime.now(UTC))),
            ("WARC-Target-URI", form.target_uri(target)),
            ("WARC-Concurrent-To", f"<{concurrent_to}>" if concurrent_to else None),
            ("WARC-Refers-To", f"<{refers_to}>" if refers_to else None),
            ("WARC-Payload-Digest", form.sha256_label(body)),
            ("Content-Type", media),
        ]
        return Written(self._append(headers, body), uri.strip("<>"))

    def _write_chain(self, tls: TlsInfo, uri: str, at: datetime) -> None:
        """The certificate chain, once a file for each chain; the capture's record names version and cipher itself."""
        name = hashlib.sha256(b"".join(tls.chain)).hexdigest()
        key = (self._files.name or "", name)
        if key not in self._chains:
            pem = "".join(_PEM.format(base64.encodebytes(der).decode()) for der in tls.chain)
            self._own("metadata", f"urn:onrecord:tls:{name}", pem.encode(), "application/pem-certificate-chain", at, uri)
            self._chains.add(key)
