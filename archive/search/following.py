"""Which changes a saved search tells of: those that brought or took a text with the words, or took the words away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, union
from sqlalchemy.orm import Session

from archive import query
from archive.diffing.views import spans
from archive.folding import fold
from archive.query.rows import ChangeRow, table
from archive.search.finding import as_table, hits_of, one_parameter, those
from archive.search.snippet import pattern_of
from archive.search.terms import Terms, parse

READ = 1_000  # newest edits whose removed words are looked into


def matching(session: Session, words: str, since: datetime | None = None) -> ColumnElement[bool]:
    """The condition that a change brought, or took, a text that holds the words: for feeds of a saved search. Of a word in
    more than the newest 5,000 texts, only those; `since`: every text that changes since then brought or took is looked at,
    however many hold the words, for who must not miss one. A query of nothing matches nothing."""
    return _either(_holding(session, parse(words), since=since))


def following(
    session: Session,
    words: str,
    *,
    portal: str | None = None,
    section: str | None = None,
    lang: str | None = None,
    year: int | None = None,
    status: Sequence[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    gone: bool = False,
    limit: int = 100,
) -> list[ChangeRow]:
    """The newest such changes with their changed paragraphs, of texts and pages as the filters of `search` ask for; `since`
    and `until` bound the change. `gone`: only those that took the words away: the page is gone, the text does not hold them
    any more, or all of them stand in what an edit removed (though it may still say them elsewhere)."""
    terms = parse(words)
    held = _holding(session, terms, lang=lang, year=year)
    of_state = table("page").c.state.in_(list(status)) if status else None
    filters: dict[str, Any] = {"portal": portal, "section": section, "since": since, "until": until, "blocks": True}

    def told(among: ColumnElement[bool], limit: int, **more: Any) -> list[ChangeRow]:
        among = among if of_state is None else and_(among, of_state)
        return query.changes(session, among=among, limit=limit, **filters, **more)

    if not gone:
        return told(_either(held), limit)
    change = table("change")
    # A word that the query excludes may come: that takes nothing away.
    still = change.c.to_id.in_(_holding(session, Terms(terms.all_of)))
    took = told(and_(change.c.from_id.in_(held), ~still), limit)
    # Which texts hold the words says nothing of one more place that held them: those edits are read.
    edits = told(and_(change.c.from_id.in_(held), still, change.c.words_removed > 0), READ, kinds=("edited",))
    took += [edit for edit in edits if _removed(terms, edit["blocks"])]  # type: ignore[typeddict-item]
    return sorted(took, key=itemgetter("detected_at"), reverse=True)[:limit]


def _holding(
    session: Session, terms: Terms, *, lang: str | None = None, year: int | None = None, since: datetime | None = None
) -> Select[Any]:
    """The versions that hold the words."""
    version, reading, dialect = table("version"), table("reading"), session.get_bind().dialect.name
    texts: Iterable[int] = ()
    if terms:
        texts = hits_of(session, terms) if since is None else those(session, terms, _changed(session, since))
    ids = as_table(dialect, bindparam("among", one_parameter(texts, dialect), unique=True))
    found = select(version.c.id).where(version.c.reading_id.in_(select(ids.c.id)))
    if lang or year:
        found = found.join(reading, reading.c.id == version.c.reading_id)
    if lang:
        found = found.where(reading.c.lang == lang.lower())
    return found.where(func.substr(reading.c.published_on, 1, 4) == f"{year:04}") if year else found


def _changed(session: Session, since: datetime) -> Sequence[int]:
    """The readings that changes since then brought or took."""
    change, version = table("change"), table("version")
    ends = union(*(select(end).where(change.c.at >= since) for end in (change.c.to_id, change.c.from_id))).subquery()
    texts = select(version.c.reading_id).distinct().where(version.c.id.in_(select(ends)), version.c.reading_id.is_not(None))
    return session.execute(texts).scalars().all()


def _either(held: Select[Any]) -> ColumnElement[bool]:
    change = table("change")
    return or_(change.c.to_id.in_(held), change.c.from_id.in_(held))


def _removed(terms: Terms, blocks: Sequence[Mapping[str, Any]]) -> bool:
    """Whether all the words stand in what was taken out, not only moved."""
    taken = fold("\n".join(span.text for block in blocks for span in spans(block) if span.kind == "removed"))
    return bool(terms) and all(pattern_of(group).search(taken) for group in terms.all_of)
