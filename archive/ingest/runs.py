"""A run's row, its portal and its rules: opened before the first request, closed with what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from archive.ingest.evidence import Writer
from archive.ingest.rows import Row, insert_rows, table, update_rows
from archive.ingest.values import PortalRecord, RunOutcome, RunStart
from archive.records import RunSummary


@dataclass
class Run:
    """An open run."""

    id: int
    uid: str
    portal: PortalRecord
    portal_id: int
    rules_id: int
    started_at: datetime
    noise: frozenset[str]
    writer: Writer = field(init=False)


def described(portal: PortalRecord, run: RunStart, uid: str, started: datetime) -> dict[str, Any]:
    """A run's beginning as the evidence tells it: all that a rebuild needs, the portal file apart, which has its own record."""
    gone = asdict(portal.gone)
    about = {key: value for key, value in asdict(portal).items() if key not in ("definition", "gone")}
    about["gone"] = {key: value.total_seconds() if key.endswith("over") else value for key, value in gone.items()}
    return {
        "run": uid,
        "kind": run.kind,
        "started_at": started,
        "scheduled_at": run.scheduled_at,
        "settings": dict(run.settings),
        "portal": about,
    }


def open_run(
    connection: Connection,
    portal: PortalRecord,
    run: RunStart,
    uid: str,
    started: datetime,
    definition_uri: str,
    warcinfo_uri: str,
) -> Run:
    """Write the run's row; portal and rules are made or brought up to date."""
    portal_id = _store_portal(connection, portal)
    rules_id = _store_rules(connection, portal, portal_id, definition_uri)
    row: Row = {
        "uid": uid,
        "portal_id": portal_id,
        "rules_id": rules_id,
        "kind": run.kind,
        "scheduled_at": run.scheduled_at,
        "started_at": started,
        "ended_at": None,
        "outcome": "running",
        "reasons": [],
        "stats": {},
        "settings": dict(run.settings),
        "warcinfo_uri": warcinfo_uri,
    }
    _end_abandoned(connection, portal_id, run.kind)
    (number,) = insert_rows(connection, "run", [row])
    noise = table("noise")
    known = select(noise.c.slot).where(noise.c.portal_id == portal_id, noise.c.until.is_(None))
    slots = frozenset(connection.execute(known).scalars())
    return Run(number, uid, portal, portal_id, rules_id, started, slots)


def _end_abandoned(connection: Connection, portal_id: int, kind: str) -> None:
    """Runs of a process that was killed: one crawl of a portal runs at a time, so what still runs now never ended."""
    run = table("run")
    abandoned = (run.c.portal_id == portal_id, run.c.kind == kind, run.c.kind == "crawl", run.c.outcome == "running")
    told = {"outcome": "interrupted", "reasons": ["the process was killed"]}
    connection.execute(update(run).where(*abandoned).values(**told))


def close_run(
    connection: Connection, run: Run, outcome: RunOutcome, reasons: Sequence[str], stats: Mapping[str, Any], now: datetime
) -> RunSummary:
    """Write how the run ended; the summary counts what the record holds of it."""
    row: Row = {"id": run.id, "ended_at": now, "outcome": outcome, "reasons": list(reasons), "stats": dict(stats)}
    update_rows(connection, "run", [row], ("ended_at", "outcome", "reasons", "stats"))
    return summary(connection, run.id)


def summary(connection: Connection, run_id: int) -> RunSummary:
    """What a run did."""
    run, portal, visit, change, page, capture = map(table, ("run", "portal", "visit", "change", "page", "capture"))
    query = select(run, portal.c.slug).join(portal, portal.c.id == run.c.portal_id).where(run.c.id == run_id)
    row = connection.execute(query).mappings().one()
    ended = row["ended_at"] or row["started_at"]
    mine, during = visit.c.run_id == run_id, (row["started_at"], ended)
    outcomes: dict[str, int] = dict(
        connection.execute(select(visit.c.outcome, func.count()).where(mine).group_by(visit.c.outcome)).all()
    )
    kinds: dict[str, int] = dict(
        connection.execute(
            select(change.c.kind, func.count())
            .join(page, page.c.id == change.c.page_id)
            .where(change.c.portal_id == row["portal_id"], change.c.at.between(*during), change.c.muted.is_(None))
            .where(page.c.role == "article")
            .group_by(change.c.kind)
        ).all()
    )
    missing = (
        select(func.count())
        .select_from(page)
        .where(page.c.portal_id == row["portal_id"], page.c.role == "article", page.c.state.in_(("suspected", "gone")))
        .where(page.c.last_seen.is_not(None), page.c.first_missing_at.between(*during))
    )
    transferred = select(func.sum(capture.c.length)).join(visit, visit.c.id == capture.c.visit_id).where(mine)
    return RunSummary(
        run=row["uid"],
        portal=row["slug"],
        visits=sum(outcomes.values()),
        new=kinds.get("new", 0),
        changed=sum(kinds.get(kind, 0) for kind in ("edited", "moved", "replaced", "back")),
        suspected_gone=connection.execute(missing).scalar_one(),
        errors=outcomes.get("error", 0) + outcomes.get("no_answer", 0),
        bytes=int(row["stats"].get("bytes") or connection.execute(transferred).scalar() or 0),
        seconds=round((ended - row["started_at"]).total_seconds(), 1),
        healthy=row["outcome"] == "ok",
        reasons=tuple(row["reasons"]),
    )


def _store_portal(connection: Connection, portal: PortalRecord) -> int:
    target = table("portal")
    values = {
        "home": portal.home,
        "name": portal.name,
        "tz": portal.tz,
        "robots": portal.robots,
        "robots_reason": portal.robots_reason,
    }
    number = connection.execute(select(target.c.id).where(target.c.slug == portal.slug)).scalar()
    if number is None:
        return insert_rows(connection, "portal", [{"slug": portal.slug, "paused": False, **values}])[0]
    connection.execute(update(target).where(target.c.id == number).values(values))
    return int(number)


def _store_rules(connection: Connection, portal: PortalRecord, portal_id: int, record_uri: str) -> int:
    """The rules in force become the portal's current ones. Pages told under older ones are told again when next read."""
    rules = table("rules")
    connection.execute(update(rules).where(rules.c.portal_id == portal_id, rules.c.digest != portal.rules).values(state="old"))
    number = connection.execute(
        select(rules.c.id).where(rules.c.portal_id == portal_id, rules.c.digest == portal.rules)
    ).scalar()
    if number is not None:
        connection.execute(update(rules).where(rules.c.id == number).values(state="current"))
        return int(number)
    row: Row = {
        "portal_id": portal_id,
        "digest": portal.rules,
        "extractor": portal.extractor,
        "definition": portal.definition,
        "state": "current",
        "record_uri": record_uri,
    }
    return insert_rows(connection, "rules", [row])[0]
