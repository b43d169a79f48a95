"""What changed between two versions: in place, side by side, what was removed, links, other fields, the raw bytes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from archive import query
from archive.diffing.views import unified
from archive.errors import UsageError
from archive.web import around
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


def moved(asked: Asked, session: Session) -> View:
    """The last text at the old address of a page beside the one it moved to."""
    row = query.diff_of_move(session, asked.path["ref"], asked.path["old"])
    return _shown(asked, session, row, None)


def _compared(asked: Asked, session: Session, versions: str) -> View:
    return _shown(asked, session, query.diff(session, asked.path["ref"], versions), versions)


def _shown(asked: Asked, session: Session, row: dict[str, Any], versions: str | None) -> View:
    """A comparison as a page; without `versions` it is of a move, whose two sides are pages of their own."""
    views = VIEWS if versions else {name: words for name, words in VIEWS.items() if name != "raw"}
    view = (asked.words("view", tuple(views)) or ("inline",))[0]
    listed = query.page(session, row["page"])
    if view in _ONLY and asked.format == "json":
        row["fields"] = [name for name in row["fields"] if name in _ONLY[view]]
        row["blocks"] = [block for block in row["blocks"] if block["field"] in _ONLY[view]]
    blocks = [block for block in row["blocks"] if block["field"] in _ONLY.get(view, (block["field"],))]
    absent = {side["side"]: side for side in row["absent"]}
    old, new = ((absent.get(side) or row[side])["n"] for side in ("from", "to"))
    moves = query.moved_from(session, query.resolve(session, row["page"]).page) if versions is None else []
    shown: dict[str, Any] = {
        "page": listed,
        "row": row,
        "view": view,
        "views": views,
        "blocks": blocks,
        "absent": absent,
        "old": old,
        "new": new,
        "versions": query.history(session, listed["page"]),
        "here": f"/pages/{row['page']}/diff/{old}..{new}" if versions else f"/pages/{row['page']}/moved/{row['from']['page']}",
        "move": None if versions else next(one for one in moves if one["page"] == row["from"]["page"]),
        "before": row["from"].get("page", row["page"]),
        **_leads(session, row, listed),
        "raw": None,
        "cut": False,
    }
    if view == "raw" and asked.format == "html":
        text = unified(*_texts(query.two_texts(session, asked.workspace, row["page"], versions, raw=True)))
        shown |= {"raw": text[:RAW_LIMIT].splitlines(), "cut": len(text) > RAW_LIMIT}
    sides = f"@{old} and @{new}" if versions else "before and after it moved"
    return View("diff.html", f"{listed['headline'] or listed['url']}: {sides}", row, shown)


def _leads(session: Session, row: dict[str, Any], listed: Any) -> dict[str, Any]:
    """What a comparison leads on to. One of a move has no earlier change on its page."""
    old, new = row["from"]["n"], row["to"]["n"]
    versions = query.history(session, row["page"])
    newer = query.resolve(session, f"{row['page']}@{new}").last
    earlier, later = around.neighbours(versions, old if "page" not in row["from"] else 0, new)
    text = query.article_of(session, newer) if newer is not None else None
    return {
        "site": query.portal_names(session)[listed["portal"]],
        "versions": versions,
        "earlier": earlier,
        "later": later,
        "share": around.share(row["blocks"], text),
        "stamps": [_stamp(row[side]["captured_at"]) for side in ("from", "to")],
    }


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%d%H%M%S")


def _texts(sides: tuple[query.Side, query.Side]) -> tuple[str, str, str, str]:
    old, new = sides
    return old.text, new.text, old.label, new.label
