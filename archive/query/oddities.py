"""What dates and lists give away: articles dated back or ahead, and articles that their list dropped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any, Literal, TypedDict, get_args
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from archive.query.rows import local, table

OddityKind = Literal["back-dated", "future-dated", "dropped"]
ODDITIES: tuple[OddityKind, ...] = get_args(OddityKind)


class OddityRow(TypedDict):
    """A line of `oddities`: `stated` is the day the page names, `days` how far that is from when it was first seen."""

    kind: str
    portal: str
    page: str
    url: str
    headline: str | None
    stated: str | None
    seen_at: datetime | None
    days: int | None
    list_url: str | None
    why: str


def oddities(
    session: Session, *, kinds: Collection[str] | None = None, portal: str | None = None, limit: int | None = None
) -> list[OddityRow]:
    """Articles whose stated day contradicts what was seen, and live articles missing from their list; newest first.

    Back-dated: a list that already reached back to the stated day did not show the article at an earlier look.
    Future-dated: the stated day lies after the day on which the article was first seen.
    Dropped: the list shows older articles still, which it showed beside this one, but not this one any more.
    """
    pages = {row["id"]: row for row in _pages(session, portal)}
    lists = _lists(session, pages)
    found = [*_future(pages.values()), *_back(pages, lists), *_dropped(pages, lists)]
    rows = [row for row in found if not kinds or row["kind"] in kinds]
    rows.sort(key=lambda row: row["seen_at"].timestamp() if row["seen_at"] else 0.0, reverse=True)
    return rows[:limit] if limit else rows


def _pages(session: Session, portal: str | None) -> list[RowMapping]:
    """Articles with the headline and stated day of their first text."""
    page, portals, version, reading = map(table, ("page", "portal", "version", "reading"))
    first = (
        select(version.c.id)
        .where(version.c.page_id == page.c.id, version.c.rules_id == page.c.rules_id, version.c.reading_id.is_not(None))
        .order_by(version.c.n)
        .limit(1)
        .correlate(page)
        .scalar_subquery()
    )
    query = (
        select(
            page, portals.c.slug.label("portal"), portals.c.tz, version.c.first_at, reading.c.headline, reading.c.published_on
        )
        .join(portals, portals.c.id == page.c.portal_id)
        .join(version, version.c.id == first)
        .join(reading, reading.c.id == version.c.reading_id)
        .where(page.c.role == "article")
    )
    if portal is not None:
        query = query.where(portals.c.slug == portal)
    return list(session.execute(query).mappings())


def _lists(session: Session, pages: Collection[int]) -> dict[int, list[RowMapping]]:
    """The sightings of each list, with the times of its first and last look at each."""
    sighting, hub, visit = table("sighting"), table("page"), table("visit")
    first, last = visit.alias("first_look"), visit.alias("last_look")
    query = (
        select(sighting, hub.c.url.label("list_url"), first.c.at.label("first_at"), last.c.at.label("last_at"))
        .join(hub, hub.c.id == sighting.c.hub_id)
        .join(first, first.c.id == sighting.c.first_visit)
        .join(last, last.c.id == sighting.c.last_visit)
        .where(sighting.c.page_id.is_not(None))
    )
    found: dict[int, list[RowMapping]] = defaultdict(list)
    for row in session.execute(query).mappings():
        if row["page_id"] in pages:
            found[row["hub_id"]].append(row)
    return found


def _future(pages: Collection[RowMapping]) -> Iterator[OddityRow]:
    for page in pages:
        stated = _day(page["published_on"])
        if stated is not None and (ahead := (stated - _local_day(page["first_at"], page["tz"])).days) > 0:
            why = f"dated {ahead} {'day' if ahead == 1 else 'days'} after it was first seen"
            yield _row("future-dated", page, page["first_at"], ahead, None, why)


def _back(pages: dict[int, RowMapping], lists: dict[int, list[RowMapping]]) -> Iterator[OddityRow]:
    told: set[int] = set()
    for shown in lists.values():
        for row in shown:
            page = pages[row["page_id"]]
            stated = _day(page["published_on"])
            looks = [at for other in shown for at in (other["first_at"], other["last_at"]) if at < row["first_at"]]
            if stated is None or not looks or page["id"] in told:
                continue
            before = max(looks)
            behind = (_local_day(before, page["tz"]) - stated).days
            reached = any(
                other["first_at"] <= before <= other["last_at"]
                and (day := _day(pages[other["page_id"]]["published_on"])) is not None
                and day < stated
                for other in shown
            )
            if behind > 0 and reached:
                told.add(page["id"])
                why = f"dated {behind} {'day' if behind == 1 else 'days'} before a look at its list that did not show it"
                yield _row("back-dated", page, row["first_at"], -behind, row["list_url"], why)


def _dropped(pages: dict[int, RowMapping], lists: dict[int, list[RowMapping]]) -> Iterator[OddityRow]:
    for shown in lists.values():
        latest = max(row["last_at"] for row in shown)
        kept = {row["page_id"] for row in shown if row["last_at"] == latest}
        for row in {row["page_id"]: row for row in sorted(shown, key=lambda row: row["last_at"])}.values():
            page = pages[row["page_id"]]
            stated = _day(page["published_on"])
            if row["page_id"] in kept or page["state"] != "live" or stated is None:
                continue
            older = any(
                other["last_at"] == latest
                and other["first_at"] <= row["last_at"]
                and (day := _day(pages[other["page_id"]]["published_on"])) is not None
                and day < stated
                for other in shown
            )
            if older:
                yield _row(
                    "dropped", page, row["last_at"], None, row["list_url"], "its list shows older articles, but not this one"
                )


def _row(kind: OddityKind, page: RowMapping, at: datetime, days: int | None, list_url: str | None, why: str) -> OddityRow:
    told: Any = {"kind": kind, "portal": page["portal"], "page": page["key"], "url": page["url"], "headline": page["headline"]}
    told |= {"stated": page["published_on"], "seen_at": local(at, page["tz"]), "days": days, "list_url": list_url, "why": why}
    row: OddityRow = told
    return row


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def _local_day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()
