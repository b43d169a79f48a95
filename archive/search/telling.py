"""What is told of pages that were found: in which versions the words stand, and a stretch of text around them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypedDict

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from archive.query.rows import local, table
from archive.query.sections import sections_of
from archive.search.finding import Found, Match, holding, standing
from archive.search.moved import ends
from archive.search.snippet import snippet


class Hit(TypedDict):
    """A line of `search`: a page, and in which of its versions the words stand. `gone`: not in what is served now;
    `moved_to` and `moved_page`: where it is now, if it moved on. `seen_at`: when the newest of them that the filters let
    through was first seen; `newest` sorts by it."""

    page: str
    url: str
    headline: str | None
    portal: str
    versions: list[int]
    gone: bool
    snippet: str
    score: float | None
    state: str
    datePublished: str | None
    inLanguage: str | None
    of_versions: int
    seen_at: datetime
    moved_to: str | None
    moved_page: str | None


@dataclass(frozen=True, slots=True)
class Facets:
    """Of how many pages found which portals, sections, languages, years and states they are of, and on how many the words
    are gone."""

    pages: int
    portal: Counter[str]
    section: Counter[str]
    lang: Counter[str]
    year: Counter[str]
    state: Counter[str]
    gone: int


def tell(session: Session, found: Found, start: int = 0, stop: int | None = None, *, context: int = 1) -> list[Hit]:
    """The lines from place `start` up to `stop`; `context`: about how many lines of text are shown around the words."""
    pages = found.pages[start:stop]
    matches = _matches(session, found, pages)
    told = []
    for page, match, reading in zip(
        pages, matches, _readings(session, matches, ("headline", "body", "lang", "article")), strict=True
    ):
        article = reading.article or {}
        rest = [part for name in ("asides", "links", "images") for item in article.get(name, ()) for part in _texts_of(item)]
        candidates = [reading.body, reading.headline, article.get("description"), article.get("publisherNote"), *rest]
        scores = [found.hits[item.reading_id] for item in match.found if item.reading_id in found.hits]
        told.append(
            Hit(
                page=page.key,
                url=page.url,
                headline=reading.headline,
                portal=page.portal,
                versions=[item.n for item in match.found],
                gone=match.gone,
                snippet=snippet(candidates, found.terms, context=context),
                score=round(max(scores), 4) if found.scored else None,
                state=page.state,
                datePublished=_published(reading),
                inLanguage=reading.lang,
                of_versions=len(match.texts),
                seen_at=local(page.seen, page.tz),
                moved_to=match.moved_to.url if match.moved_to else None,
                moved_page=match.moved_to.page if match.moved_to else None,
            )
        )
    return told


def facets(session: Session, found: Found, most: int) -> Facets:
    """Counts over the first `most` pages."""
    pages = found.pages[:most]
    matches = _matches(session, found, pages)
    readings = _readings(session, matches, ("lang", "section", "published_on"))
    shown = sections_of(session, (page.id for page in pages))
    named = zip(pages, readings, strict=True)
    sections = [name for page, reading in named for name in shown.get(page.id) or [reading.section] if name]
    return Facets(
        pages=len(pages),
        portal=Counter(page.portal for page in pages),
        section=Counter(sections),
        lang=Counter(reading.lang for reading in readings if reading.lang),
        year=Counter(reading.published_on[:4] for reading in readings if reading.published_on),
        state=Counter(page.state for page in pages),
        gone=sum(match.gone for match in matches),
    )


def _matches(session: Session, found: Found, pages: Sequence[Row[Any]]) -> list[Match]:
    missing = [page for page in pages if page.id not in found.matches]
    texts: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(_texts(), {"pages": [page.id for page in missing]}) if missing else ():
        texts[row.page_id].append(row)
    held = holding(session, found, {row.reading_id for rows in texts.values() for row in rows if row.reading_id is not None})
    moved = ends(session, {page.id: page.moved_to_id for page in missing})
    stand = standing(session, found, moved) if moved else set()
    for page in missing:
        mine = [row for row in texts[page.id] if row.reading_id in held]
        if page.id in moved:
            found.matches[page.id] = Match(texts[page.id], mine, page.id not in stand, moved[page.id])
        else:
            gone = page.state == "gone" or mine[-1].n < texts[page.id][-1].n
            found.matches[page.id] = Match(texts[page.id], mine, gone)
    return [found.matches[page.id] for page in pages]


def _readings(session: Session, matches: Sequence[Match], columns: tuple[str, ...]) -> list[Row[Any]]:
    """Of the last text with the words of each page."""
    ids = [match.found[-1].reading_id for match in matches]
    known = {row.id: row for row in session.execute(_reading(columns), {"ids": ids})}
    return [known[number] for number in ids]


@cache
def _texts() -> Select[Any]:
    page, version = table("page"), table("version")
    return (
        select(version.c.page_id, version.c.n, version.c.reading_id)
        .join(page, and_(page.c.id == version.c.page_id, page.c.rules_id == version.c.rules_id))
        .where(version.c.page_id.in_(bindparam("pages", expanding=True)), version.c.state == "content")
        .order_by(version.c.page_id, version.c.n)
    )


@cache
def _reading(columns: tuple[str, ...]) -> Select[Any]:
    reading = table("reading")
    return select(reading.c.id, *(reading.c[name] for name in columns)).where(
        reading.c.id.in_(bindparam("ids", expanding=True))
    )


def _published(reading: Row[Any]) -> str | None:
    value: str | None = ((reading.article or {}).get("datePublished") or {}).get("value")
    return value


def _texts_of(item: dict[str, Any]) -> list[str]:
    return [item[name] for name in ("heading", "text", "title", "outlet", "caption", "alt") if item.get(name)]
