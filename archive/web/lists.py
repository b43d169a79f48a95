"""The pages that are lists: changes, pages that are missing, runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from archive import query
from archive.cli.changes import GONE_KEYS
from archive.cli.changes import KEYS as CHANGE_KEYS
from archive.cli.runs import KEYS as RUN_KEYS
from archive.feeds import Feed, entry
from archive.web.asked import Asked
from archive.web.openapi import filters_of
from archive.web.view import View

KINDS = ("new", "edited", "moved", "replaced", "gone", "back")
FIELDS = ("headline", "body", "dates", "authors", "links", "images", "attachments", "blocks")
DECLARED = ("yes", "no", "unknown")


def changes(asked: Asked, session: Session) -> View:
    """What was edited, moved or taken down, newest first."""
    asked.only(filters_of("/changes.json"))
    portal, section = where(asked, session)
    kinds, fields = asked.words("kind", KINDS), asked.words("fields", FIELDS)
    declared = asked.words("declared", DECLARED)
    patch, feed = asked.text("patch") is not None, asked.format in ("atom", "feed.json")
    since, until = asked.period(session, portal)
    ask = partial(asked.remembered, session, query.changes) if since is None else partial(query.changes, session)
    found = ask(
        portal=portal,
        section=section,
        kinds=kinds,
        fields=fields,
        min_words=asked.number("min_words", 0, 1_000_000) if asked.text("min_words") else None,
        min_significance=asked.share("min_significance"),
        declared=declared,
        muted=asked.text("muted") is not None,
        blocks=patch or feed,
        limit=asked.window.limit,
        offset=asked.window.offset,
        since=since,
        until=until,
    )
    rows, more = asked.window.cut(found)
    portals = query.portal_names(session)
    return View(
        "changes.html",
        "Changes",
        rows,
        {
            "rows": rows,
            "more": more,
            "patch": patch,
            "kinds": KINDS,
            "fields": FIELDS,
            "declared": DECLARED,
            "portals": portals,
            "several": len(portals) > 1,
            "chosen": {
                "portal": portal,
                "section": section,
                "kind": kinds or (),
                "fields": fields or (),
                "declared": declared or (),
            },
        },
        rows=rows,
        keys=CHANGE_KEYS,
        feed=feed_of(asked, _feed_title(portal, section, kinds, declared), rows),
    )


def gone(asked: Asked, session: Session) -> View:
    """Pages that are not served any more; their last good version stays readable."""
    asked.only(filters_of("/gone.json"))
    portal, section = where(asked, session)
    state = asked.words("state", ("suspected", "gone"))
    limits = {"limit": asked.window.limit, "offset": asked.window.offset}
    rows, more = asked.window.cut(asked.remembered(session, query.gone, portal=portal, section=section, state=state, **limits))
    told: list[Any] = []
    if asked.format in ("atom", "feed.json"):
        told = query.changes(session, portal=portal, section=section, kinds=("gone", "back"), blocks=True, limit=200)
    chosen = {"portal": portal, "state": state or ()}
    return View(
        "gone.html",
        "Gone",
        rows,
        {"rows": rows, "more": more, "chosen": chosen, "portals": query.portal_names(session)},
        rows=rows,
        keys=GONE_KEYS,
        feed=feed_of(asked, "Pages taken down", told),
    )


def runs(asked: Asked, session: Session) -> View:
    """Crawls and other runs, and how they ended."""
    asked.only(filters_of("/runs.json"))
    portal, _ = where(asked, session)
    rows, more = asked.window.cut(
        asked.remembered(session, query.runs, portal=portal, limit=asked.window.limit, offset=asked.window.offset)
    )
    return View("runs.html", "Runs", rows, {"rows": rows, "more": more}, rows=rows, keys=RUN_KEYS)


def where(asked: Asked, session: Session) -> tuple[str | None, str | None]:
    """The portal and the section asked for; NotFound where one is unknown."""
    portal = asked.text("portal")
    return portal, asked.section(session, portal)


def feed_of(asked: Asked, title: str, changes: Sequence[Mapping[str, Any]]) -> Feed:
    """A list of changes as the feed of this page."""
    suffix = f"?{asked.request.url.query}" if asked.request.url.query else ""
    path = asked.request.url.path
    entries = [entry(change, asked.base) for change in changes] if asked.format in ("atom", "feed.json") else []
    return Feed(title, f"{asked.base}{path}{suffix}", asked.base + ("/index" if path == "/" else path), entries, suffix)


def _feed_title(portal: str | None, section: str | None, kinds: Sequence[str] | None, declared: Sequence[str] | None) -> str:
    quiet = "not declared by the page" if declared == ("no",) else None
    of = ", ".join(filter(None, [portal, section, *(kinds or ()), quiet]))
    return f"Changes: {of}" if of else "Changes"
