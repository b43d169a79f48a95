"""Is there a portal, a section of this name? A mistyped filter must not look like an empty answer."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.errors import NotFound
from archive.query.rows import table
from archive.query.sections import names


def check_names(session: Session, *, portal: str | None = None, section: str | None = None) -> str | None:
    """The section as it is spelled in the record; NotFound with the nearest name where it or the portal is unknown."""
    if portal is not None:
        check_portal(session, portal)
    return spelled(section, section_names(session, portal=portal)) if section is not None else None


def check_portal(session: Session, portal: str) -> None:
    """NotFound with the nearest name where the portal is unknown."""
    known = list(portal_names(session))
    if portal not in known:
        raise _unknown("portal", portal, known, "onrecord portal list")


def section_names(session: Session, *, portal: str | None = None) -> list[str]:
    """The names of sections: of those whose listings were seen (of a portal), and of those that articles name."""
    portals, sighting, page, reading = map(table, ("portal", "sighting", "page", "reading"))
    query = select(names(sighting.c.section).c.name)
    if portal is not None:
        query = select(sighting.c.section).distinct().join(page, page.c.id == sighting.c.hub_id)
        query = query.join(portals).where(portals.c.slug == portal)
    stated = select(names(reading.c.section).c.name)
    found = {*session.execute(query).scalars(), *session.execute(stated).scalars()}
    return sorted(name for name in found if name is not None)


def spelled(section: str, names: Sequence[str]) -> str:
    """The name as one of these is spelled, upper and lower case aside; NotFound with the nearest."""
    if section in names:
        return section
    found = next((name for name in names if name.lower() == section.lower()), None)
    if found is None:
        raise _unknown("section", section, names, "onrecord stats --by section")
    return found


def portal_names(session: Session) -> dict[str, str]:
    """The names of the portals by id, in the order of the ids."""
    portals = table("portal")
    rows = session.execute(select(portals.c.slug, portals.c.name).order_by(portals.c.slug))
    return {row.slug: row.name for row in rows}


def _unknown(what: str, name: str, known: Sequence[str], listing: str) -> NotFound:
    lowered = {item.lower(): item for item in known}
    near = [lowered[item] for item in difflib.get_close_matches(name.lower(), lowered, n=2, cutoff=0.5)]
    meant = f"; did you mean {' or '.join(near)}?" if near else ""
    return NotFound(f"no {what} {name!r} in this archive{meant}", hint=listing, code=f"{what}.missing")
