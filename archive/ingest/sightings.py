"""What listings, feeds and sitemaps showed: which page, where, under which title and date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from archive.ingest.rows import Row, insert_rows, table, update_rows
from archive.records import Sighting
from archive.urls import urlkey

_AT_ONCE = 5000  # addresses in one query: a sitemap may name 50,000


def claim_sightings(connection: Connection, pages: Mapping[str, int]) -> None:
    """Listings showed these addresses (urlkey -> page id) before their pages were visited."""
    if not pages:
        return
    sighting = table("sighting")
    waiting = select(sighting).where(sighting.c.urlkey.in_(list(pages)), sighting.c.page_id.is_(None))
    rows = [dict(row) for row in connection.execute(waiting).mappings()]
    for row in rows:
        row["page_id"] = pages[row["urlkey"]]
    update_rows(connection, "sighting", rows, ("page_id",))


def note_sightings(connection: Connection, portal_id: int, hub: Row, visit_id: int, sightings: Sequence[Sighting]) -> None:
    """Keep what a hub showed: a new row for a new title, date or section, else the last visit and place move on."""
    for start in range(0, len(sightings), _AT_ONCE):
        _note_sightings(connection, portal_id, hub, visit_id, sightings[start : start + _AT_ONCE])


def _note_sightings(connection: Connection, portal_id: int, hub: Row, visit_id: int, sightings: Sequence[Sighting]) -> None:
    page, sighting = table("page"), table("sighting")
    keys = {item.url: urlkey(item.url) for item in sightings}
    wanted = list(set(keys.values()))
    targets = {
        key: number
        for number, key in connection.execute(
            select(page.c.id, page.c.urlkey).where(page.c.portal_id == portal_id, page.c.urlkey.in_(wanted))
        )
    }
    alias = table("alias")
    if missing := [key for key in wanted if key not in targets]:
        spelled = select(alias.c.urlkey, alias.c.page_id).join(page, page.c.id == alias.c.page_id)
        spelled = spelled.where(alias.c.urlkey.in_(missing), alias.c.why == "spelling", page.c.portal_id == portal_id)
        targets |= dict(connection.execute(spelled).all())
    known = {
        (row["urlkey"], row["section"], row["title"], row["stated_date"]): dict(row)
        for row in connection.execute(
            select(sighting).where(sighting.c.hub_id == hub["id"], sighting.c.urlkey.in_(wanted))
        ).mappings()
    }
    new: list[Row] = []
    again: list[Row] = []
    for item in sightings:
        name = (keys[item.url], item.section, item.title, item.stated_date)
        row = known.get(name)
        if row is None:
            row = {
                "page_id": targets.get(keys[item.url]),
                "hub_id": hub["id"],
                "urlkey": keys[item.url],
                "url": item.url,
                "section": item.section,
                "position": item.position,
                "title": item.title,
                "stated_date": item.stated_date,
                "first_visit": visit_id,
                "last_visit": visit_id,
            }
            known[name] = row
            new.append(row)
        elif "id" in row:
            row |= {"position": item.position, "last_visit": visit_id, "page_id": targets.get(keys[item.url], row["page_id"])}
            again.append(row)
    insert_rows(connection, "sighting", new)
    update_rows(connection, "sighting", again, ("position", "last_visit", "page_id"))
