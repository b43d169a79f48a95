"""A change as an entry of a feed: an id that never changes, what happened, and the words themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import urlsplit

from archive.diffing.views import as_html
from archive.instants import to_microseconds

MOST_BLOCKS = 20  # of one change; the rest is behind the link
_WORDS = {
    "new": "New",
    "edited": "Edited",
    "moved": "Moved",
    "replaced": "Replaced",
    "gone": "Not served any more",
    "back": "Served again",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One change."""

    id: str  # a tag: URI (RFC 4151)
    title: str
    link: str
    html: str
    text: str
    updated: datetime  # when the change was captured
    external: str  # the page itself
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A list of changes under a name. `address` is that of the page, `own` that of the feed without its suffix."""

    title: str
    address: str
    own: str
    entries: Sequence[Entry]
    query: str = ""

    @property
    def updated(self) -> datetime:
        """The newest change's time."""
        return max((entry.updated for entry in self.entries), default=datetime(1970, 1, 1, tzinfo=UTC))


def entry(change: Mapping[str, Any], base: str) -> Entry:
    """The entry of a line of `changes` (asked with its blocks), with links into the viewer at `base`."""
    kind, at = change["kind"], change["detected_at"]
    host = urlsplit(change["url"]).hostname or "onrecord.invalid"
    words = f" (+{change['words_added']} −{change['words_removed']} words)" if kind == "edited" else ""
    what = f"{_WORDS[kind]}{words}"
    if kind == "moved" and change["from_url"]:
        what += f" from {change['from_url']} to {change['url']}"
    told = f"{what}: {', '.join(change['fields'])}" if change["fields"] else what
    return Entry(
        # By the instant, not by the version's number: what is told again under other rules may be numbered otherwise.
        id=f"tag:{host},{at.astimezone(UTC):%Y-%m-%d}:onrecord/{change['page']}/{kind}/{to_microseconds(at)}",
        title=f"{_WORDS[kind]}: {change['headline'] or change['url']}",
        link=base + change_path(change),
        html=_html(change, told),
        text=told,
        updated=at,
        external=change["url"],
        categories=(kind, *change["sections"]),
    )


def change_path(change: Mapping[str, Any]) -> str:
    """Where the viewer shows a change: its comparison where it has two sides, else the page."""
    if change["from"] and change["to"] and change["kind"] in ("edited", "replaced", "back"):
        return f"/pages/{change['page']}/diff/{change['from']}..{change['to']}"
    if change["kind"] == "moved" and change.get("from_page"):
        return f"/pages/{change['page']}/moved/{change['from_page']}"
    return f"/pages/{change['page']}"


def _html(change: Mapping[str, Any], told: str) -> str:
    blocks = change.get("blocks") or [] if change["kind"] == "edited" else []
    parts = [f"<p>{escape(told)}</p>"]
    for block in blocks[:MOST_BLOCKS]:
        where = f"¶{block['para']}" if block["field"] == "body" else str(block["field"])
        parts.append(f"<p><b>{escape(where)}</b> {as_html(block)}</p>")
    if len(blocks) > MOST_BLOCKS:
        parts.append(f"<p>{len(blocks) - MOST_BLOCKS} more</p>")
    if change["why"]:
        parts.append(f"<p>{escape(change['why'])}</p>")
    return "\n".join(parts)
