"""What a crawl needs to know of pages before it asks them again: validators, the payload it understood, when that was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session

from archive.query.rows import table
from archive.records import Role
from archive.urls import canonical_url, urlkey

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page as the record knows it. `payload`, `etag` and `last_modified` are of the last full answer that was understood:
    an answer that could not be read must be asked for and read again, or an edit in it would be missed."""

    page: str
    url: str
    role: Role
    state: str
    payload: str | None  # sha256 of the entity
    textprint: str | None  # of the last text
    etag: str | None
    last_modified: str | None
    fetched_at: datetime | None  # of that answer
    first_seen: datetime | None
    last_seen: datetime | None
    last_visit_at: datetime | None
    moved: bool = False


def known(
    session: Session, portal: str, urls: Iterable[str] | None = None, *, section: str | None = None
) -> Iterator[KnownPage]:
    """Known pages of a portal: those of these addresses, or all (of a section) but hubs and pages that moved on.

    Read in chunks, each a query of its own: memory does not grow, and nothing is held open between two pages.
    """
    if urls is not None:
        keys = [urlkey(url) for url in urls]
        for start in range(0, len(keys), _CHUNK):
            some = keys[start : start + _CHUNK]
            rows: list[Any] = list(session.execute(_named(), {"portal": portal, "keys": some}))
            if missing := set(some) - {row.urlkey for row in rows}:
                rows += session.execute(_spelled(), {"portal": portal, "keys": sorted(missing)})
            yield from (_known(row) for row in rows)
        return
    last = 0
    where = {"portal": portal, "section": section}
    while chunk := session.execute(_after(section is not None), where | {"last": last}).all():
        last = chunk[-1].id
        yield from (_known(row) for row in chunk)


def visited_in(session: Session, run: str) -> frozenset[str]:
    """The pages a run has visited, listings aside, by their addresses in canonical form and as they were asked."""
    page, visit, capture, runs = map(table, ("page", "visit", "capture", "run"))
    mine = select(runs.c.id).where(runs.c.uid == run).scalar_subquery()
    visited = (visit.c.run_id == mine, page.c.role != "hub")  # what a bounded run left of a listing is there to be seen again
    pages = select(page.c.url).join(visit, visit.c.page_id == page.c.id).where(*visited)
    asked = select(capture.c.url).join(visit, visit.c.id == capture.c.visit_id).join(page, page.c.id == visit.c.page_id)
    asked = asked.where(*visited, capture.c.hop == 0)
    urls = [*session.execute(pages).scalars(), *session.execute(asked).scalars()]
    return frozenset(urls) | frozenset(canonical_url(url) for url in urls if url.startswith("http"))


def _known(row: Any) -> KnownPage:
    return KnownPage(
        page=row.key,
        url=row.url,
        role=row.role,
        state=row.state,
        payload=row.sha256,
        textprint=row.textprint,
        etag=row.etag,
        last_modified=row.last_modified,
        fetched_at=row.at,
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        last_visit_at=row.last_visit_at,
        moved=row.moved_to_id is not None,
    )


@cache
def _named() -> Select[Any]:
    """Pages by their names. Statements are built once: a crawl asks this for every address it meets."""
    return _query().where(table("page").c.urlkey.in_(bindparam("keys", expanding=True)))


@cache
def _spelled() -> Select[Any]:
    """Pages that have a name of their own, by an address they were visited under."""
    alias = table("alias")
    spelled = select(alias.c.page_id).where(alias.c.urlkey.in_(bindparam("keys", expanding=True)), alias.c.why == "spelling")
    return _query().where(table("page").c.id.in_(spelled))


@cache
def _after(in_section: bool) -> Select[Any]:
    """The next chunk of all pages, by id."""
    page, sighting = table("page"), table("sighting")
    query = _query().where(page.c.role.not_in(("hub", "robots")), page.c.moved_to_id.is_(None), page.c.id > bindparam("last"))
    if in_section:
        shown = select(sighting.c.page_id).where(sighting.c.section == bindparam("section"), sighting.c.page_id.is_not(None))
        query = query.where(page.c.id.in_(shown))
    return query.order_by(page.c.id).limit(_CHUNK)


def _query() -> Select[Any]:
    page, portals, visit, capture, payload = map(table, ("page", "portal", "visit", "capture", "payload"))
    version, reading = table("version"), table("reading")
    understood = (
        select(capture.c.id)
        .join(visit, visit.c.id == capture.c.visit_id)
        .where(
            visit.c.page_id == page.c.id,
            visit.c.outcome == "content",
            or_(page.c.role != "article", visit.c.basis != "none"),
            capture.c.status == 200,
            capture.c.payload_id.is_not(None),
            capture.c.truncated.is_(None),
        )
        .order_by(visit.c.at.desc(), capture.c.hop.desc())
        .limit(1)
        .correlate(page)
        .scalar_subquery()
    )
    newest = (
        select(version.c.reading_id)
        .where(version.c.page_id == page.c.id, version.c.rules_id == page.c.rules_id, version.c.state == "content")
        .order_by(version.c.n.desc())
        .limit(1)
        .correlate(page)
        .scalar_subquery()
    )
    return (
        select(page, capture.c.etag, capture.c.last_modified, capture.c.at, payload.c.sha256, reading.c.textprint)
        .join(portals, portals.c.id == page.c.portal_id)
        .outerjoin(capture, capture.c.id == understood)
        .outerjoin(payload, payload.c.id == capture.c.payload_id)
        .outerjoin(reading, reading.c.id == newest)
        .where(portals.c.slug == bindparam("portal"))
    )
