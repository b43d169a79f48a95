"""A page through time: what it says in a version, its versions, its links, its evidence, how to cite it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy.orm import Session

from archive import query
from archive.cli.log import KEYS as VERSION_KEYS
from archive.export.citations import STYLES, citable, coins
from archive.records import Block
from archive.web.asked import Asked
from archive.web.lists import feed_of
from archive.web.sheet import stamp
from archive.web.view import View

GROUPS = ("foreign_press", "citation", "related", "attachment", "translation", "body")
MOST_LINKS = 200


def article(asked: Asked, session: Session) -> View:
    """What a page says (in its newest version, or that of `ID@2`), and all its versions."""
    ref = asked.path["ref"]
    listed = query.page(session, ref)
    key = listed["page"]
    if not listed["versions"]:
        return View("unseen.html", listed["url"], listed, {"page": listed, "visits": list(query.visits(session, key))[-50:]})
    row = query.show(session, ref)
    if asked.format in ("json", "html"):
        row["versions"] = listed["versions"]
    gone = query.absence(session, ref)
    if gone is not None and asked.format in ("json", "html"):
        row["gone"] = gone
    versions = query.history(session, key)
    found = query.resolve(session, ref)
    told = query.changes(session, page=key, muted=True, blocks=True) if asked.format in ("atom", "feed.json") else []
    title = row["headline"] or row["url"]
    context = _drawn(asked, session, found, row, versions) if asked.format == "html" else {}
    return View(
        "article.html",
        title,
        row,
        {"page": listed, "row": row, "gone": gone, "gone_stamp": stamp(gone), "versions": versions, **context},
        rows=versions,
        keys=VERSION_KEYS,
        feed=feed_of(asked, f"Changes of {title}", told),
    )


def log(asked: Asked, session: Session) -> View:
    """Every version and every visit."""
    listed = query.page(session, asked.path["ref"])
    versions = query.history(session, listed["page"])
    visits = list(query.visits(session, listed["page"]))
    title = f"History: {listed['headline'] or listed['url']}"
    shown = {"page": listed, "versions": versions, "visits": visits[-500:], "more": len(visits) - 500}
    return View("log.html", title, versions, shown, rows=versions, keys=VERSION_KEYS)


def _drawn(asked: Asked, session: Session, found: query.Resolved, row: dict[str, Any], versions: list[Any]) -> dict[str, Any]:
    """What only the drawn page needs."""
    key, last = found.page["key"], query.last_content(session, found.page)
    picked = last if last["n"] == row["version"] else query.resolve(session, f"{key}@{row['version']}").last
    text = query.article_of(session, picked) if picked is not None else None
    newest = picked is last
    replaced = [version["version"] for version in versions if version["kind"] == "replaced"]
    since = max((n for n in replaced if n <= row["version"]), default=1)
    traced = query.blame(session, key) if newest and text is not None and len(versions) > 1 else []
    edited: dict[int, int] = defaultdict(int)
    for line in traced:
        if line["field"] == "body" and not line["gone"] and line["version"] > since:  # what another article said is no edit
            edited[line["para"]] = max(edited[line["para"]], line["version"])
    places = _places(text.blocks if text is not None else (), row["articleBody"])
    links = query.links(session, f"{key}@{row['version']}", limit=MOST_LINKS) if text is not None else []
    incoming = query.links(session, key, incoming=True, limit=50)
    near = [link["archived"] for link in links if link["kind"] == "translation" and link["archived"]]
    titles = query.headlines(session, [*near, *(f"{link['page']}@{link['version']}" for link in incoming)])
    evidence = row["evidence"]
    site = query.portal_names(session)[row["portal"]]
    of = citable(row, site, asked.base) if evidence is not None and evidence["sha256"] else None
    cited = {style: form(of) for style, form in STYLES.items()} if of is not None else {}
    came, went = query.moved_from(session, found.page), query.moved_to(session, found.page)
    moves = {move["version"]: f"/pages/{key}/moved/{move['page']}" for move in came}
    if went is not None and went["version"] is not None:
        moves[went["version"]] = f"/pages/{went['page']}/moved/{key}"
    return {
        "site": site,
        "came": came,
        "went": went,
        "moves": moves,
        "asked_for": found.last["n"] if found.last is not None else row["version"],
        "newest": newest,
        "paragraphs": [(block, para, edited.get(para, 1)) for block, para in places],
        "lost": [line for line in traced if line["gone"] and line["version"] >= since][:100],
        "since": since,
        "until": min((n for n in replaced if n > row["version"]), default=None),
        "titles": titles,
        "links": {kind: [link for link in links if link["kind"] == kind] for kind in GROUPS},
        "incoming": list({(link["page"], link["kind"]): link for link in incoming}.values()),
        "stars": query.decisions(session, ("star", "unstar"), key),
        "notes": query.decisions(session, ("note",), key),
        "stamp": stamp(row),
        "cited": cited,
        "coins": coins(of) if of is not None else None,
    }


def _places(blocks: tuple[Block, ...], body: str) -> list[tuple[Block, int]]:
    """The blocks of a text, each with the number of the paragraph of the plain text that it begins in."""
    if not blocks:
        return [(Block("paragraph", part), number) for number, part in enumerate(body.split("\n\n"), 1) if part.strip()]
    found, at = [], 0
    for block in blocks:
        place = body.find(block.text, at)
        if place >= 0:
            at = place + len(block.text)
        found.append((block, body.count("\n\n", 0, max(place, 0)) + 1))
    return found
