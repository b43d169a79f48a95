"""A run of past captures, and the record made again when they are older than what it holds."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select

from archive import database, rebuild
from archive.ingest import Ingest, RunStart
from archive.models import Base
from archive.rebuild.swap import beside, carry_over, forget, swap
from archive.records import RunSummary, Visit
from archive.workspace import Workspace
from crawler.portal import Portal
from crawler.recorded import portal_record, reader_of
from crawler.rereading import reader_of as reader_of_record

BATCH = 64  # visits of one commit


@dataclass
class Brought:
    """What came in."""

    summary: RunSummary | None = None
    visits: int = 0
    captures: int = 0
    interrupted: bool = False
    reordered: bool = False  # the record was made again, since some captures were older than what it held
    skipped: dict[str, int] = field(default_factory=dict)


def bring(
    workspace: Workspace,
    portal: Portal,
    kind: Literal["import", "backfill"],
    visits: Iterable[Visit],
    settings: Mapping[str, Any],
) -> Brought:
    """Ingest visits of the past (oldest first) as one run of the portal; the caller holds the portal's lock."""
    done = Brought()
    times = _times(workspace, portal.about.id)
    oldest: datetime | None = None
    ingest = Ingest(workspace, reader=reader_of(portal))
    ingest.begin(portal_record(workspace, portal), RunStart(kind=kind, settings=settings))
    outcome: Literal["ok", "interrupted"] = "interrupted"
    try:
        for batch in _batches(visits, times):
            ingest.add(batch)
            oldest = oldest or batch[0].at
            done.visits += len(batch)
            done.captures += sum(len(visit.exchanges) for visit in batch)
        outcome = "ok"
    except KeyboardInterrupt:
        done.interrupted = True
    finally:
        done.summary = ingest.end(outcome, [], {"visits": done.visits, "captures": done.captures})
    if times and oldest is not None and oldest < times[-1]:
        put_in_order(workspace)
        done.reordered = True
    return done


def put_in_order(workspace: Workspace) -> None:
    """Make the record again from the evidence, every capture in its place in time, and swap it in."""
    made = beside(workspace)
    rebuild.rebuild(workspace, made, reader_of_record)
    carry_over(workspace, made)
    old = swap(workspace, made)
    if old is not None:
        forget(workspace, old)


def known_captures(workspace: Workspace, portal: str) -> set[tuple[str, datetime]]:
    """Address and instant of every capture of a portal: what need not come in twice."""
    capture, visit, page, owner = (Base.metadata.tables[name] for name in ("capture", "visit", "page", "portal"))
    query = (
        select(capture.c.url, capture.c.at)
        .join(visit, visit.c.id == capture.c.visit_id)
        .join(page, page.c.id == visit.c.page_id)
        .join(owner, owner.c.id == page.c.portal_id)
        .where(owner.c.slug == portal)
    )
    with database.session(workspace) as session:
        return {(row.url, row.at) for row in session.execute(query)}


def _times(workspace: Workspace, portal: str) -> list[datetime]:
    """The instants of all visits of a portal that the record holds, in order."""
    visit, page, owner = (Base.metadata.tables[name] for name in ("visit", "page", "portal"))
    query = (
        select(visit.c.at)
        .join(page, page.c.id == visit.c.page_id)
        .join(owner, owner.c.id == page.c.portal_id)
        .where(owner.c.slug == portal)
        .order_by(visit.c.at)
    )
    with database.session(workspace) as session:
        return list(session.scalars(query))


def _batches(visits: Iterable[Visit], times: list[datetime]) -> Iterator[list[Visit]]:
    """Batches that no visit of the record falls into, so that each has one place in the order of time."""
    batch: list[Visit] = []
    place = 0
    for visit in visits:
        here = bisect(times, visit.at)
        if batch and (here != place or len(batch) == BATCH):
            yield batch
            batch = []
        batch.append(visit)
        place = here
    if batch:
        yield batch
