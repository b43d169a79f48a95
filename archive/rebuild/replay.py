"""Stands in for the WARC writer during a rebuild: writes nothing, and says where each record already lies."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime

from archive.message import Message, parse_response
from archive.rebuild.source import Source
from archive.records import Exchange
from archive.verify.files import file_sha256
from archive.warc import CaptureRecord, Original, Record, WarcFile, Written


class Replay:
    """One run's records, handed out in the order in which ingest writes."""

    def __init__(self, source: Source, files: Iterable[str], portal: Written) -> None:
        self._source = source
        self._files = list(files)
        self._portal = portal
        self._next: deque[Record] = deque()

    def expect(self, records: Iterable[Record]) -> None:
        """The answers of the next batch, in order."""
        self._next.extend(records)

    def begin_run(self, info: Mapping[str, str]) -> Written:
        """The warcinfo record that the run began with."""
        return Written(self._portal.locator, self._source.infos.get(self._files[0], ""))

    def write_exchange(
        self, exchange: Exchange, *, revisit_of: Original | None = None, message: Message | None = None
    ) -> CaptureRecord:
        """What was written of this exchange when it happened."""
        record = self._next.popleft()
        said = message or parse_response(exchange.response)
        return CaptureRecord(
            record.locator,
            self._source.requests.get(record.uri),
            "revisit" if record.type == "revisit" else "response",
            record.header("WARC-Payload-Digest"),
            record.uri,
            hashlib.sha256(said.entity).hexdigest(),
            said,
        )

    def write_metadata(self, target: str, body: bytes, *, media: str = "", at: datetime | None = None) -> Written:
        """It is there already."""
        return self._portal

    def write_resource(self, target: str, body: bytes, *, media: str, at: datetime | None = None) -> Written:
        """The portal file as the run kept it."""
        return self._portal

    def sync(self) -> tuple[WarcFile, ...]:
        """The run's files, open still."""
        return tuple(WarcFile(name, *self._source.counts[name]) for name in self._files)

    def acknowledge(self) -> tuple[WarcFile, ...]:
        """Nothing is closed by it."""
        return ()

    def rollback(self) -> None:
        """Nothing was written."""

    def close(self) -> tuple[WarcFile, ...]:
        """The run's files as they stay."""
        folder = self._source.folder
        return tuple(
            WarcFile(name, size, records, file_sha256(folder / name, size))
            for name, (size, records) in ((name, self._source.counts[name]) for name in self._files)
        )
