"""A new record from the evidence alone, through the same ingest: equal to the live one, row by row."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from archive.database import open_engine, translated, upgrade
from archive.errors import IntegrityError, OnrecordError
from archive.ingest import GoneRule, Ingest, PortalRecord, Reader, RunStart
from archive.ingest.captures import store_files
from archive.ingest.decisions import carry_out
from archive.ledger import Ledger
from archive.message import decoded, parse_response
from archive.rebuild.replay import Replay
from archive.rebuild.source import Source
from archive.records import Locator, Visit
from archive.testimony import Told, load, load_visits
from archive.verify.files import file_sha256
from archive.warc import WarcFile, Written, read_record
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


@dataclass
class _Run:
    """A run as the evidence tells it."""

    uid: str
    began: dict[str, Any]
    files: list[str] = field(default_factory=list)
    portal: Written | None = None
    visits: list[Any] = field(default_factory=list)  # places of `visits` records, in order
    ended: dict[str, Any] | None = None


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
    runs = _runs(source, done)
    upgrade(into)
    engine = open_engine(into)
    decisions = _decisions(source, engine, done)
    replays = {run.uid: _Replay(source, run, into, reader_of, done) for run in runs}
    for when, uid, step, place in _in_order(source, runs):
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


def _runs(source: Source, done: Rebuilt) -> list[_Run]:
    runs: dict[str, _Run] = {}
    for name in source.files():
        current: _Run | None = None
        portal: Written | None = None
        for kind, identity, place in source.told[name]:
            if kind == "portal":
                portal = Written(place, read_record(source.folder, place).uri)
            elif kind == "run":
                current = runs[identity] = _Run(identity, load(read_record(source.folder, place).block), portal=portal)
            elif kind == "run-end" and identity in runs:
                runs[identity].ended = load(read_record(source.folder, place).block)
                current = runs[identity]
            elif kind == "visits":
                told = next(iter(load_visits(read_record(source.folder, place).block)), None)
                if told is not None and told.run in runs:
                    current = runs[told.run]
                    current.visits.append(place)
            if current is not None and name not in current.files:
                current.files.append(name)
        if current is None and not any(kind == "decision" for kind, _, _ in source.told[name]):
            done.notices.append(f"{name}: no run tells of itself here; onrecord import takes up foreign files")
    return list(runs.values())


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


Step = tuple[str, str, str, Locator | None]  # when, run, what, which record


def _in_order(source: Source, runs: list[_Run]) -> Iterator[Step]:
    """Every step of every run by the time of what it saw, so that an import of older captures comes before younger ones.

    The crawls of a portal came one after another and stay so; an import or a backfill goes where its captures belong.
    """
    crawls: dict[str, list[Step]] = {}
    past: list[list[Step]] = []
    for run in sorted(runs, key=lambda item: (item.began["started_at"], item.uid)):
        began = str(run.began["started_at"])
        steps: list[Step] = [(began, run.uid, "begin", None)]
        for place in run.visits:
            told = next(iter(load_visits(read_record(source.folder, place).block)))
            steps.append((told.visit.at.astimezone(UTC).isoformat(), run.uid, "visits", place))
        steps.append((str(run.ended["at"]) if run.ended else "", run.uid, "end", None))
        if run.began["kind"] == "crawl":
            crawls.setdefault(run.began["portal"]["slug"], []).extend(steps)
        else:
            first = min(step[0] for step in steps[:2])
            past.append([(first, run.uid, "begin", None), *steps[1:-1], ("", run.uid, "end", None)])
    yield from heapq.merge(*map(_rising, [*crawls.values(), *past]), key=lambda step: step[0])


def _rising(steps: list[Step]) -> Iterator[Step]:
    """Steps in their own order, none earlier than the one before."""
    last = ""
    for when, uid, what, place in steps:
        last = max(last, when)
        yield last, uid, what, place


class _Replay:
    """One run being told again."""

    def __init__(self, source: Source, run: _Run, into: Workspace, reader_of: ReaderOf, done: Rebuilt) -> None:
        if run.portal is None:
            raise IntegrityError(f"run {run.uid}: its portal file is not in the evidence", code="integrity.missing")
        definition = read_record(source.folder, run.portal.locator).block.decode()
        self._source, self._run, self._done = source, run, done
        self._portal = portal_record({**run.began["portal"], "definition": definition})
        self._reader = reader_of(self._portal)
        self._writer = Replay(source, run.files, run.portal)
        self._ingest = Ingest(into, reader=self._reader, writer=self._writer)

    def take(self, step: str, place: Locator | None) -> None:
        """Do the next step."""
        if step == "begin":
            self._begin()
        elif place is not None:
            self._visits(place)
        elif self._run.ended is not None:
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
        for told in load_visits(read_record(self._source.folder, place).block):
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
