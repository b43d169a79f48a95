"""`list` and `show`: the articles of the archive, and what one of them says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import tzinfo
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from archive.query.reference import Resolved, last_content, resolve
from archive.query.rows import PageRow, local, table
from archive.records import Article
from archive.stored import from_columns


def pages(
    session: Session,
    *,
    portal: str | None = None,
    section: str | None = None,
    lang: str | None = None,
    state: str | Sequence[str] | None = None,
    limit: int | None = None,
    role: str | None = "article",
) -> list[PageRow]:
    """Pages with at least one version, newest first by date published, then by first sight. A page that moved on is not
    listed: its work is, at its new address."""
    page, portals, reading = table("page"), table("portal"), table("reading")
    query = _listing().where(page.c.moved_to_id.is_(None), page.c.first_seen.is_not(None))
    if role is not None:
        query = query.where(page.c.role == role)
    if portal is not None:
        query = query.where(portals.c.slug == portal)
    if state:
        query = query.where(page.c.state.in_([state] if isinstance(state, str) else state))
    if lang is not None:
        query = query.where(reading.c.lang == lang.lower())
    if section is not None:
        query = query.where(in_section(section, reading))
    query = query.order_by(func.coalesce(reading.c.published_on, "").desc(), page.c.first_seen.desc(), page.c.id.desc())
    rows = session.execute(query.limit(limit) if limit else query).mappings().all()
    return _page_rows(session, rows)


def page(session: Session, ref: str) -> PageRow:
    """The line of `list` for one page."""
    found = resolve(session, ref).page
    rows = session.execute(_listing().where(table("page").c.id == found["id"])).mappings().all()
    return _page_rows(session, rows)[0]


def show(session: Session, ref: str, *, zone: tzinfo | None = None) -> dict[str, Any]:
    """What a page says in one of its versions (default: the newest that shows content), with its evidence."""
    asked = resolve(session, ref, zone=zone)
    version = content_of(session, asked)
    article = article_of(session, version)
    found, timezone = asked.page, asked.page["timezone"]
    state = found["state"] if not asked.versions else version["state"]
    shown = as_schema(article) if article is not None else {"headline": None, "articleBody": ""}
    return {
        "page": found["key"],
        "version": version["n"],
        "portal": found["portal"],
        **shown,
        "url": found["url"],
        "state": state,
        "first_seen": local(version["first_at"], timezone),
        "last_seen": local(version["last_at"], timezone),
        "sections": sections_of(session, [found["id"]]).get(found["id"], []) or _own_section(article),
        "evidence": evidence_of(session, version, timezone),
    }


def content_of(session: Session, asked: Resolved) -> RowMapping:
    """The version a reader means: as asked; where that one shows nothing (gone, redirect), the last before it that does."""
    version = asked.last
    if version is not None and version["state"] == "content":
        return version
    return last_content(session, asked.page, version["n"] if version is not None else None)


def article_of(session: Session, version: RowMapping) -> Article | None:
    """The article of a version; None where only bytes are known."""
    if version["reading_id"] is None:
        return None
    reading = table("reading")
    row = session.execute(select(reading).where(reading.c.id == version["reading_id"])).mappings().one()
    return from_columns(dict(row))


def as_schema(article: Article) -> dict[str, Any]:
    """An article in schema.org and zyte-common-items names, as `show --json` and `portal try --json` print it."""
    published, modified, dateline = article.datePublished, article.dateModified, article.dateline
    return {
        "url": article.url,
        "canonicalUrl": article.canonicalUrl,
        "headline": article.headline,
        "description": article.description,
        "articleBody": article.articleBody,
        "datePublished": published.value if published else None,
        "datePublishedRaw": published.raw if published else None,
        "datePublishedSource": published.source if published else None,
        "dateModified": modified.value if modified else None,
        "dateModifiedRaw": modified.raw if modified else None,
        "authors": [{"name": name} for name in article.authors],
        "inLanguage": article.inLanguage,
        "breadcrumbs": [{"name": name} for name in article.breadcrumbs],
        "articleSection": article.articleSection,
        "dateline": asdict(dateline) if dateline else None,
        "images": [asdict(image) for image in article.images],
        "quotes": [asdict(quote) for quote in article.quotes],
        "publisherNote": article.publisherNote,
        "links": [asdict(link) for link in article.links],
        "asides": [asdict(aside) for aside in article.asides],
    }


def evidence_of(session: Session, version: RowMapping, timezone: str) -> dict[str, Any] | None:
    """Where the bytes lie that a version was read from; `sha256` is the payload's."""
    capture, warc, payload = table("capture"), table("warc"), table("payload")
    row = (
        session.execute(
            select(capture, warc.c.name, payload.c.sha256.label("payload_sha256"))
            .join(warc, warc.c.id == capture.c.warc_id)
            .outerjoin(payload, payload.c.id == capture.c.payload_id)
            .where(capture.c.id == version["capture_id"])
        )
        .mappings()
        .first()
    )
    if row is None:
        return None
    return {
        "warc": row["name"],
        "offset": row["offset"],
        "length": row["length"],
        "sha256": row["payload_sha256"],
        "captured_at": local(row["at"], timezone),
        "record_sha256": row["sha256"],
        "fidelity": row["fidelity"],
        "record": row["record"],
    }


def sections_of(session: Session, page_ids: Iterable[int]) -> dict[int, list[str]]:
    """The sections whose listings showed these pages."""
    sighting = table("sighting")
    wanted = list(page_ids)
    found: dict[int, list[str]] = defaultdict(list)
    for start in range(0, len(wanted), 5000):
        query = (
            select(sighting.c.page_id, sighting.c.section)
            .where(sighting.c.page_id.in_(wanted[start : start + 5000]), sighting.c.section.is_not(None))
            .group_by(sighting.c.page_id, sighting.c.section)
            .order_by(func.min(sighting.c.id))
        )
        for page_id, section in session.execute(query):
            found[page_id].append(section)
    return found


def in_section(section: str, reading: Any) -> Any:
    """The condition that a page is of a section: a listing showed it, or the article says so itself."""
    page, sighting = table("page"), table("sighting")
    shown = select(sighting.c.page_id).where(func.lower(sighting.c.section) == section.lower(), sighting.c.page_id.is_not(None))
    return or_(page.c.id.in_(shown), func.lower(reading.c.section) == section.lower())


def _listing() -> Select[Any]:
    page, portals, version, reading = map(table, ("page", "portal", "version", "reading"))
    ends = (
        select(version.c.page_id, func.max(version.c.n).label("versions"))
        .add_columns(func.max(version.c.n).filter(version.c.state == "content").label("content"))
        .join(page, (page.c.id == version.c.page_id) & (page.c.rules_id == version.c.rules_id))
        .where(version.c.variant == "")
        .group_by(version.c.page_id)
        .subquery()
    )
    shown = version.alias("shown")
    return (
        select(
            page,
            portals.c.slug.label("portal"),
            portals.c.tz,
            ends.c.versions,
            reading.c.headline,
            reading.c.published_on,
            reading.c.article,
            reading.c.section,
            reading.c.lang,
        )
        .join(portals, portals.c.id == page.c.portal_id)
        .outerjoin(ends, ends.c.page_id == page.c.id)
        .outerjoin(
            shown,
            (shown.c.page_id == page.c.id)
            & (shown.c.rules_id == page.c.rules_id)
            & (shown.c.variant == "")
            & (shown.c.n == ends.c.content),
        )
        .outerjoin(reading, reading.c.id == shown.c.reading_id)
    )


def _page_rows(session: Session, rows: Sequence[RowMapping]) -> list[PageRow]:
    sections = sections_of(session, [row["id"] for row in rows])
    return [
        PageRow(
            page=row["key"],
            portal=row["portal"],
            url=row["url"],
            sections=sections.get(row["id"]) or ([row["section"]] if row["section"] else []),
            headline=row["headline"],
            datePublished=((row["article"] or {}).get("datePublished") or {}).get("value"),
            inLanguage=row["lang"],
            state=row["state"],
            versions=row["versions"] or 0,
            first_seen=local(row["first_seen"], row["tz"]),
            last_seen=local(row["last_seen"], row["tz"]),
        )
        for row in rows
    ]


def _own_section(article: Article | None) -> list[str]:
    return [article.articleSection] if article is not None and article.articleSection else []
