"""How long texts stand as they were first seen, and pages are served: life tables of the articles of a portal.

The actuarial estimator (S. J. Cutler and F. Ederer, Journal of Chronic Diseases 8, 1958): of the articles under watch at the
beginning of an interval of age, those whose watch ends within it count half. An article that was not looked at again, or not
for long, says nothing about later ages; it does not count as standing.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, case, func, select, type_coerce
from sqlalchemy.orm import Session

from archive.query.rows import table
from archive.query.told import told

AGES = (
    ("1 h", timedelta(hours=1)),
    ("6 h", timedelta(hours=6)),
    ("1 d", timedelta(days=1)),
    ("3 d", timedelta(days=3)),
    ("7 d", timedelta(days=7)),
    ("30 d", timedelta(days=30)),
    ("90 d", timedelta(days=90)),
    ("180 d", timedelta(days=180)),
    ("1 y", timedelta(days=365)),
    ("2 y", timedelta(days=730)),
    ("5 y", timedelta(days=1826)),
)
_ENDS = {"unchanged": ("edited", "replaced", "gone"), "served": ("gone",)}
_Counts = Counter[tuple[int, bool]]  # how many ended their watch within each interval, by whether an event ended it


def survival(session: Session, portal: str | None = None) -> list[dict[str, Any]]:
    """A row an age: `watched`, the articles that were watched so long or changed before; `unchanged` and `served`, the shares
    (0 to 1) of texts that stand as first seen, and of pages still served. Ends at the age that nothing was watched to."""
    unchanged, served = map(_table, _counts(session, portal))
    return [
        {"age": age, "watched": here[0], "unchanged": here[1], "served": there[1]}
        for (age, _), here, there in zip(AGES, unchanged, served, strict=False)
    ]


def _counts(session: Session, portal: str | None) -> tuple[_Counts, _Counts]:
    """Of texts that stand as first seen, and of pages that are served."""
    page, change, portals, version = map(table, ("page", "change", "portal", "version"))
    of = page.alias("of")
    at = type_coerce(change.c.at, BigInteger)
    firsts = [func.min(at).filter(change.c.kind.in_(kinds)).label(name) for name, kinds in _ENDS.items()]
    events = (
        select(change.c.page_id, *firsts).join(of, of.c.id == change.c.page_id).join(version, version.c.id == change.c.to_id)
    )
    events = events.where(change.c.kind.in_(_ENDS["unchanged"]), *told(change, of, version))
    articles = (page.c.role == "article", page.c.first_seen.is_not(None), page.c.moved_to_id.is_(None))
    pages_of: ColumnElement[bool] = page.c.portal_id.in_(select(portals.c.id))
    if portal is not None:
        mine = select(portals.c.id).where(portals.c.slug == portal).scalar_subquery()
        events, pages_of = events.where(change.c.portal_id == mine), page.c.portal_id == mine
    event = events.group_by(change.c.page_id).subquery("event")
    born, seen = type_coerce(page.c.first_seen, BigInteger), type_coerce(page.c.last_seen, BigInteger)
    ends: list[ColumnElement[Any]] = []
    for name in _ENDS:
        ends += [_interval(func.coalesce(event.c[name], seen) - born), event.c[name].is_not(None)]
    watched = page.outerjoin(event, event.c.page_id == page.c.id)
    query: Select[Any] = select(*ends).add_columns(func.count()).select_from(watched)
    query = query.where(pages_of, *articles).group_by(*ends)
    unchanged: _Counts = Counter()
    served: _Counts = Counter()
    for edited_at, edited, gone_at, gone, count in session.execute(query):
        unchanged[edited_at, bool(edited)] += count
        served[gone_at, bool(gone)] += count
    return unchanged, served


def _interval(length: ColumnElement[Any]) -> ColumnElement[Any]:
    """Within which interval of age a length of time (microseconds) ends."""
    bounds = [age // timedelta(microseconds=1) for _, age in AGES]
    return case(*((length <= bound, at) for at, bound in enumerate(bounds)), else_=len(AGES))


def _table(counts: _Counts) -> list[tuple[int, float]]:
    """Of each interval that somebody was watched into: how many began it, and the share that stands at its end."""
    under, standing, rows = sum(counts.values()), 1.0, []
    for at in range(len(AGES)):
        ended, lost = counts.get((at, True), 0), counts.get((at, False), 0)
        exposed = under - lost / 2
        if exposed <= 0 or under == lost:  # nobody was watched to its end
            break
        standing *= 1 - ended / exposed
        rows.append((under, round(standing, 4)))
        under -= ended + lost
    return rows
