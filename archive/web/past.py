"""The time machine: a portal as it stood on a day, home page, listings, sections and articles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from archive import query, references
from archive.errors import NotFound, UsageError
from archive.output.times import zone
from archive.web.asked import Asked
from archive.web.view import View

KEYS = (
    "page",
    "version",
    "url",
    "headline",
    "inLanguage",
    "datePublished",
    "sections",
    "state",
    "since",
    "seen_before",
    "seen_after",
)
HUBS = 50  # listings on a page; the JSON twin has all


def past(asked: Asked, session: Session) -> View:
    """A portal at an instant, its articles in the version then in force; a day means its end, in the portal's time."""
    slug = asked.path["portal"]
    query.check_names(session, portal=slug)
    portal = next((row for row in asked.remembered(session, query.portals) if row["portal"] == slug), None)
    if portal is None:
        raise NotFound(f"no portal {slug!r}")
    words = asked.path.get("date") or asked.text("date")
    if not words:
        raise UsageError("a day is wanted", hint=f"/portals/{slug}/at/2018-11-27")
    at = references.until(words, now=datetime.now(UTC), zone=zone(portal["timezone"]))
    section = asked.section(session, slug)
    limits = {"limit": asked.window.limit, "offset": asked.window.offset}
    rows, more = asked.window.cut(asked.remembered(session, query.as_of, portal=slug, at=at, section=section, **limits))
    then: dict[str, Any] = {"portal": slug, "at": at}
    if asked.format != "csv":  # which has the articles only
        then["spread"] = asked.remembered(session, query.spread, portal=slug, at=at)
        then |= asked.remembered(session, query.front_pages, portal=slug, at=at)
        then["sections"] = asked.remembered(session, query.sections_at, portal=slug, at=at)
    return View(
        "past.html",
        f"{portal['name']} at {words}",
        {**then, "articles": rows},
        {**then, "portal": portal, "rows": rows, "more": more, "shown": HUBS, "chosen": section, "apart": _apart(then)},
        rows=rows,
        keys=KEYS,
    )


def _apart(then: Mapping[str, Any]) -> float | None:
    """Seconds between the first and the last look that the view is put together from."""
    ends = then.get("spread")
    return (ends["last"] - ends["first"]).total_seconds() if ends and ends["first"] and ends["last"] else None
