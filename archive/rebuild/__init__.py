"""A new record from the evidence alone, through the same ingest: equal to the live one, row by row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from archive.database import open_engine, translated, upgrade
from archive.errors import IntegrityError, OnrecordError
from archive.ingest import GoneRule, PortalRecord, Reader, Reextraction, RunStart
from archive.ingest.captures import store_files
from archive.ingest.decisions import carry_out
from archive.ledger import Ledger
from archive.message import decoded, parse_response
from archive.rebuild.order import ToldRun, in_order, runs_of
from archive.rebuild.replay import Replay
from archive.rebuild.source import Source
from archive.records import Locator, Visit
from archive.testimony import Told, load, load_visits
from archive.verify.files import file_sha256
from archive.warc import WarcFile, read_record
from archive.workspace import Workspace

ReaderOf = Callable[[PortalRecord], Reader]
BATCH_LIMIT = 64 * 1024 * 1024  # bytes of a decoded body


@dataclass
class Rebuilt:
    """What a rebuild did."""

    runs: int = 0
    visits: int = 0
    captures: int = 0
    leaves: int = 0
    decisions: int = 0
    notices: list[str] = field(default_factory=list)


def rebuild(
    workspace: Workspace, into: Workspace, reader_of: ReaderOf, *, progress: Callable[[str], None] = lambda said: None
) -> Rebuilt:
    """Make the record of `into` (an empty database on the same evidence) from the WARC files of `workspace`.

    `reader_of` gives the reader of a portal's rules. IntegrityError names the first damaged record: repair, then again.
    """
    source = Source(workspace.evidence)
    for path in sorted(workspace.evidence.glob("*.warc.gz")):
        progress(path.name)
        source.read(path)
    done = Rebuilt()
    runs = runs_of(source, done.notices)
    upgrade(into)
    engine = open_engine(into)
    decisions = _decisions(source, engine, done)
    replays = {run.uid: _Replay(source, run, into, reader_of, done) for run in runs}
    for when, uid, step, place in in_order(source, runs):
        if step == "begin":
            decisions = _decide(engine, decisions, before=when)
            progress(f"run {uid}")
        replays[uid].take(step, place)
    _decide(engine, decisions)
    with translated(), engine.begin() as connection:
        done.leaves = Ledger(workspace).restore(connection)
    if done.leaves < done.captures:
        done.notices.append(f"{done.captures - done.leaves} captures were in no ledger yet")
    return done


def _decisions(source: Source, engine: Engine, done: Rebuilt) -> list[tuple[dict[str, Any], str]]:
    """What people decided and the record it was told in, oldest first; their files are taken up."""
    found = []
    files = []
    for name in source.files():
        places = [place for kind, _, place in source.told[name] if kind == "decision"]
        found += [read_record(source.folder, place) for place in places]
        if places:
            size, records = source.counts[name]
            files.append(WarcFile(name, size, records, file_sha256(source.folder / name, size)))
    with translated(), engine.begin() as connection:
        store_files(connection, files)
    done.decisions = len(found)
    return sorted(((load(record.block), record.uri) for record in found), key=lambda item: (item[0]["at"], item[0]["uid"]))


def _decide(
    engine: Engine, decisions: list[tuple[dict[str, Any], str]], before: str | None = None
) -> list[tuple[dict[str, Any], str]]:
    """Carry out the decisions made before an instant (None: all); returns those still to come."""
    due = [item for item in decisions if before is None or item[0]["at"] < before]
    if due:
        with translated(), engine.begin() as connection:
            for data, uri in due:
                carry_out(connection, data, uri)
    return decisions[len(due) :]


class _Replay:
    """One run being told again."""

    def __init__(self, source: Source, run: ToldRun, into: Workspace, reader_of: ReaderOf, done: Rebuilt) -> None:
        if run.portal is None:
            raise IntegrityError(f"run {run.uid}: its portal file is not in the evidence", code="integrity.missing")
        definition = read_record(source.folder, run.portal.locator).block.decode()
        self._source, self._run, self._done = source, run, done
        self._portal = portal_record({**run.began["portal"], "definition": definition})
        self._reader = reader_of(self._portal)
        self._writer = Replay(source, run.files, run.portal)
        self._ingest = Reextraction(into, reader=self._reader, writer=self._writer)

    def take(self, step: str, place: Locator | None) -> None:
        """Do the next step."""
        if step == "begin":
            self._begin()
        elif place is not None:
            self._visits(place)
        elif self._run.ended is not None:
            if self._run.began["kind"] == "reextract":
                for _ in self._ingest.retell(since=_time(self._run.began["settings"].get("since"))):
                    pass
            ended = self._run.ended
            self._ingest.end(ended["outcome"], ended["reasons"], ended["stats"], at=_time(ended["at"]))
        else:
            self._done.notices.append(f"run {self._run.uid} never ended")

    def _begin(self) -> None:
        began = self._run.began
        start = RunStart(
            kind=began["kind"],
            scheduled_at=_time(began.get("scheduled_at")),
            settings=began["settings"],
            uid=self._run.uid,
            started_at=_time(began["started_at"]),
        )
        self._ingest.begin(self._portal, start)
        self._done.runs += 1

    def _visits(self, place: Locator) -> None:
        visits: list[Visit] = []
        for told in load_visits(read_record(self._source.folder, place).block, self._source.said):
            visits.append(_whole(self._source, told, self._writer, self._reader))
            self._done.captures += len(told.records)
        self._ingest.add(visits)
        self._done.visits += len(visits)


def _whole(source: Source, told: Told, replay: Replay, reader: Reader) -> Visit:
    pairs = [source.exchange(uri, told.not_modified.get(hop)) for hop, uri in enumerate(told.records)]
    replay.expect(record for _, record in pairs)
    visit = replace(told.visit, exchanges=tuple(exchange for exchange, _ in pairs))
    if not told.read or not visit.exchanges:
        return visit
    last = visit.exchanges[-1]
    message = parse_response(last.response)
    body = decoded(message, BATCH_LIMIT).body
    reading = reader(body, url=last.url, content_type=message.header("Content-Type"), at=last.at)
    return replace(visit, reading=reading)


def portal_record(about: dict[str, Any]) -> PortalRecord:
    """A portal as a run told it."""
    gone: dict[str, Any] = dict(about["gone"])
    for name in ("over", "at_once_over"):
        gone[name] = timedelta(seconds=gone[name])
    gone["at_once"] = tuple(gone["at_once"])
    values = {**about, "gone": GoneRule(**gone), "noise": tuple(about.get("noise", ()))}
    try:
        return PortalRecord(**values)
    except TypeError as error:
        raise OnrecordError(f"a run of a newer onrecord: {error}", hint="pip install -U onrecord") from error


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
