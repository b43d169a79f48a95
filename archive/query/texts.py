"""What an export takes out: versions with their whole text, one after another, and the captures behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from archive.query.article import as_schema
from archive.query.rows import local, table
from archive.query.sections import in_section, sections_of
from archive.query.shown import body_of
from archive.stored import from_columns

_CHUNK = 500


def texts(
    session: Session,
    *,
    portal: str | None = None,
    section: str | None = None,
    lang: str | None = None,
    state: Sequence[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    every: bool = False,
) -> Iterator[dict[str, Any]]:
    """The objects of `show` for the newest text of each article, or with `every` for each version that shows content.

    Ordered by page, then version, and read in chunks: memory does not grow with the archive. `since` and `until` bound when
    a version was seen.
    """
    page, version, reading = table("page"), table("version"), table("reading")
    query = _texts()
    if portal is not None:
        query = query.where(table("portal").c.slug == portal)
    if section is not None:
        query = query.where(in_section(section, reading))
    if lang is not None:
        query = query.where(reading.c.lang == lang.lower())
    if state:
        query = query.where(page.c.state.in_(list(state)))
    if since is not None:
        query = query.where(version.c.last_at >= since)
    if until is not None:
        query = query.where(version.c.first_at <= until)
    if not every:
        query = query.where(version.c.n == _newest()).where(page.c.moved_to_id.is_(None))
    query = query.order_by(page.c.id, version.c.n).limit(_CHUNK)
    after = (0, 0)
    while True:
        further = or_(page.c.id > after[0], and_(page.c.id == after[0], version.c.n > after[1]))
        rows = session.execute(query.where(further)).mappings().all()
        sections = sections_of(session, {row["page_id"] for row in rows})
        for row in rows:
            yield _told(row, sections.get(row["page_id"], []))
        if len(rows) < _CHUNK:
            return
        after = (rows[-1]["page_id"], rows[-1]["n"])


def captures(session: Session, *, portal: str | None = None, pages: Sequence[str] | None = None) -> Iterator[int]:
    """The captures (their ids) of all visits, of a portal's, or of those to these pages, in the order they were made."""
    capture, visit, page, portals = map(table, ("capture", "visit", "page", "portal"))
    query = (
        select(capture.c.id)
        .join(visit, visit.c.id == capture.c.visit_id)
        .join(page, page.c.id == visit.c.page_id)
        .order_by(capture.c.id)
    )
    if portal is not None:
        query = query.join(portals, portals.c.id == page.c.portal_id).where(portals.c.slug == portal)
    if pages is None:
        yield from session.execute(query).scalars()
        return
    found: list[int] = []
    for start in range(0, len(pages), _CHUNK):
        found += session.execute(query.where(page.c.key.in_(pages[start : start + _CHUNK]))).scalars()
    yield from sorted(found)


def _newest() -> Any:
    page, later = table("page"), table("version").alias("later")
    return (
        select(func.max(later.c.n))
        .where(later.c.page_id == page.c.id, later.c.rules_id == page.c.rules_id, later.c.state == "content")
        .where(later.c.variant == "")
        .correlate(page)
        .scalar_subquery()
    )


def _texts() -> Select[Any]:
    page, portal, version, reading = map(table, ("page", "portal", "version", "reading"))
    capture, warc, payload = map(table, ("capture", "warc", "payload"))
    body = capture.alias("body")
    return (
        select(
            version.c.page_id,
            version.c.n,
            version.c.first_at,
            version.c.last_at,
            page.c.key,
            page.c.url,
            page.c.state,
            portal.c.slug.label("portal"),
            portal.c.tz,
            reading.c.headline,
            reading.c.body,
            reading.c.lang,
            reading.c.section,
            reading.c.article,
            capture.c.at,
            capture.c.offset,
            capture.c.length,
            capture.c.sha256.label("record_sha256"),
            capture.c.fidelity,
            capture.c.record,
            capture.c.status,
            body.c.at.label("body_captured_at"),
            warc.c.name.label("warc"),
            payload.c.sha256,
        )
        .select_from(version)
        .join(page, and_(page.c.id == version.c.page_id, page.c.rules_id == version.c.rules_id))
        .join(portal, portal.c.id == page.c.portal_id)
        .join(reading, reading.c.id == version.c.reading_id)
        .outerjoin(capture, capture.c.id == version.c.capture_id)
        .outerjoin(warc, warc.c.id == capture.c.warc_id)
        .outerjoin(body, body.c.id == body_of(capture))
        .outerjoin(payload, payload.c.id == body.c.payload_id)
        .where(version.c.state == "content", version.c.variant == "", page.c.role == "article")
    )


def _told(row: RowMapping, sections: list[str]) -> dict[str, Any]:
    article = from_columns({**row, "article": {"url": row["url"], **row["article"]}})
    zone = row["tz"]
    evidence = None
    if row["warc"] is not None:
        evidence = {name: row[name] for name in ("warc", "offset", "length", "sha256")}
        evidence["captured_at"] = local(row["at"], zone)
        evidence |= {name: row[name] for name in ("record_sha256", "fidelity", "record", "status")}
        evidence["body_captured_at"] = local(row["body_captured_at"], zone)
    return {
        "page": row["key"],
        "version": row["n"],
        "portal": row["portal"],
        **as_schema(article),
        "url": row["url"],
        "state": row["state"],
        "first_seen": local(row["first_at"], zone),
        "last_seen": local(row["last_at"], zone),
        "sections": sections or ([article.articleSection] if article.articleSection else []),
        "evidence": evidence,
    }
