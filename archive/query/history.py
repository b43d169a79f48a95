"""`log` and the runs: what happened to a page, visit by visit, and what crawls did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.query.reference import resolve
from archive.query.rows import PortalRow, RunRow, VersionRow, VisitRow, local, table


def history(session: Session, ref: str, *, zone: tzinfo | None = None) -> list[VersionRow]:
    """The versions of a page (of the range asked for, if any), oldest first, each with the change that led to it."""
    asked = resolve(session, ref, zone=zone)
    version, change = table("version"), table("change")
    query = (
        select(version, change.c.kind, change.c.fields, change.c.words_added, change.c.words_removed)
        .outerjoin(change, change.c.to_id == version.c.id)
        .where(version.c.page_id == asked.page["id"], version.c.rules_id == asked.page["rules_id"], version.c.variant == "")
        .order_by(version.c.n)
    )
    if asked.versions:
        query = query.where(version.c.n.between(asked.versions[0]["n"], asked.versions[-1]["n"]))
    timezone = asked.page["timezone"]
    return [
        VersionRow(
            version=row["n"],
            kind=row["kind"] or ("moved" if row["state"] == "redirect" else None),
            fields=row["fields"] or [],
            words_added=row["words_added"] or 0,
            words_removed=row["words_removed"] or 0,
            not_before=local(row["not_before"], timezone),
            seen_at=local(row["first_at"], timezone),
            last_seen=local(row["last_at"], timezone),
            visits=row["visits"],
        )
        for row in session.execute(query).mappings()
    ]


def visits(session: Session, ref: str) -> Iterator[VisitRow]:
    """Every look at a page, oldest first, also those without an answer."""
    page = resolve(session, ref).page
    visit, run, version = table("visit"), table("run"), table("version")
    shown = (
        select(func.max(version.c.n))
        .where(
            version.c.page_id == page["id"],
            version.c.rules_id == page["rules_id"],
            version.c.variant == visit.c.variant,
            visit.c.at.between(version.c.first_at, version.c.last_at),
        )
        .correlate(visit)
        .scalar_subquery()
    )
    query = (
        select(visit, run.c.uid.label("run"), shown.label("version"))
        .join(run, run.c.id == visit.c.run_id)
        .where(visit.c.page_id == page["id"])
        .order_by(visit.c.at, visit.c.id)
    )
    for row in session.execute(query).mappings():
        yield VisitRow(
            at=local(row["at"], page["timezone"]),
            outcome=row["outcome"],
            status=row["status"],
            basis=row["basis"],
            error=row["error"],
            run=row["run"],
            version=row["version"],
        )


def runs(session: Session, *, portal: str | None = None, limit: int | None = None, offset: int = 0) -> list[RunRow]:
    """Crawls, imports and other runs, the newest first."""
    run, portals, visit = table("run"), table("portal"), table("visit")
    count = select(func.count()).where(visit.c.run_id == run.c.id).correlate(run).scalar_subquery()
    query = select(run, portals.c.slug, portals.c.tz, count.label("visits")).join(portals, portals.c.id == run.c.portal_id)
    if portal is not None:
        query = query.where(portals.c.slug == portal)
    query = query.order_by(run.c.started_at.desc(), run.c.id.desc()).offset(offset or None)
    return [
        RunRow(
            run=row["uid"],
            portal=row["slug"],
            kind=row["kind"],
            outcome=row["outcome"],
            scheduled_at=local(row["scheduled_at"], row["tz"]),
            started_at=local(row["started_at"], row["tz"]),
            ended_at=local(row["ended_at"], row["tz"]),
            visits=row["visits"],
            reasons=row["reasons"],
            stats=row["stats"],
        )
        for row in session.execute(query.limit(limit) if limit else query).mappings()
    ]


@dataclass(frozen=True, slots=True)
class Listed:
    """How far a portal's listings were followed: `once`, to their end by a crawl that ended; `since`, nothing that they showed
    was left unasked by a crawl after that one (stopped, killed, or bounded by a limit)."""

    once: bool
    since: bool


def listed(session: Session, portal: str) -> Listed:
    """What the portal's crawls say of it, newest first up to the last that was whole."""
    run, portals = table("run"), table("portal")
    query = select(run.c.outcome, run.c.settings).join(portals, portals.c.id == run.c.portal_id)
    query = query.where(portals.c.slug == portal, run.c.kind == "crawl").order_by(run.c.started_at.desc(), run.c.id.desc())
    since = True
    for outcome, settings in session.execute(query):
        if settings.get("recheck") == "suspected":  # asks no listing
            continue
        ended, bounded = outcome in ("ok", "unhealthy"), settings.get("limit") is not None
        if ended and not bounded and settings.get("section") is None:
            return Listed(once=True, since=since)
        since = since and ended and not bounded
    return Listed(once=False, since=False)


def portals(session: Session) -> list[PortalRow]:
    """The portals of the record, by name."""
    portal, page, run = table("portal"), table("page"), table("run")
    mine = (page.c.portal_id == portal.c.id) & (page.c.role == "article") & page.c.first_seen.is_not(None)
    articles = select(func.count()).where(mine, page.c.moved_to_id.is_(None)).correlate(portal).scalar_subquery()
    missing = select(func.count()).where(mine, page.c.state == "gone").correlate(portal).scalar_subquery()
    newest = (
        select(run.c.id)
        .where(run.c.portal_id == portal.c.id)
        .order_by(run.c.started_at.desc())
        .limit(1)
        .correlate(portal)
        .scalar_subquery()
    )
    query = (
        select(portal, articles.label("articles"), missing.label("gone"), run.c.started_at, run.c.outcome)
        .outerjoin(run, run.c.id == newest)
        .order_by(portal.c.slug)
    )
    return [
        PortalRow(
            portal=row["slug"],
            name=row["name"],
            home=row["home"],
            timezone=row["tz"],
            paused=row["paused"],
            robots=row["robots"],
            robots_reason=row["robots_reason"],
            articles=row["articles"],
            gone=row["gone"],
            last_run=local(row["started_at"], row["tz"]),
            last_outcome=row["outcome"],
        )
        for row in session.execute(query).mappings()
    ]
