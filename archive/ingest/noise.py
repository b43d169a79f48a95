"""Furniture learned at a run's end: slots that change on and on are muted, also in the changes already told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from archive.diffing import Compared, learn, muting_slot, significance, slots_of
from archive.ingest.rows import Row, insert_rows, table, update_rows

BY_FILE = "noise rule"  # muted by a pattern of the portal file, not by a slot
_HISTORY = 5000  # newest changes of a portal that are learned from


def learn_from(connection: Connection, portal_id: int, now: datetime) -> frozenset[str]:
    """Learn new slots from the portal's changes and mute what lies in them; returns the slots that are new."""
    noise, version = table("noise"), table("version")
    rows = _newest(connection, portal_id)
    if not rows:
        return frozenset()
    pages = {row["page_id"] for row in rows}
    visits: dict[int, int] = dict(
        connection.execute(
            select(version.c.page_id, func.sum(version.c.visits))
            .where(version.c.page_id.in_(pages))
            .group_by(version.c.page_id)
        ).all()
    )
    by_page: dict[int, list[frozenset[str]]] = {}
    for row in rows:
        by_page.setdefault(row["page_id"], []).append(slots_of(row["ops"]))
    history = [Compared(str(page), int(visits.get(page) or 1) - 1, tuple(slots)) for page, slots in by_page.items()]
    stored = set(connection.execute(select(noise.c.slot).where(noise.c.portal_id == portal_id)).scalars())
    again = _seen_again(connection, portal_id)
    found = {
        slot: why for slot, why in learn(history, pages=again).items() if slot not in stored
    }  # a slot taken back is not learned again
    new: list[Row] = [
        {"portal_id": portal_id, "slot": slot, "why": why, "since": now, "until": None} for slot, why in sorted(found.items())
    ]
    insert_rows(connection, "noise", new)
    mute_again(connection, portal_id, rows)
    return frozenset(found)


def _seen_again(connection: Connection, portal_id: int) -> int:
    """How many articles of the portal were looked at more than once."""
    page, version = table("page"), table("version")
    visited = (
        select(version.c.page_id)
        .join(page, page.c.id == version.c.page_id)
        .where(page.c.portal_id == portal_id, page.c.role == "article")
        .group_by(version.c.page_id)
        .having(func.sum(version.c.visits) > 1)
        .subquery()
    )
    return int(connection.execute(select(func.count()).select_from(visited)).scalar_one())


def mute_again(connection: Connection, portal_id: int, rows: list[Row] | None = None) -> None:
    """Judge the portal's newest changes by the slots now in force: a new one mutes, one taken back unmutes."""
    noise = table("noise")
    active = noise.c.portal_id == portal_id, noise.c.until.is_(None)
    slots = frozenset(connection.execute(select(noise.c.slot).where(*active)).scalars())
    judged = []
    for row in _newest(connection, portal_id) if rows is None else rows:
        slot = muting_slot(row["ops"], slots)
        if slot == row["muted"] or row["muted"] == BY_FILE:
            continue
        score, why = significance(row["ops"]) if slot is None else (0.0, f"muted: {slot}")
        judged.append(row | {"muted": slot, "why": why, "score": score})
    update_rows(connection, "change", judged, ("muted", "why", "score"))


def _newest(connection: Connection, portal_id: int) -> list[Row]:
    change = table("change")
    query = select(change).where(change.c.portal_id == portal_id, change.c.kind == "edited")
    return [dict(row) for row in connection.execute(query.order_by(change.c.at.desc()).limit(_HISTORY)).mappings()]
