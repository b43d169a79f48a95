"""Furniture learned at a run's end: slots that change on and on are muted, also in the changes already told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from archive.diffing import Compared, learn, muting_slot, slots_of
from archive.ingest.rows import Row, insert_rows, table, update_rows

_HISTORY = 5000  # newest changes of a portal that are learned from


def learn_from(connection: Connection, portal_id: int, now: datetime) -> frozenset[str]:
    """Learn new slots from the portal's changes and mute what lies in them; returns the slots that are new."""
    change, noise, version = table("change"), table("noise"), table("version")
    query = (
        select(change)
        .where(change.c.portal_id == portal_id, change.c.kind == "edited")
        .order_by(change.c.at.desc())
        .limit(_HISTORY)
    )
    rows = [dict(row) for row in connection.execute(query).mappings()]
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
    found = {slot: why for slot, why in learn(history).items() if slot not in stored}  # a slot taken back is not learned again
    new: list[Row] = [
        {"portal_id": portal_id, "slot": slot, "why": why, "since": now, "until": None} for slot, why in sorted(found.items())
    ]
    insert_rows(connection, "noise", new)
    if found:
        _mute(connection, rows, frozenset(found) | frozenset(stored))
    return frozenset(found)


def _mute(connection: Connection, rows: list[Row], slots: frozenset[str]) -> None:
    muted = []
    for row in rows:
        slot = muting_slot(row["ops"], slots) if row["muted"] is None else None
        if slot is not None:
            row |= {"muted": slot, "why": f"muted: {slot}", "score": 0.0}
            muted.append(row)
    update_rows(connection, "change", muted, ("muted", "why", "score"))
