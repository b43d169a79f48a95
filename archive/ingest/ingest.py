"""THE ONE WRITE PATH: a batch of visits into the evidence, one fsync, then into the record, one commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from archive import __version__, keeping
from archive.database import open_engine, translated, upgrade, writing
from archive.digests import short_id
from archive.errors import OnrecordError
from archive.ingest import evidence, noise, runs
from archive.ingest.batch import Batch
from archive.ingest.captures import store_captures, store_files
from archive.ingest.evidence import Kept, Writer
from archive.ingest.pages import Wanted
from archive.ingest.rows import Row, insert_rows, table
from archive.ingest.seen import Seen
from archive.ingest.sightings import claim_sightings, note_sightings
from archive.ingest.timeline import apply, tell_again
from archive.ingest.values import Ingested, PortalRecord, Reader, RunOutcome, RunStart
from archive.ingest.works import tie_translations
from archive.instants import to_microseconds
from archive.records import RunSummary, Visit
from archive.testimony import VISITS_MEDIA, Told, dump, dump_visits, urn
from archive.urls import urlkey
from archive.warc import WarcWriter
from archive.workspace import Workspace


class Ingest:
    """Writes one run. Called from one thread; what `add` returned for is on the disk and committed.

    `reader` reads old captures again when the portal's rules or the extractor changed (see `Reader`). `writer` replaces
    the WARC writer: a rebuild hands over one that says where the records already lie.
    """

    def __init__(self, workspace: Workspace, *, reader: Reader | None = None, writer: Writer | None = None) -> None:
        upgrade(workspace)
        self._workspace = workspace
        self._engine = open_engine(workspace)
        self._reading_engine = open_engine(workspace, readonly=True)
        self._reading: Connection | None = None  # open for a run: SQLite tidies its log whenever the last one closes
        self._reader = reader
        self._given_writer = writer
        self._run: runs.Run | None = None
        self._upkeep: keeping.Upkeep | None = None

    def begin(self, portal: PortalRecord, run: RunStart) -> str:
        """Open a run and say so in the evidence; returns its uid. The record has it before the first request."""
        started = run.started_at or datetime.now(UTC)
        uid = run.uid or short_id(portal.slug, run.kind, str(to_microseconds(started)))
        if self._given_writer is None:
            keeping.before_run(self._workspace, self._engine, portal.slug)
        writer = self._given_writer or self._new_writer(portal)
        definition = portal.definition.encode()
        try:
            info = {
                "software": f"onrecord {__version__}",
                "format": "WARC File Format 1.1",
                "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
                "robots": portal.robots if portal.robots_reason is None else f"{portal.robots}: {portal.robots_reason}",
                "operator": str(self._workspace.settings.crawl.contact or ""),
                "isPartOf": uid,
                "description": f"{run.kind} of {portal.home}",
            }
            said = writer.begin_run({key: value for key, value in info.items() if value})
            held = writer.write_resource(
                urn("portal", short_id(portal.definition)), definition, media="application/toml", at=started
            )
            told = runs.described(portal, run, uid, started)
            writer.write_metadata(urn("run", uid), dump(told), at=started)
            files = writer.sync()
            with writing(self._engine) as connection:
                self._run = runs.open_run(connection, portal, run, uid, started, held.uri, said.uri)
                store_files(connection, files)
            writer.acknowledge()
        except BaseException:
            writer.rollback()
            writer.close()
            raise
        self._run.writer = writer
        self._upkeep = keeping.Upkeep(self._workspace, self._engine) if self._given_writer is None else None
        return uid

    def add(self, visits: Sequence[Visit]) -> list[Ingested]:
        """Write a batch. When anything fails, nothing of it stays, in the evidence or in the record."""
        run = self._opened()
        if not visits:
            return []
        uids = _visit_uids(run.uid, visits)
        try:
            with translated():
                self._reading = self._reading or self._reading_engine.connect()
                kept = evidence.keep(run.writer, self._reading, visits)
            told = [Told(run.uid, visit, tuple(item.uri for item in row)) for visit, row in zip(visits, kept, strict=True)]
            name = short_id(*uids)
            run.writer.write_metadata(urn("visits", name), dump_visits(told), media=VISITS_MEDIA, at=visits[-1].at)
            files = run.writer.sync()
            with writing(self._engine) as connection:
                store_files(connection, files)
                done = self._record(connection, run, visits, uids, kept)
        except BaseException:
            self._take_back(run, uids[0])
            raise
        store_closed = run.writer.acknowledge()
        if store_closed:
            with writing(self._engine) as connection:
                store_files(connection, store_closed)
        if self._upkeep is not None:
            self._upkeep.between_batches()
        return done

    def end(
        self, outcome: RunOutcome, reasons: Sequence[str], stats: Mapping[str, Any], *, at: datetime | None = None
    ) -> RunSummary:
        """Close the run: in the evidence, then in the record. `at` is given by a rebuild."""
        run, now = self._opened(), at or datetime.now(UTC)
        told = {"run": run.uid, "at": now, "outcome": outcome, "reasons": list(reasons), "stats": dict(stats)}
        run.writer.write_metadata(urn("run-end", run.uid), dump(told), at=now)
        files = run.writer.close()
        with writing(self._engine) as connection:
            store_files(connection, files)
            noise.learn_from(connection, run.portal_id, now)
            summary = runs.close_run(connection, run, outcome, reasons, stats, now)
        self._let_go()
        if self._given_writer is None:
            keeping.after_run(self._workspace, self._engine)
        self._run = None
        return summary

    def _take_back(self, run: runs.Run, uid: str) -> None:
        """Cut a failed batch out of the evidence. A commit whose answer was lost on the way may have happened all the same:
        the record is asked, and where it cannot be, nothing is cut that it may point to; the next run's repair decides."""
        self._let_go()
        visit = table("visit")
        try:
            with self._reading_engine.connect() as connection:
                committed = connection.execute(select(visit.c.id).where(visit.c.uid == uid)).first() is not None
        except DBAPIError:
            return
        if committed:
            run.writer.acknowledge()
        else:
            run.writer.rollback()

    def _let_go(self) -> None:
        """Close the connection that is held for the length of a run; the next batch opens another."""
        if self._reading is not None:
            self._reading.close()
            self._reading = None

    def _opened(self) -> runs.Run:
        if self._run is None:
            raise OnrecordError("no run is open: begin it first", code="ingest.order")
        return self._run

    def _new_writer(self, portal: PortalRecord) -> Writer:
        settings = self._workspace.settings.evidence
        return WarcWriter(
            self._workspace.evidence, prefix=portal.slug, rotate=settings.rotate, payload_digest=settings.payload_digest
        )

    def _record(
        self,
        connection: Connection,
        run: runs.Run,
        visits: Sequence[Visit],
        uids: Sequence[str],
        kept: Sequence[Sequence[Kept]],
    ) -> list[Ingested]:
        batch = Batch.of(connection, run, self._workspace.evidence, self._reader)
        pages = batch.pages
        wanted = [Wanted(visit.url, visit.role, visit.identity) for visit in visits]
        ends = [Wanted(visit.final_url, visit.role) for visit in visits if visit.outcome == "redirect" and visit.final_url]
        pages.load([*wanted, *ends])
        rows = [
            _visit_row(visit, uid, pages.of(item)["id"], run.id, row)
            for visit, uid, item, row in zip(visits, uids, wanted, kept, strict=True)
        ]
        insert_rows(connection, "visit", rows)
        stored = store_captures(connection, kept, [row["id"] for row in rows])
        batch.readings.expect((number for hops in stored.payloads for number in hops if number), new=stored.new)
        looked_at = [
            (pages.of(item), Seen(visit, row["id"], hops, numbers, held))
            for visit, item, row, hops, numbers, held in zip(
                visits, wanted, rows, kept, stored.captures, stored.payloads, strict=True
            )
        ]
        tell_again(batch, looked_at)
        batch.load_timelines([page["id"] for page in pages.by_id.values() if page["role"] != "hub"])
        done: list[Ingested] = []
        spelled: dict[str, int] = {}
        for page, seen in looked_at:
            visit = seen.visit
            if visit.identity is not None:
                spelled[urlkey(visit.url)] = page["id"]
                batch.claim(page, visit.url, "spelling", visit.at)
            done.append(apply(batch, page, seen))
            note_sightings(connection, run.portal_id, page, seen.visit_id, visit.sightings)
        batch.flush()
        tie_translations(batch)
        claim_sightings(connection, spelled)
        return done


def _visit_uids(run: str, visits: Sequence[Visit]) -> list[str]:
    """Names that a rebuild finds again; two looks at one address within a microsecond are told apart by their order."""
    seen: Counter[str] = Counter()
    uids = []
    for visit in visits:
        uid = short_id(run, visit.url, str(to_microseconds(visit.at)), visit.variant, visit.role)
        seen[uid] += 1
        uids.append(uid if seen[uid] == 1 else short_id(uid, str(seen[uid])))
    return uids


def _visit_row(visit: Visit, uid: str, page_id: int, run_id: int, kept: Sequence[Kept]) -> Row:
    return {
        "uid": uid,
        "page_id": page_id,
        "run_id": run_id,
        "origin": visit.origin,
        "variant": visit.variant,
        "vantage": "",
        "at": visit.at,
        "outcome": visit.outcome,
        "basis": visit.basis,
        "status": kept[-1].message.status if kept else None,
        "error": visit.error,
        "via": visit.discovery.via if visit.discovery else None,
        "via_url": visit.discovery.source if visit.discovery else None,
    }
