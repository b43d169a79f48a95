"""Search over the text of all versions, newest first; the same words mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, TypedDict

from sqlalchemy import ARRAY, BigInteger, Select, and_, cast, func, or_, select, text
from sqlalchemy.orm import Session

from archive.query.rows import table
from archive.query.sections import in_section
from archive.search.snippet import snippet
from archive.search.terms import Terms, parse, to_fts5, to_tsquery

CANDIDATES = 5_000  # newest readings that a query looks at; a word that stands in more of them is not a search
Sort = Literal["newest", "rank"]

_NEWEST = {
    "sqlite": "SELECT rowid AS id, {score} AS score FROM reading_fts WHERE reading_fts MATCH :query "
    "ORDER BY rowid DESC LIMIT :candidates",
    "postgresql": "SELECT reading_id AS id, {score} AS score FROM reading_fts "
    "WHERE words @@ to_tsquery('simple', :query) ORDER BY reading_id DESC LIMIT :candidates",
}
_SCORES = {"sqlite": "-bm25(reading_fts, 5.0, 1.0)", "postgresql": "ts_rank_cd(words, to_tsquery('simple', :query), 1)::float8"}


class Hit(TypedDict):
    """A line of `search`: a page, and in which of its versions the words stand. `gone`: not in what is served now."""

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


def search(
    session: Session,
    query: str,
    *,
    portal: str | None = None,
    section: str | None = None,
    lang: str | None = None,
    status: str | Sequence[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    gone: bool = False,
    context: int = 1,
    sort: Sort = "newest",
    limit: int | None = 20,
) -> list[Hit]:
    """Pages with a version that holds the words. Words are all wanted; "phrases", OR, -not and prefix* are understood, and
    any input is a query. `gone`: only words that are no longer served. `since` and `until` bound when a version was seen."""
    terms = parse(query)
    if not terms:
        return []
    hits = hits_of(session, terms, scored=sort == "rank")
    if sort == "rank":
        hits = dict(sorted(hits.items(), key=lambda hit: (-hit[1], -hit[0])))
    page, version, reading, portals = map(table, ("page", "version", "reading", "portal"))
    place = listed(session, hits)
    found = (
        select(version.c.page_id, func.max(version.c.first_at).label("at"), func.max(version.c.n).label("n"))
        .add_columns(func.min(place.c.place).label("place"))
        .join(place, place.c.id == version.c.reading_id)
        .join(page, and_(page.c.id == version.c.page_id, page.c.rules_id == version.c.rules_id))
        .group_by(version.c.page_id)
    )
    if portal is not None:
        found = found.where(page.c.portal_id == select(portals.c.id).where(portals.c.slug == portal).scalar_subquery())
    if section is not None or lang is not None:  # a reading is long: it is looked up only where it must be
        found = found.join(reading, reading.c.id == version.c.reading_id)
    if section is not None:
        found = found.where(in_section(section, reading))
    if lang is not None:
        found = found.where(reading.c.lang == lang.lower())
    if status:
        found = found.where(page.c.state.in_([status] if isinstance(status, str) else status))
    if since is not None:
        found = found.where(version.c.last_at >= since)
    if until is not None:
        found = found.where(version.c.first_at <= until)
    matched = found.subquery("matched")
    chosen = (
        select(page, portals.c.slug.label("portal"), matched.c.place)
        .join(matched, matched.c.page_id == page.c.id)
        .join(portals, portals.c.id == page.c.portal_id)
    )
    if gone:
        lost = matched.c.n < _newest(page)
        chosen = chosen.where((page.c.state == "gone") | page.c.moved_to_id.is_not(None) | lost)
    order = (matched.c.place,) if sort == "rank" else (matched.c.at.desc(), page.c.id.desc())
    rows = session.execute((chosen.limit(limit) if limit else chosen).order_by(*order)).mappings().all()
    return _told(session, rows, hits, terms, context, scored=sort == "rank")


def matching(session: Session, query: str) -> Any:
    """The condition that a change brought, or took, a text that holds the words: for feeds of a saved search. Of a word in
    more than the newest 5,000 texts, only those; a query of nothing matches nothing."""
    terms = parse(query)
    version = table("version")
    ids = listed(session, hits_of(session, terms) if terms else ())
    of_hits = select(version.c.id).where(version.c.reading_id.in_(select(ids.c.id)))
    return or_(table("change").c.to_id.in_(of_hits), table("change").c.from_id.in_(of_hits))


def hits_of(session: Session, terms: Terms, *, scored: bool = False) -> dict[int, float]:
    """The newest readings that hold the words, the newest first, each with its score (0 unless `scored`)."""
    dialect = session.get_bind().dialect.name
    asked = to_fts5(terms) if dialect == "sqlite" else to_tsquery(terms)
    statement = text(_NEWEST[dialect].format(score=_SCORES[dialect] if scored else "0.0"))
    found = session.execute(statement, {"query": asked, "candidates": CANDIDATES})
    return {reading: score for reading, score in found.all()}  # noqa: C416 - typed


def listed(session: Session, ids: Iterable[int]) -> Any:
    """Ids as a table with the columns `id` and `place`: thousands in one parameter."""
    if session.get_bind().dialect.name == "sqlite":
        table_of = func.json_each(json.dumps(list(ids))).table_valued("value", "key", name="listed")
        return select(table_of.c.value.label("id"), table_of.c.key.label("place")).subquery("hits")
    rows = (
        func.unnest(cast(list(ids), ARRAY(BigInteger)))
        .table_valued("id", with_ordinality="place", name="listed")
        .render_derived()
    )
    return select(rows.c.id, rows.c.place).subquery("hits")


def _newest(page: Any) -> Any:
    """The number of the newest text of a page."""
    version = table("version").alias("newest")
    return (
        select(func.max(version.c.n))
        .where(version.c.page_id == page.c.id, version.c.rules_id == page.c.rules_id, version.c.state == "content")
        .correlate(page)
        .scalar_subquery()
    )


def _told(
    session: Session, rows: Sequence[Any], hits: Mapping[int, float], terms: Terms, context: int, *, scored: bool
) -> list[Hit]:
    texts: dict[int, list[Any]] = defaultdict(list)  # all of each page, oldest first
    for row in session.execute(_texts([row["id"] for row in rows])):
        texts[row.page_id].append(row)
    matching = {key: [row for row in of if row.reading_id in hits] for key, of in texts.items()}
    reading = table("reading")
    last_ones = [of[-1].reading_id for of in matching.values() if of]
    readings = {row.id: row for row in session.execute(select(reading).where(reading.c.id.in_(last_ones)))}
    told = []
    for row in rows:
        found = matching[row["id"]]
        last = readings[found[-1].reading_id]
        article = last.article or {}
        rest = [part for name in ("asides", "links", "images") for item in article.get(name, ()) for part in _texts_of(item)]
        candidates = [last.body, last.headline, article.get("description"), article.get("publisherNote"), *rest]
        told.append(
            Hit(
                page=row["key"],
                url=row["url"],
                headline=last.headline,
                portal=row["portal"],
                versions=[item.n for item in found],
                gone=row["state"] == "gone" or row["moved_to_id"] is not None or found[-1].n < texts[row["id"]][-1].n,
                snippet=snippet(candidates, terms, context=context),
                score=round(max(hits[item.reading_id] for item in found), 4) if scored else None,
                state=row["state"],
                datePublished=(article.get("datePublished") or {}).get("value"),
                inLanguage=last.lang,
                of_versions=len(texts[row["id"]]),
            )
        )
    return told


def _texts(page_ids: list[int]) -> Select[Any]:
    page, version = table("page"), table("version")
    return (
        select(version.c.page_id, version.c.n, version.c.reading_id)
        .join(page, and_(page.c.id == version.c.page_id, page.c.rules_id == version.c.rules_id))
        .where(version.c.page_id.in_(page_ids), version.c.state == "content")
        .order_by(version.c.page_id, version.c.n)
    )


def _texts_of(item: dict[str, Any]) -> list[str]:
    return [item[name] for name in ("heading", "text", "title", "outlet", "caption", "alt") if item.get(name)]
