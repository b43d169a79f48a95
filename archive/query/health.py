"""What `doctor` asks: runs that never ended, what is acknowledged of open files, and whether a portal fell silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.query.rows import local, table

SPAN = timedelta(days=90)  # the past that tells what is usual


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a portal brought new articles, and when it did last. `per_day` leaves out the first crawl's harvest."""

    portal: str
    home: str
    last_new_at: datetime | None
    last_run_at: datetime | None
    per_day: float


def running(session: Session) -> dict[str, list[str]]:
    """Runs without an end, by portal."""
    run, portal = table("run"), table("portal")
    query = select(portal.c.slug, run.c.uid).join(portal, portal.c.id == run.c.portal_id).where(run.c.outcome == "running")
    found: dict[str, list[str]] = {}
    for slug, uid in session.execute(query):
        found.setdefault(slug, []).append(uid)
    return found


def open_files(session: Session) -> dict[str, int]:
    """WARC files that were not closed: name and acknowledged bytes."""
    warc = table("warc")
    rows = session.execute(select(warc.c.name, warc.c.bytes).where(warc.c.state == "open"))
    return {row.name: row.bytes for row in rows}


def newest_visit(session: Session) -> datetime | None:
    """When a page was looked at last."""
    return session.execute(select(func.max(table("visit").c.at))).scalar_one_or_none()


def rhythms(session: Session, now: datetime) -> list[Rhythm]:
    """Every portal that is not paused and was crawled."""
    portal, change, run, version, visit = map(table, ("portal", "change", "run", "version", "visit"))
    told = []
    for row in session.execute(select(portal).where(portal.c.paused.is_(False)).order_by(portal.c.slug)).mappings():
        mine = run.c.portal_id == row["id"]
        first = session.execute(select(run.c.id, run.c.started_at).where(mine).order_by(run.c.started_at).limit(1)).first()
        if first is None:
            continue
        last_run = session.execute(select(func.max(run.c.started_at)).where(mine)).scalar_one()
        new = (
            select(func.max(change.c.at).label("last"), func.count().filter(visit.c.run_id != first.id).label("later"))
            .join(version, version.c.id == change.c.to_id)
            .join(visit, visit.c.id == version.c.first_visit)
            .where(change.c.portal_id == row["id"], change.c.kind == "new", change.c.at > now - SPAN)
        )
        last, later = session.execute(new).one()
        days = ((last or now) - max(first.started_at, now - SPAN)).total_seconds() / 86400
        zone = row["tz"]
        told.append(Rhythm(row["slug"], row["home"], local(last, zone), local(last_run, zone), later / max(days, 1.0)))
    return told
