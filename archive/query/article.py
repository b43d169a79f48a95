"""`show`: what a page says in one of its versions, and the evidence of it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import tzinfo
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from archive.query.reference import Resolved, last_content, resolve
from archive.query.rows import local, table
from archive.query.sections import sections_of
from archive.query.shown import body_of
from archive.records import Article
from archive.stored import from_columns


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
    """The capture that shows a version and where its record lies. `sha256` is the payload's; of a 304, that of the body which
    the server confirmed, captured at `body_captured_at`."""
    capture, warc, body, payload = table("capture"), table("warc"), table("capture").alias("body"), table("payload")
    row = (
        session.execute(
            select(capture, warc.c.name, payload.c.sha256.label("payload_sha256"), body.c.at.label("body_at"))
            .select_from(capture)
            .join(warc, warc.c.id == capture.c.warc_id)
            .outerjoin(body, body.c.id == body_of(capture))
            .outerjoin(payload, payload.c.id == body.c.payload_id)
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
        "status": row["status"],
        "body_captured_at": local(row["body_at"], timezone),
    }


def _own_section(article: Article | None) -> list[str]:
    return [article.articleSection] if article is not None and article.articleSection else []
