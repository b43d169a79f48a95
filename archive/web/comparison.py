"""What changed between two versions: in place, side by side, what was removed, links, other fields, the raw bytes."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from archive import query
from archive.diffing.views import unified
from archive.errors import UsageError
from archive.web.asked import Asked
from archive.web.view import View

VIEWS = {
    "inline": "In place",
    "side": "Side by side",
    "removed": "Removed text",
    "links": "Links",
    "meta": "Other fields",
    "raw": "Source",
}
_ONLY = {"links": ("links", "images", "attachments", "blocks"), "meta": ("headline", "dates", "authors")}
RAW_LIMIT = 400_000  # characters of a unified diff that a page shows


def comparison(asked: Asked, session: Session) -> View:
    """Two versions of a page beside each other."""
    return _compared(asked, session, asked.path["versions"])


def choose(asked: Asked, session: Session) -> View:
    """The same, its two versions from a form."""
    first, second = asked.text("from"), asked.text("to")
    if not first or not second:
        raise UsageError("two versions are compared: from and to", hint="choose both in the form")
    return _compared(asked, session, f"{first}..{second}")


def _compared(asked: Asked, session: Session, versions: str) -> View:
    ref = asked.path["ref"]
    view = (asked.words("view", tuple(VIEWS)) or ("inline",))[0]
    row = query.diff(session, ref, versions)
    listed = query.page(session, ref)
    if view in _ONLY and asked.format == "json":
        row["fields"] = [name for name in row["fields"] if name in _ONLY[view]]
        row["blocks"] = [block for block in row["blocks"] if block["field"] in _ONLY[view]]
    blocks = [block for block in row["blocks"] if block["field"] in _ONLY.get(view, (block["field"],))]
    absent = {side["side"]: side for side in row["absent"]}
    old, new = ((absent.get(side) or row[side])["n"] for side in ("from", "to"))
    shown: dict[str, Any] = {
        "page": listed,
        "row": row,
        "view": view,
        "views": VIEWS,
        "blocks": blocks,
        "absent": absent,
        "old": old,
        "new": new,
        "versions": query.history(session, listed["page"]),
        "here": f"/pages/{listed['page']}/diff/{old}..{new}",
        "raw": None,
        "cut": False,
    }
    if view == "raw" and asked.format == "html":
        text = unified(*_texts(query.two_texts(session, asked.workspace, ref, versions, raw=True)))
        shown |= {"raw": text[:RAW_LIMIT].splitlines(), "cut": len(text) > RAW_LIMIT}
    return View("diff.html", f"{listed['headline'] or listed['url']}: @{old} and @{new}", row, shown)


def _texts(sides: tuple[query.Side, query.Side]) -> tuple[str, str, str, str]:
    old, new = sides
    return old.text, new.text, old.label, new.label
