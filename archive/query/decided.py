"""What people decided and what was learned: stars, notes, and the furniture that is muted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.diffing import slots_of
from archive.errors import NotFound
from archive.query.reference import resolve
from archive.query.rows import local, table


class DecisionRow(TypedDict):
    """A line of `star` and `note`."""

    at: datetime | None
    who: str
    verb: str
    page: str
    url: str
    headline: str | None
    reason: str | None


class FurnitureRow(TypedDict):
    """A line of `mute`: a slot, why it is furniture, since when and until when, and the changes it mutes now."""

    portal: str
    slot: str
    why: str
    since: datetime | None
    until: datetime | None
    changes: int


def decisions(session: Session, verbs: Sequence[str], ref: str | None = None) -> list[DecisionRow]:
    """Decisions about pages, the newest first. Of `star`, only those that stand."""
    decision, page, portal, version, reading = map(table, ("decision", "page", "portal", "version", "reading"))
    headline = (
        select(reading.c.headline)
        .join(version, version.c.reading_id == reading.c.id)
        .where(version.c.page_id == page.c.id, version.c.rules_id == page.c.rules_id)
        .order_by(version.c.n.desc())
        .limit(1)
        .correlate(page)
        .scalar_subquery()
    )
    query = (
        select(decision, page.c.key, page.c.url, portal.c.tz, headline.label("headline"))
        .join(page, page.c.key == decision.c.subject)
        .join(portal, portal.c.id == page.c.portal_id)
        .where(decision.c.verb.in_(list(verbs)))
        .order_by(decision.c.at.desc(), decision.c.id.desc())
    )
    if ref is not None:
        query = query.where(page.c.key == resolve(session, ref).page["key"])
    rows = session.execute(query).mappings().all()
    if "star" in verbs:  # the last word about each page counts
        last = {row["subject"]: row for row in reversed(rows)}
        rows = [row for row in rows if last[row["subject"]] is row and row["verb"] == "star"]
    return [
        DecisionRow(
            at=local(row["at"], row["tz"]),
            who=row["who"],
            verb=row["verb"],
            page=row["key"],
            url=row["url"],
            headline=row["headline"],
            reason=row["reason"],
        )
        for row in rows
    ]


def furniture(session: Session, portal: str | None = None) -> list[FurnitureRow]:
    """Slots that are or were muted, learned or decided, with how many changes each mutes."""
    noise, portals, change = map(table, ("noise", "portal", "change"))
    mine = (change.c.portal_id == noise.c.portal_id) & (change.c.muted == noise.c.slot) & noise.c.until.is_(None)
    count = select(func.count()).where(mine).correlate(noise).scalar_subquery()
    query = (
        select(noise, portals.c.slug, portals.c.tz, count.label("changes"))
        .join(portals, portals.c.id == noise.c.portal_id)
        .order_by(portals.c.slug, noise.c.since.desc(), noise.c.slot)
    )
    if portal is not None:
        query = query.where(portals.c.slug == portal)
    return [
        FurnitureRow(
            portal=row["slug"],
            slot=row["slot"],
            why=row["why"],
            since=local(row["since"], row["tz"]),
            until=local(row["until"], row["tz"]),
            changes=row["changes"],
        )
        for row in session.execute(query).mappings()
    ]


def changed_slots(session: Session, ref: str) -> tuple[str, list[str]]:
    """The portal of a page and the slots that changed in the version asked for (default: in its last edit)."""
    asked = resolve(session, ref)
    change, version = table("change"), table("version")
    query = (
        select(change.c.ops)
        .join(version, version.c.id == change.c.to_id)
        .where(change.c.page_id == asked.page["id"], version.c.rules_id == asked.page["rules_id"], change.c.kind == "edited")
        .order_by(version.c.n.desc())
        .limit(1)
    )
    if asked.last is not None:
        query = query.where(version.c.n == asked.last["n"])
    ops = session.execute(query).scalar()
    if not ops:
        raise NotFound(f"{ref} has no edit to mute", hint=f"onrecord log {asked.page['key']}", code="change.missing")
    return asked.page["portal"], sorted(slots_of(ops))
