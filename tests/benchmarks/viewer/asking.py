"""The addresses that readers ask for, by kind of page, drawn from an archive with a seed."""

from __future__ import annotations

import random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import database
from archive.query.rows import table
from archive.workspace import Workspace
from tests.benchmarks.crawl.workload import vocabulary


def kinds(made: Workspace, count: int) -> dict[str, list[str]]:
    """`count` addresses of each kind, different ones where the kind has so many."""
    rng = random.Random("asking")
    with database.session(made, readonly=True) as session:
        slugs = list(session.execute(select(table("portal").c.slug)).scalars())
        pages = _pages(session, rng, count)
        edited = _edited(session, rng, count)
        captures = _captures(session, rng, count)
        busiest = _busiest(session)
    rare, common = (
        [vocabulary(lang)[500:] for lang in ("en", "ru", "az")],
        [vocabulary(lang)[:60] for lang in ("en", "ru", "az")],
    )
    rarely = [rng.choice(rng.choice(rare)) for _ in range(count)]
    two = [f"{rng.choice(words)}+{rng.choice(words)}" for words in (rng.choice(common) for _ in range(count))]
    dates = [f"2025-{rng.randint(2, 11):02d}-{rng.randint(1, 28):02d}" for _ in range(count)]
    sections = ["News", "Politics", "Economy", "Society", "Foreign%20press"]

    def each(pattern: str) -> list[str]:
        return [
            pattern.format(
                slug=rng.choice(slugs),
                section=rng.choice(sections),
                page=pages[at % len(pages)],
                edited=edited[at % len(edited)],
                date=dates[at],
                capture=captures[at % len(captures)],
                rare=rarely[at],
                two=two[at],
                common=rng.choice(rng.choice(common)[:40]),
                busiest=busiest,
                n=rng.randint(1, 20),
            )
            for at in range(count)
        ]

    return {
        "home": each("/"),
        "portal": each("/portals/{slug}"),
        "portal by section": each("/portals/{slug}?section={section}"),
        "portal, what is gone": each("/portals/{slug}?state=gone"),
        "portal, page 20": each("/portals/{slug}?page={n}"),
        "time machine": each("/portals/{slug}/at/{date}"),
        "article": each("/pages/{page}"),
        "article, edited": each("/pages/{edited}"),
        "article, busiest": each("/pages/{busiest}"),
        "log": each("/pages/{edited}/log"),
        "difference": each("/pages/{edited}/diff/1..2"),
        "difference, side": each("/pages/{edited}/diff/1..2?view=side"),
        "difference, source": each("/pages/{edited}/diff/1..2?view=raw"),
        "search, a rare word": each("/search?q={rare}"),
        "search, a common word": each("/search?q={common}"),
        "search, two common": each("/search?q={two}"),
        "search, by rank": each("/search?q={two}&sort=rank"),
        "search, what is gone": each("/search?q={common}&gone=1"),
        "search, a portal": each("/search?q={common}&portal={slug}"),
        "changes": each("/changes"),
        "changes, page 20": each("/changes?page={n}"),
        "changes, edits": each("/changes?kind=edited&portal={slug}&min_words=2"),
        "changes, fields": each("/changes?fields=headline"),
        "changes, a section": each("/changes?section={section}"),
        "changes, with words": each("/changes?patch=1&kind=edited"),
        "changes, a day": each("/changes?since={date}&until={date}"),
        "changes as a feed": each("/changes.atom?portal={slug}&limit=50"),
        "gone": each("/gone"),
        "runs": each("/runs"),
        "figures": each("/stats?portal={slug}"),
        "about": each("/-/about"),
        "replay": each("/web/{capture}"),
        "time map": [f"/timemap/link/{one.partition('/')[2]}" for one in captures],
        "index": [f"/cdx?url={one.partition('/')[2]}" for one in captures],
        "article as JSON": each("/pages/{edited}.json"),
    }


def _pages(session: Session, rng: random.Random, count: int) -> list[str]:
    page = table("page")
    keys = list(session.execute(select(page.c.key).where(page.c.role == "article", page.c.first_seen.is_not(None))).scalars())
    return rng.sample(keys, min(count, len(keys)))


def _edited(session: Session, rng: random.Random, count: int) -> list[str]:
    page, change = table("page"), table("change")
    query = select(page.c.key).join(change, change.c.page_id == page.c.id).where(change.c.kind == "edited").distinct()
    keys = list(session.execute(query).scalars())
    return rng.sample(keys, min(count, len(keys)))


def _busiest(session: Session) -> str:
    page, version = table("page"), table("version")
    query = select(page.c.key).join(version, version.c.page_id == page.c.id).order_by(version.c.n.desc()).limit(1)
    return session.execute(query).scalar_one()


def _captures(session: Session, rng: random.Random, count: int) -> list[str]:
    capture = table("capture")
    top: Any = session.execute(select(capture.c.id).order_by(capture.c.id.desc()).limit(1)).scalar_one()
    chosen = [rng.randint(1, top) for _ in range(count)]
    rows = session.execute(select(capture.c.url, capture.c.at).where(capture.c.id.in_(chosen)))
    return [f"{row.at:%Y%m%d%H%M%S}/{row.url}" for row in rows]
