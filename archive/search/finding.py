"""Which pages have a version that holds the words: found in the full text and chosen by indexes alone, before any text is
read. The statements are built once for each set of filters."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any, Literal

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from archive.models import Instant
from archive.query.latest import LATER, portal_id
from archive.query.rows import table
from archive.query.sections import lowered, text_in_named_section
from archive.search.moved import End, ends
from archive.search.terms import Terms, parse, to_fts5, to_tsquery

CANDIDATES = 5_000  # newest readings that a query looks at; a word that stands in more of them is not a search
ALL = 2**31 - 1
Sort = Literal["newest", "rank"]

_NEWEST = {
    "sqlite": "SELECT rowid AS id, {score} AS score FROM reading_fts WHERE reading_fts MATCH :query "
    "ORDER BY rowid DESC LIMIT :candidates",
    "postgresql": "SELECT reading_id AS id, {score} AS score FROM reading_fts "
    "WHERE words @@ to_tsquery('simple', :query) ORDER BY reading_id DESC LIMIT :candidates",
}
_AMONG = {
    "sqlite": "SELECT rowid FROM reading_fts WHERE reading_fts MATCH :query AND rowid IN :readings",
    "postgresql": "SELECT reading_id FROM reading_fts WHERE words @@ to_tsquery('simple', :query) AND reading_id IN :readings",
}
_SCORES = {"sqlite": "-bm25(reading_fts, 5.0, 1.0)", "postgresql": "ts_rank_cd(words, to_tsquery('simple', :query), 1)::float8"}


@dataclass(frozen=True, slots=True)
class Match:
    """A page's versions with a text, oldest first; those that hold the words; whether what is served now does not, here or,
    where the page moved on, at its end."""

    texts: list[Row[Any]]
    found: list[Row[Any]]
    gone: bool
    moved_to: End | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The pages of an answer in its order, and the newest readings that hold the words, each with its score. `cut`: there are
    more, and they were not looked at."""

    terms: Terms
    pages: Sequence[Row[Any]]
    hits: Mapping[int, float]
    scored: bool
    cut: bool = False
    matches: dict[int, Match] = field(default_factory=dict)  # by page, as far as they were asked for


def find(
    session: Session,
    query: str,
    *,
    portal: str | None = None,
    section: str | None = None,
    lang: str | None = None,
    year: int | None = None,
    status: str | Sequence[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    gone: bool = False,
    sort: Sort = "newest",
    limit: int | None = None,
) -> Found:
    """Pages with a version that holds the words: `search` says how they are read and what the filters mean."""
    terms = parse(query)
    if not terms:
        return Found(terms, [], {}, False)
    ranked = sort == "rank"
    hits = hits_of(session, terms, scored=ranked)
    asked: dict[str, Any] = {"portal": portal, "section": section, "lang": lang.lower() if lang else None}
    asked |= {"year": f"{year:04}" if year else None}
    asked |= {"status": [status] if isinstance(status, str) else list(status or ()), "since": since, "until": until}
    given = frozenset(name for name, value in (*asked.items(), ("gone", gone), ("rank", ranked)) if value)
    dialect = session.get_bind().dialect.name
    asked |= {"ids": one_parameter(hits, dialect), "most": limit or ALL, **lowered(section)}
    found = Found(terms, [], hits, ranked, cut=len(hits) == CANDIDATES)
    if gone:
        moved = {row.id: row.moved_to_id for row in session.execute(_moved(dialect), {"ids": asked["ids"]})}
        asked["standing"] = one_parameter(standing(session, found, ends(session, moved)), dialect)
    return replace(found, pages=session.execute(_chosen(dialect, given), asked).all())


def holding(session: Session, found: Found, readings: Collection[int]) -> set[int]:
    """Those of these readings that hold the words, also where more hold them than were looked at."""
    known = {number for number in readings if number in found.hits}
    others = [number for number in readings if number not in known]
    return known | those(session, found.terms, others) if found.cut else known


def standing(session: Session, found: Found, moved: Mapping[int, End]) -> set[int]:
    """Those of these moved pages whose words are still served where they moved to."""
    held = holding(session, found, {end.reading_id for end in moved.values() if end.reading_id is not None})
    return {page for page, end in moved.items() if not end.gone and end.reading_id in held}


def those(session: Session, terms: Terms, readings: Sequence[int]) -> set[int]:
    """Those of these readings that hold the words, whatever their number."""
    dialect, found = session.get_bind().dialect.name, set[int]()
    statement = text(_AMONG[dialect]).bindparams(bindparam("readings", expanding=True))
    for start in range(0, len(readings), CANDIDATES):
        asked = {"query": _asked(terms, dialect), "readings": readings[start : start + CANDIDATES]}
        found.update(session.execute(statement, asked).scalars())
    return found


def hits_of(session: Session, terms: Terms, *, scored: bool = False) -> dict[int, float]:
    """The newest readings that hold the words with their scores, the best first; unless `scored` the newest, all with 0."""
    dialect = session.get_bind().dialect.name
    statement = _NEWEST[dialect].format(score=_SCORES[dialect] if scored else "0.0")
    if scored:
        statement = f"SELECT id, score FROM ({statement}) AS newest ORDER BY score DESC, id DESC"  # noqa: S608 - of our own words
    found = session.execute(text(statement), {"query": _asked(terms, dialect), "candidates": CANDIDATES})
    return {reading: score for reading, score in found.all()}  # noqa: C416 - typed


def _asked(terms: Terms, dialect: str) -> str:
    return to_fts5(terms) if dialect == "sqlite" else to_tsquery(terms)


def one_parameter(ids: Iterable[int], dialect: str) -> Any:
    """Thousands of ids in one parameter."""
    return json.dumps(list(ids)) if dialect == "sqlite" else list(ids)


def as_table(dialect: str, ids: BindParameter[Any], name: str = "hits") -> Any:
    """That parameter as a table with the columns `id` and `place`."""
    if dialect == "sqlite":
        rows = func.json_each(ids).table_valued("value", "key", name="listed")
        return select(rows.c.value.label("id"), rows.c.key.label("place")).subquery(name)
    rows = func.unnest(cast(ids, ARRAY(BigInteger))).table_valued("id", with_ordinality="place", name="listed").render_derived()
    return select(rows.c.id, rows.c.place).subquery(name)


@cache
def _chosen(dialect: str, given: frozenset[str]) -> Select[Any]:
    """The pages of hits with these filters."""
    page, version, reading, portals = map(table, ("page", "version", "reading", "portal"))
    hits = as_table(dialect, bindparam("ids"))
    source = hits.join(version, version.c.reading_id == hits.c.id)
    # The sum keeps SQLite from beginning with all pages.
    source = source.join(page, and_(page.c.id == version.c.page_id + 0, page.c.rules_id == version.c.rules_id))
    if given & {"lang", "year"}:  # a reading is long: it is looked up only where it must be
        source = source.join(reading, reading.c.id == version.c.reading_id)
    conditions: dict[str, ColumnElement[bool]] = {
        "portal": page.c.portal_id == portal_id(),
        "section": text_in_named_section(version.c.reading_id),
        "lang": reading.c.lang == bindparam("lang"),
        "year": func.substr(reading.c.published_on, 1, 4) == bindparam("year"),
        "status": page.c.state.in_(bindparam("status", expanding=True)),
        "since": version.c.last_at >= bindparam("since", type_=Instant()),
        "until": version.c.first_at <= bindparam("until", type_=Instant()),
    }
    order = (func.min(hits.c.place) if "rank" in given else -func.max(version.c.first_at, type_=Integer)).label("order")
    seen = func.max(version.c.first_at).label("seen")
    some = select(page.c.id, order, seen).select_from(source).group_by(page.c.id)
    some = some.where(*(condition for name, condition in conditions.items() if name in given))
    if "gone" in given:
        stands = as_table(dialect, bindparam("standing"), "stands")
        here = or_(page.c.state == "gone", func.max(version.c.n) < _newest())
        some = some.having(case((page.c.moved_to_id.is_(None), here), else_=page.c.id.not_in(select(stands.c.id))))
    # The rows of pages are joined to those that are told only.
    first = some.order_by(order, page.c.id.desc()).limit(bindparam("most", type_=Integer)).subquery("first")
    columns = (page.c.id, page.c.key, page.c.url, page.c.state, page.c.moved_to_id, first.c.seen)
    shown = first.join(page, page.c.id == first.c.id).join(portals, portals.c.id == page.c.portal_id)
    told = select(*columns, portals.c.slug.label("portal"), portals.c.tz).select_from(shown)
    return told.order_by(first.c.order, page.c.id.desc())


@cache
def _moved(dialect: str) -> Select[Any]:
    """The pages of hits that moved on, and where to."""
    page, version = table("page"), table("version")
    hits = as_table(dialect, bindparam("ids"))
    source = hits.join(version, version.c.reading_id == hits.c.id)
    source = source.join(page, and_(page.c.id == version.c.page_id + 0, page.c.rules_id == version.c.rules_id))  # as in _chosen
    return select(page.c.id, page.c.moved_to_id).select_from(source).where(page.c.moved_to_id.is_not(None)).distinct()


def _newest() -> Any:
    """The number of the newest text of a page."""
    page = table("page")
    return (
        select(func.max(LATER.c.n))
        .where(LATER.c.page_id == page.c.id, LATER.c.rules_id == page.c.rules_id, LATER.c.state == "content")
        .correlate(page)
        .scalar_subquery()
    )
