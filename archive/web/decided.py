"""What people decided about this archive's pages: stars, notes, and the furniture that is muted."""

from __future__ import annotations

from sqlalchemy.orm import Session

from archive import query
from archive.cli.decide import KEYS
from archive.web.asked import Asked
from archive.web.view import View


def decided(asked: Asked, session: Session) -> View:
    """All of it; made by the command line, shown here."""
    stars = query.decisions(session, ("star", "unstar"))
    notes = query.decisions(session, ("note",))
    furniture = asked.remembered(session, query.furniture)
    rows = sorted([*stars, *notes], key=lambda row: str(row["at"]), reverse=True)
    data = {"stars": stars, "notes": notes, "furniture": furniture}
    return View("decided.html", "Stars and notes", data, data, rows=rows, keys=KEYS)
