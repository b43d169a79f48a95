"""The time machine: a portal as it stood on a day."""

from __future__ import annotations

from datetime import UTC, datetime

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


def past(asked: Asked, session: Session) -> View:
    """Articles in the version in force at an instant; a day means its end, in the portal's time."""
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
    seen = [row["seen_before"] for row in rows if row["seen_before"]]
    return View(
        "past.html",
        f"{portal['name']} at {words}",
        rows,
        {
            "portal": portal,
            "at": at,
            "stamp": at.astimezone(UTC).strftime("%Y%m%d%H%M%S"),
            "rows": rows,
            "more": more,
            "first": min(seen, default=None),
            "last": max(seen, default=None),
            "sections": asked.remembered(session, query.sections, portal=slug),
            "chosen": section,
        },
        rows=rows,
        keys=KEYS,
    )
