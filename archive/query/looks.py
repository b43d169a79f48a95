"""What a revisit policy needs of a portal's pages: which there are, every look at them, and hints that they were edited.

Read in chunks. Instants come as microseconds since 1970 (as stored): a policy reads a million of
them at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import BigInteger, and_, func, select, type_coerce
from sqlalchemy.orm import Session

from archive.query.rows import table

_CHUNK = 50_000


class RevisitPage(NamedTuple):
    """A page that may be asked again."""

    id: int
    page: str
    url: str
    role: str
    state: str  # live | suspected | gone
    section: str | None
    first_seen: int
    last_visit_at: int
    first_missing_at: int | None


class Look(NamedTuple):
    """One answered visit; `changed` when it established a new version with other words, or a removal or return."""

    page: int
    run: int
    at: int
    changed: bool


def revisit_pages(session: Session, portal: str) -> Iterator[RevisitPage]:
    """The pages of a portal that were seen and did not move on, hubs and robots.txt apart, in the order of their ids."""
    page, portals, sighting = table("page"), table("portal"), table("sighting")
    section = select(func.min(sighting.c.section)).where(sighting.c.page_id == page.c.id).correlate(page).scalar_subquery()
    query = (
        select(
            *(page.c.id, page.c.key, page.c.url, page.c.role, page.c.state, section),
            *(type_coerce(page.c[name], BigInteger) for name in ("first_seen", "last_visit_at", "first_missing_at")),
        )
        .join(portals, portals.c.id == page.c.portal_id)
        .where(portals.c.slug == portal, page.c.role.not_in(("hub", "robots")), page.c.moved_to_id.is_(None))
        .where(page.c.first_seen.is_not(None), page.c.last_visit_at.is_not(None))
        .order_by(page.c.id)
        .limit(_CHUNK)
    )
    last = 0
    while rows := session.execute(query.where(page.c.id > last)).all():
        last = rows[-1][0]
        yield from (RevisitPage(*row) for row in rows)


def looks(session: Session, portal: str) -> Iterator[Look]:
    """Every visit to those pages that the server answered, oldest first."""
    page, portals, visit, version, change = map(table, ("page", "portal", "visit", "version", "change"))
    changed = and_(change.c.kind != "new", change.c.muted.is_(None))
    query = (
        select(visit.c.page_id, visit.c.run_id, type_coerce(visit.c.at, BigInteger), func.coalesce(changed, False))
        .join(page, page.c.id == visit.c.page_id)
        .join(portals, portals.c.id == page.c.portal_id)
        .outerjoin(version, and_(version.c.first_visit == visit.c.id, version.c.rules_id == page.c.rules_id))
        .outerjoin(change, change.c.to_id == version.c.id)
        .where(portals.c.slug == portal, page.c.role.not_in(("hub", "robots")))
        .where(visit.c.outcome.not_in(("error", "no_answer", "robots", "blocked")))
        .order_by(visit.c.at, visit.c.id)
    )
    for row in session.execute(query).yield_per(_CHUNK):  # sorted once, not once a chunk
        yield Look(row[0], row[1], row[2], bool(row[3]))


def hints(session: Session, portal: str) -> Iterator[tuple[int, int]]:
    """(page id, instant): a listing, feed or sitemap began to show a page under another title or date after its last visit."""
    page, portals, visit, sighting = map(table, ("page", "portal", "visit", "sighting"))
    query = (
        select(page.c.id, type_coerce(func.max(visit.c.at), BigInteger))
        .select_from(sighting)
        .join(visit, visit.c.id == sighting.c.first_visit)
        .join(page, page.c.id == sighting.c.page_id)
        .join(portals, portals.c.id == page.c.portal_id)
        .where(portals.c.slug == portal, visit.c.at > page.c.last_visit_at)
        .group_by(page.c.id)
    )
    for row in session.execute(query):
        yield row[0], row[1]


def asked_since(session: Session, portal: str, since: datetime) -> int:
    """How many visits to a portal's pages, hubs included, were made after an instant."""
    portals, visit, run = table("portal"), table("visit"), table("run")
    query = select(func.count()).select_from(visit).join(run, run.c.id == visit.c.run_id)
    query = query.join(portals, portals.c.id == run.c.portal_id)
    return session.scalar(query.where(portals.c.slug == portal, visit.c.at > since, visit.c.origin == "crawl")) or 0
