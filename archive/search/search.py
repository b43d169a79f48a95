"""Search over the text of all versions, newest first; the same words mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, TypedDict

from sqlalchemy import Float, Integer, Select, and_, column, func, select, text
from sqlalchemy.orm import Session

from archive.query.rows import table
from archive.query.sections import in_section
from archive.search.snippet import snippet
from archive.search.terms import Terms, parse, to_fts5, to_tsquery

CANDIDATES = 10_000  # newest readings that a query looks at; a word that stands in more of them is not a search
Sort = Literal["newest", "rank"]

_HITS = {
    ("sqlite", "newest"): "SELECT rowid AS id, 0.0 AS score FROM reading_fts WHERE reading_fts MATCH :query "
    "ORDER BY rowid DESC LIMIT :candidates",
    ("sqlite", "rank"): "SELECT rowid AS id, -bm25(reading_fts, 5.0, 1.0) AS score FROM reading_fts "
    "WHERE reading_fts MATCH :query ORDER BY bm25(reading_fts, 5.0, 1.0) LIMIT :candidates",
    ("postgresql", "newest"): "SELECT reading_id AS id, 0.0::float8 AS score FROM reading_fts "
    "WHERE words @@ to_tsquery('simple', :query) ORDER BY reading_id DESC LIMIT :candidates",
    ("postgresql", "rank"): "SELECT reading_id AS id, ts_rank_cd(words, to_tsquery('simple', :query), 1)::float8 AS score "
    "FROM reading_fts WHERE words @@ to_tsquery('simple', :query) ORDER BY score DESC LIMIT :candidates",
}


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
    page, version, reading, portals = map(table, ("page", "version", "reading", "portal"))
    hits = _hits(session, terms, sort)
    found = (
        select(
            version.c.page_id,
            func.max(version.c.first_at).label("at"),
            func.max(hits.c.score).label("score"),
            func.max(version.c.n).label("n"),
        )
        .join(hits, hits.c.id == version.c.reading_id)
        .join(page, and_(page.c.id == version.c.page_id, page.c.rules_id == version.c.rules_id))
        .join(reading, reading.c.id == version.c.reading_id)
        .join(portals, portals.c.id == page.c.portal_id)
        .group_by(version.c.page_id)
    )
    if portal is not None:
        found = found.where(portals.c.slug == portal)
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
    newest = _newest(matched)
    chosen = (
        select(page, portals.c.slug.label("portal"), matched.c.score, matched.c.n, newest.c.n.label("newest"))
        .add_columns(newest.c.all_n.label("of_versions"))
        .join(matched, matched.c.page_id == page.c.id)
        .join(portals, portals.c.id == page.c.portal_id)
        .join(newest, newest.c.page_id == page.c.id)
    )
    if gone:
        chosen = chosen.where((page.c.state == "gone") | page.c.moved_to_id.is_not(None) | (matched.c.n < newest.c.n))
    order = (matched.c.score.desc(), matched.c.at.desc()) if sort == "rank" else (matched.c.at.desc(), page.c.id.desc())
    rows = session.execute((chosen.limit(limit) if limit else chosen).order_by(*order)).mappings().all()
    return _told(session, rows, hits, terms, context, scored=sort == "rank")


def _hits(session: Session, terms: Terms, sort: Sort) -> Any:
    dialect = session.get_bind().dialect.name
    asked = to_fts5(terms) if dialect == "sqlite" else to_tsquery(terms)
    statement = text(_HITS[dialect, sort]).bindparams(query=asked, candidates=CANDIDATES)
    return statement.columns(column("id", Integer), column("score", Float)).subquery("hits")


def _newest(matched: Any) -> Any:
    """The number of the newest text of each page that matched."""
    page, version = table("page"), table("version")
    return (
        select(
            version.c.page_id,
            func.max(version.c.n).filter(version.c.state == "content").label("n"),
            func.count().filter(version.c.state == "content").label("all_n"),
        )
        .join(page, and_(page.c.id == version.c.page_id, page.c.rules_id == version.c.rules_id))
        .where(version.c.page_id.in_(select(matched.c.page_id)))
        .group_by(version.c.page_id)
        .subquery("newest")
    )


def _told(session: Session, rows: Sequence[Any], hits: Any, terms: Terms, context: int, *, scored: bool) -> list[Hit]:
    versions: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(_matching(hits, [row["id"] for row in rows])).mappings():
        versions[row["page_id"]].append(row)
    told = []
    for row in rows:
        matching = versions[row["id"]]
        last = matching[-1]
        article = last["article"] or {}
        rest = [part for name in ("asides", "links", "images") for item in article.get(name, ()) for part in _texts(item)]
        candidates = [last["body"], last["headline"], article.get("description"), article.get("publisherNote"), *rest]
        told.append(
            Hit(
                page=row["key"],
                url=row["url"],
                headline=last["headline"],
                portal=row["portal"],
                versions=[item["n"] for item in matching],
                gone=row["state"] == "gone" or row["moved_to_id"] is not None or last["n"] < row["newest"],
                snippet=snippet(candidates, terms, context=context),
                score=round(float(row["score"]), 4) if scored else None,
                state=row["state"],
                datePublished=(article.get("datePublished") or {}).get("value"),
                inLanguage=last["lang"],
                of_versions=row["of_versions"],
            )
        )
    return told


def _matching(hits: Any, page_ids: list[int]) -> Select[Any]:
    page, version, reading = table("page"), table("version"), table("reading")
    return (
        select(version.c.page_id, version.c.n, reading.c.headline, reading.c.body, reading.c.article, reading.c.lang)
        .join(hits, hits.c.id == version.c.reading_id)
        .join(page, and_(page.c.id == version.c.page_id, page.c.rules_id == version.c.rules_id))
        .join(reading, reading.c.id == version.c.reading_id)
        .where(version.c.page_id.in_(page_ids))
        .order_by(version.c.page_id, version.c.n)
    )


def _texts(item: dict[str, Any]) -> list[str]:
    return [item[name] for name in ("heading", "text", "title", "outlet", "caption", "alt") if item.get(name)]
