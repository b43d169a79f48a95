"""The pages that are lists: changes, pages that are missing, search, runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from archive import query
from archive import search as full_text
from archive.cli.changes import GONE_KEYS
from archive.cli.changes import KEYS as CHANGE_KEYS
from archive.cli.runs import KEYS as RUN_KEYS
from archive.cli.search import KEYS as HIT_KEYS
from archive.feeds import Feed, entry
from archive.web.asked import Asked
from archive.web.view import View

KINDS = ("new", "edited", "moved", "replaced", "gone", "back")
FIELDS = ("headline", "body", "dates", "authors", "links", "images", "attachments", "blocks")
FOUND = 100  # hits that facets are counted from


def changes(asked: Asked, session: Session) -> View:
    """What was edited, moved or taken down, newest first."""
    portal, section = _where(asked, session)
    kinds, fields = asked.words("kind", KINDS), asked.words("fields", FIELDS)
    patch, feed = asked.text("patch") is not None, asked.format in ("atom", "feed.json")
    since, until = asked.period(session, portal)
    ask = partial(asked.remembered, session, query.changes) if since is None else partial(query.changes, session)
    found = ask(
        portal=portal,
        section=section,
        kinds=kinds,
        fields=fields,
        min_words=asked.number("min_words", 0, 1_000_000) if asked.text("min_words") else None,
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
            "portals": portals,
            "several": len(portals) > 1,
            "chosen": {"portal": portal, "section": section, "kind": kinds or (), "fields": fields or ()},
        },
        rows=rows,
        keys=CHANGE_KEYS,
        feed=feed_of(asked, _feed_title(portal, section, kinds), rows),
    )


def gone(asked: Asked, session: Session) -> View:
    """Pages that are not served any more; their last good version stays readable."""
    portal, section = _where(asked, session)
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


def search(asked: Asked, session: Session) -> View:
    """Every version of every article, also text that is gone."""
    words, context = asked.text("q"), {"portals": query.portal_names(session)}
    if words is None:
        chosen = {"q": "", "gone": False, "sort": "newest", "portal": None, "lang": None}
        return View(
            "search.html", "Search", [], {**context, "hits": None, "more": False, "chosen": chosen}, rows=[], keys=HIT_KEYS
        )
    portal, section = _where(asked, session)
    sort = (asked.words("sort", ("newest", "rank")) or ("newest",))[0]
    lang, lost = asked.text("lang"), asked.text("gone") is not None
    chosen = {"q": words, "gone": lost, "sort": sort, "portal": portal, "lang": lang}
    since, until = asked.period(session, portal)
    start, stop = asked.window.offset, asked.window.offset + asked.window.limit
    found = full_text.find(
        session,
        words,
        portal=portal,
        section=section,
        lang=lang,
        status=asked.words("status", ("live", "suspected", "gone")),
        gone=lost,
        sort=sort,  # type: ignore[arg-type]
        limit=max(stop, FOUND + 1),
        since=since,
        until=until,
    )
    told: list[Any] = []
    if asked.format in ("atom", "feed.json"):
        among = full_text.matching(session, words)
        told = query.changes(session, portal=portal, section=section, among=among, blocks=True, limit=100)
    shown: dict[str, Any] = {}
    if asked.format == "html":
        counted = full_text.facets(session, found, FOUND + 1)
        facets = {"portal": counted.portal, "lang": counted.lang, "year": counted.year}
        count = f"over {FOUND}" if counted.pages > FOUND else str(counted.pages)
        shown = {"count": count, "lost": counted.gone, "facets": facets, "cut": full_text.CANDIDATES if found.cut else None}
    rows, more = asked.window.cut(full_text.tell(session, found, start, stop, context=2))
    shown |= {"hits": rows, "more": more}
    return View(
        "search.html",
        f"Search: {words}",
        rows,
        {**context, **shown, "chosen": chosen},
        rows=rows,
        keys=HIT_KEYS,
        feed=feed_of(asked, f"Changes of texts with: {words}", told),
    )


def runs(asked: Asked, session: Session) -> View:
    """Crawls and other runs, and how they ended."""
    portal, _ = _where(asked, session)
    rows, more = asked.window.cut(
        asked.remembered(session, query.runs, portal=portal, limit=asked.window.limit, offset=asked.window.offset)
    )
    return View("runs.html", "Runs", rows, {"rows": rows, "more": more}, rows=rows, keys=RUN_KEYS)


def feed_of(asked: Asked, title: str, changes: Sequence[Mapping[str, Any]]) -> Feed:
    """A list of changes as the feed of this page."""
    suffix = f"?{asked.request.url.query}" if asked.request.url.query else ""
    path = asked.request.url.path
    entries = [entry(change, asked.base) for change in changes] if asked.format in ("atom", "feed.json") else []
    return Feed(title, f"{asked.base}{path}{suffix}", asked.base + ("/index" if path == "/" else path), entries, suffix)


def _where(asked: Asked, session: Session) -> tuple[str | None, str | None]:
    portal = asked.text("portal")
    return portal, asked.section(session, portal)


def _feed_title(portal: str | None, section: str | None, kinds: Sequence[str] | None) -> str:
    return "Changes: " + ", ".join(filter(None, [portal, section, *(kinds or ())])) if portal or section or kinds else "Changes"
