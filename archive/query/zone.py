"""Whose days are meant where a view counts or names days?"""

from __future__ import annotations

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.query.rows import table


def zone_of(session: Session, portal: str | None = None) -> tzinfo:
    """The zone of the portal where one is chosen, else that which all portals share, else UTC; also UTC where it is unknown."""
    portals = table("portal")
    query = select(portals.c.tz).distinct()
    zones = session.execute(query.where(portals.c.slug == portal) if portal is not None else query).scalars().all()
    try:
        return ZoneInfo(zones[0]) if len(zones) == 1 else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
