"""One address of every kind of page that the viewer has for an archive, whatever the archive holds."""

from __future__ import annotations

from sqlalchemy import text

from archive import database, query
from archive.workspace import Workspace

VIEWS = ("inline", "side", "removed", "links", "meta", "raw")


def kinds(made: Workspace, word: str) -> list[str]:
    """Addresses of a portal with at least one edited page; `word` stands in some of its articles."""
    with database.session(made, readonly=True) as session:
        portal = query.portals(session)[0]
        edits = query.changes(session, kinds=("edited",))
        edited = max(edits, key=lambda change: change["to"])  # with the longest timeline
        languages = {page["inLanguage"]: page["page"] for page in query.pages(session)}
        unseen = session.execute(text("SELECT key FROM page WHERE id NOT IN (SELECT page_id FROM version) ORDER BY id LIMIT 1"))
        never = [f"/pages/{key}" for key in unseen.scalars()]  # listings and feeds: pages without a text
        moved = query.changes(session, kinds=("moved",), limit=1)
        missing = {row["state"]: row["page"] for row in query.gone(session)}
    slug, page = portal["portal"], edited["page"]
    day = edited["detected_at"].date()
    return [
        "/",
        f"/?since={day}",
        f"/portals/{slug}",
        f"/portals/{slug}?state=live",
        f"/portals/{slug}/at/{day}",
        f"/pages/{page}",
        f"/pages/{page}@1",
        *(f"/pages/{key}" for key in [*languages.values(), *missing.values()]),
        f"/pages/{page}/log",
        f"/pages/{page}/evidence",
        *(f"/pages/{page}/diff/1..{edited['to']}?view={view}" for view in VIEWS),
        f"/compare/{page}?from=1&to={edited['to']}",
        *never,
        *(f"/pages/{change['page']}/moved/{change['from_page']}" for change in moved),
        *(f"/pages/{change['from_page']}" for change in moved),
        "/search",
        f"/search?q={word}",
        f"/search?q={word}&gone=1",
        "/search?q=zebraquagga",
        "/changes",
        "/changes?patch=1&kind=edited&min_words=2",
        f"/changes?since={day}&until={day}",
        "/gone",
        "/decided",
        "/runs",
        "/stats",
        "/-/about",
        f"/web/2100/{edited['url']}",
        "/pages/ffffffff",
        "/changes?kind=none",
    ]
