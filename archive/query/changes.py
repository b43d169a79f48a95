"""`changes` and `gone`: what was edited, moved, replaced, taken down or brought back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Text, cast, func, or_, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from archive.query.rows import ChangeRow, GoneRow, local, table
from archive.query.sections import in_section, sections_of
from archive.query.told import told

TO = table("version").alias("to_version")


def changes(
    session: Session,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    kinds: Sequence[str] | None = None,
    fields: Sequence[str] | None = None,
    portal: str | None = None,
    section: str | None = None,
    page: str | None = None,
    min_words: int | None = None,
    min_significance: float | None = None,
    declared: Sequence[str] | None = None,
    muted: bool = False,
    among: Any = None,
    blocks: bool = False,
    limit: int | None = None,
    offset: int = 0,
) -> list[ChangeRow]:
    """Changes of articles, and of documents once known, newest first. `declared` picks edits by what the page itself said
    of them: `no` are the silent ones. Muted ones (furniture, typography) on request; `among`: a further condition
    (`archive.search.matching`); `blocks`: with the changed paragraphs. Only the timeline under the rules in force is told."""
    change, page_, reading = table("change"), table("page"), table("reading")
    query = _changes(blocks=blocks)
    if since is not None:
        query = query.where(change.c.at >= since)
    if until is not None:
        query = query.where(change.c.at <= until)
    if kinds:
        query = query.where(change.c.kind.in_(list(kinds)))
    if portal is not None:
        mine = select(table("portal").c.id).where(table("portal").c.slug == portal).scalar_subquery()
        query = query.where(change.c.portal_id == mine)
    if page is not None:
        query = query.where(page_.c.key == page)
    if section is not None:
        query = query.where(in_section(section, reading))
    if min_words:
        query = query.where(change.c.words_added + change.c.words_removed >= min_words)
    if min_significance:
        query = query.where(change.c.score >= min_significance)
    if declared:
        query = query.where(change.c.declared.in_(list(declared)), change.c.kind == "edited")
    if fields:  # a list in JSON, of plain words: so they are found in its text
        written = cast(change.c.fields, Text)
        query = query.where(or_(*(written.contains(f'"{name}"', autoescape=True) for name in fields)))
    query = query.where(*told(change, page_, TO, muted=muted))
    if among is not None:
        query = query.where(among)
    order = (change.c.at.desc(), change.c.id.desc())
    query = query.order_by(*order).offset(offset or None)
    query = query.limit(limit) if limit else query
    if offset:  # which ones first, so that nothing long is read of those that are passed over
        chosen = query.with_only_columns(change.c.id, maintain_column_froms=True).subquery("chosen")
        query = _changes(blocks=blocks).where(change.c.id.in_(select(chosen.c.id))).order_by(*order)
    rows = session.execute(query).mappings().all()
    sections = sections_of(session, {row["page_id"] for row in rows})
    return [_change_row(row, sections, blocks=blocks) for row in rows]


def gone(
    session: Session,
    *,
    state: str | Sequence[str] | None = None,
    portal: str | None = None,
    section: str | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[GoneRow]:
    """Pages not served to us any more, the latest first; a suspected one waits for its confirmation."""
    page, portals, reading, version = map(table, ("page", "portal", "reading", "version"))
    visit, capture = table("visit"), table("capture")
    good = version.alias("good")
    last_good = (
        select(version.c.id)
        .where(version.c.page_id == page.c.id, version.c.rules_id == page.c.rules_id, version.c.state == "content")
        .order_by(version.c.n.desc())
        .limit(1)
        .correlate(page)
        .scalar_subquery()
    )
    last_visit = (
        select(visit.c.id)
        .where(visit.c.page_id == page.c.id, visit.c.outcome.in_(("missing", "gone", "soft404", "redirect_home", "redirect")))
        .order_by(visit.c.at.desc())
        .limit(1)
        .correlate(page)
        .scalar_subquery()
    )
    status = select(capture.c.status).where(capture.c.visit_id == visit.c.id, capture.c.hop == 0).scalar_subquery()
    sent_to = select(capture.c.location).where(capture.c.visit_id == visit.c.id, capture.c.location.is_not(None))
    states = ("suspected", "gone") if not state else (state,) if isinstance(state, str) else tuple(state)
    order = (page.c.first_missing_at.desc(), page.c.id.desc())
    # Which pages first, by little; the visits and captures of those only.
    mine = select(portals.c.id)  # of all portals too: the index of states begins with the portal
    role = page.c.role.concat("")  # not a column, so that SQLite takes that index and not the one of roles
    some = select(page.c.id).join(good, good.c.id == last_good).where(role.in_(("article", "document")))
    some = some.where(page.c.state.in_(states), page.c.portal_id.in_(mine.where(portals.c.slug == portal) if portal else mine))
    if section is not None:
        some = some.outerjoin(reading, reading.c.id == good.c.reading_id).where(in_section(section, reading))
    some = some.order_by(*order).offset(offset or None)
    chosen = (some.limit(limit) if limit else some).subquery("chosen")
    query = (
        select(
            page,
            portals.c.slug.label("portal"),
            portals.c.tz,
            good.c.n.label("good_n"),
            reading.c.headline,
            reading.c.lang,
            status.label("last_status"),
            sent_to.order_by(capture.c.hop.desc()).limit(1).scalar_subquery().label("redirects_to"),
        )
        .join(chosen, chosen.c.id == page.c.id)
        .join(portals, portals.c.id == page.c.portal_id)
        .join(good, good.c.id == last_good)
        .outerjoin(reading, reading.c.id == good.c.reading_id)
        .outerjoin(visit, visit.c.id == last_visit)
        .order_by(*order)
    )
    return [
        GoneRow(
            page=row["key"],
            url=row["url"],
            portal=row["portal"],
            headline=row["headline"],
            inLanguage=row["lang"],
            state=row["state"],
            first_missing_at=local(row["first_missing_at"], row["tz"]),
            visits=row["missing_visits"],
            last_status=row["last_status"],
            last_good=f"{row['key']}@{row['good_n']}",
            redirects_to=row["redirects_to"],
        )
        for row in session.execute(query).mappings()
    ]


def _changes(*, blocks: bool) -> Select[Any]:
    change, page, portal, reading = map(table, ("change", "page", "portal", "reading"))
    to, source = TO, table("version").alias("from_version")
    shown = reading.c.id == to.c.reading_id
    before, origin = reading.alias("before"), page.alias("origin")
    return (
        select(
            *(column for column in change.c if blocks or column.name != "ops"),  # the longest column of all
            page.c.key,
            page.c.url,
            portal.c.slug.label("portal"),
            portal.c.tz,
            to.c.n.label("to_n"),
            to.c.page_id.label("to_page"),
            source.c.n.label("from_n"),
            source.c.page_id.label("from_page"),
            origin.c.key.label("from_key"),
            reading.c.headline,
            reading.c.section,
            func.coalesce(reading.c.lang, before.c.lang).label("lang"),
            before.c.headline.label("old_headline"),
        )
        .join(page, page.c.id == change.c.page_id)
        .join(portal, portal.c.id == change.c.portal_id)
        .join(to, to.c.id == change.c.to_id)
        .outerjoin(source, source.c.id == change.c.from_id)
        .outerjoin(origin, origin.c.id == source.c.page_id)
        .outerjoin(reading, shown)
        .outerjoin(before, before.c.id == source.c.reading_id)
    )


def _change_row(row: RowMapping, sections: dict[int, list[str]], *, blocks: bool) -> ChangeRow:
    timezone = row["tz"]
    shown: dict[str, Any] = {
        "portal": row["portal"],
        "page": row["key"],
        "url": row["url"],
        "from_url": row["from_url"],
        "from_page": row["from_key"] if row["kind"] == "moved" else None,
        "sections": sections.get(row["page_id"]) or ([row["section"]] if row["section"] else []),
        "headline": row["headline"] or row["old_headline"],
        "inLanguage": row["lang"],
        "kind": row["kind"],
        "fields": row["fields"],
        "words_added": row["words_added"],
        "words_removed": row["words_removed"],
        "from": row["from_n"] if row["from_page"] == row["page_id"] else None,
        "to": row["to_n"] if row["to_page"] == row["page_id"] else None,
        "not_before": local(row["not_before"], timezone),
        "detected_at": local(row["at"], timezone),
        "significance": row["score"],
        "why": row["why"],
        "declared": row["declared"],
        "muted": row["muted"] is not None,
    }
    if blocks:
        shown["blocks"] = row["ops"]
    return shown  # type: ignore[return-value]
