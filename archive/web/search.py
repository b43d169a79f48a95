"""The search page: what was found, by what it can be narrowed, and the feed of what becomes of it."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from archive import query
from archive import search as full_text
from archive.cli.search import KEYS
from archive.web.asked import Asked
from archive.web.lists import feed_of, where
from archive.web.openapi import filters_of
from archive.web.view import View

FOUND = 100  # hits that facets are counted from
VALUES = 8  # of a facet
STATES = ("live", "suspected", "gone")
_SAID = {"lang": "language", "status": "state", "gone": "only text that is gone"}


class Choice(NamedTuple):
    """One value of a facet: how many hits have it, and the address with it, or without it where it is chosen."""

    value: str
    hits: int
    address: str
    chosen: bool


def search(asked: Asked, session: Session) -> View:
    """Every version of every article, also text that is gone."""
    asked.only(filters_of("/search.json"))
    words, lost = asked.text("q"), asked.text("gone") is not None
    portal, section = where(asked, session)
    year = asked.number("year", 0, 9999) or None
    since, until = asked.period(session, portal)
    filters: dict[str, Any] = {
        "portal": portal,
        "section": section,
        "lang": (asked.text("lang") or "").lower() or None,
        "year": year,
        "status": asked.words("status", STATES),
        "since": since,
        "until": until,
        "gone": lost,
    }
    sort = (asked.words("sort", ("newest", "rank")) or ("newest",))[0]
    context = {
        "portals": query.portal_names(session),
        "sections": asked.remembered(session, query.section_names, portal=portal) if asked.format == "html" else (),
        "states": STATES,
        "chosen": {**filters, "q": words or "", "status": filters["status"] or (), "sort": sort},
        "active": _active(asked, filters),
    }
    if words is None:
        return View("search.html", "Search", [], {**context, "hits": None, "more": False}, rows=[], keys=KEYS)
    start, stop = asked.window.offset, asked.window.offset + asked.window.limit
    found = full_text.find(session, words, **filters, sort=sort, limit=max(stop, FOUND + 1))  # type: ignore[arg-type]
    told = full_text.following(session, words, **filters) if asked.format in ("atom", "feed.json") else []
    shown = _counted(asked, session, found, filters, sort) if asked.format == "html" else {}
    rows, more = asked.window.cut(full_text.tell(session, found, start, stop, context=2))
    shown |= {"hits": rows, "more": more}
    title = f"Changes that took: {words}" if lost else f"Changes of texts with: {words}"
    return View(
        "search.html", f"Search: {words}", rows, {**context, **shown}, rows=rows, keys=KEYS, feed=feed_of(asked, title, told)
    )


def _active(asked: Asked, filters: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Of each filter in use: its name, its value as it was written, the address without it."""
    found = []
    for name, value in filters.items():
        if value:
            written = "" if name == "gone" else ", ".join(value) if name == "status" else asked.text(name) or ""
            found.append((_SAID.get(name, name), written, asked.address(**{name: None})))
    return found


def _counted(asked: Asked, session: Session, found: Any, filters: dict[str, Any], sort: str) -> dict[str, Any]:
    """Facets with their numbers, and what these are counted from: all hits, or the first of them that are told."""
    counted = full_text.facets(session, found, FOUND)
    over = len(found.pages) > FOUND
    facets = {"portal": counted.portal, "section": counted.section, "language": counted.lang}
    facets |= {"year": counted.year, "state": counted.state}
    return {
        "count": f"over {FOUND}" if over else str(counted.pages),
        "of": f"{'best' if sort == 'rank' else 'newest'} {FOUND}" if over else "",
        "lost": counted.gone,
        "facets": {
            name: made for name, counts in facets.items() if (made := _choices(asked, name, counts, filters, counted.pages))
        },
        "cut": full_text.CANDIDATES if found.cut else None,
    }


def _choices(asked: Asked, facet: str, counts: Counter[str], filters: dict[str, Any], pages: int) -> list[Choice]:
    """The values chosen, else the commonest; none where there is nothing to choose."""
    name = {"language": "lang", "state": "status"}.get(facet, facet)
    chosen = [str(value) for value in (filters[name] if name == "status" else [filters[name]]) or () if value]
    if not chosen and all(count == pages for count in counts.values()):
        return []
    if chosen:  # of the others only those pages were counted that have these too
        return [Choice(value, counts[value], asked.address(**{name: _without(chosen, value)}), True) for value in chosen]
    return [Choice(value, count, asked.address(**{name: value}), False) for value, count in counts.most_common(VALUES)]


def _without(chosen: list[str], value: str) -> str | None:
    return ",".join(other for other in chosen if other != value) or None
