"""`links`: what an article points to, who points to it, and what of that is kept here or gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from archive.query.article import content_of
from archive.query.reference import at_address, resolve
from archive.query.rows import LinkRow, table


def links(
    session: Session,
    ref: str | None = None,
    *,
    kinds: Sequence[str] | None = None,
    incoming: bool = False,
    broken: bool = False,
    portal: str | None = None,
    limit: int | None = None,
    zone: tzinfo | None = None,
) -> list[LinkRow]:
    """Links of a version (default: the newest), of every page's newest version without `ref`, or with `incoming` the links
    that lead to the page. `broken`: only those to pages of this record that are missing."""
    link, page, version = table("link"), table("page"), table("version")
    query = _links()
    if ref is not None:
        asked = resolve(session, ref, zone=zone)
        if incoming:
            query = _newest(query).where(link.c.urlkey.in_(_addresses(session, asked.page)), page.c.id != asked.page["id"])
        else:
            query = query.where(version.c.id == content_of(session, asked)["id"])
    else:
        query = _newest(query)
    if kinds:
        query = query.where(link.c.kind.in_(list(kinds)))
    if portal is not None:
        query = query.where(table("portal").c.slug == portal)
    rows = session.execute(query.order_by(page.c.id, version.c.n, link.c.ord)).mappings().all()
    targets = _targets(session, {row["urlkey"] for row in rows if row["urlkey"]})
    told = [_link_row(row, targets.get(row["urlkey"])) for row in rows]
    if broken:
        told = [row for row in told if row["state"] in ("suspected", "gone")]
    return told[:limit] if limit else told


def _links() -> Select[Any]:
    link, page, version, portal = map(table, ("link", "page", "version", "portal"))
    return (
        select(link, page.c.key, version.c.n)
        .join(version, version.c.reading_id == link.c.reading_id)
        .join(page, (page.c.id == version.c.page_id) & (page.c.rules_id == version.c.rules_id))
        .join(portal, portal.c.id == page.c.portal_id)
    )


def _newest(query: Select[Any]) -> Select[Any]:
    """Only of the newest text of each page."""
    page, version = table("page"), table("version")
    later = version.alias("later")
    last = (
        select(func.max(later.c.n))
        .where(later.c.page_id == page.c.id, later.c.rules_id == page.c.rules_id, later.c.state == "content")
        .correlate(page)
        .scalar_subquery()
    )
    return query.where(version.c.n == last, version.c.state == "content")


def _addresses(session: Session, page: RowMapping) -> list[str]:
    """Every address the page is known by."""
    alias = table("alias")
    return [page["urlkey"], *session.execute(select(alias.c.urlkey).where(alias.c.page_id == page["id"])).scalars()]


def _targets(session: Session, keys: Iterable[str]) -> dict[str, RowMapping]:
    """The pages of this record that these addresses are, with the number of their newest text."""
    page, alias, version = table("page"), table("alias"), table("version")
    newest = (
        select(func.max(version.c.n))
        .where(version.c.page_id == page.c.id, version.c.rules_id == page.c.rules_id, version.c.state == "content")
        .correlate(page)
        .scalar_subquery()
    )
    found: dict[str, RowMapping] = {}
    wanted = sorted(keys)
    for start in range(0, len(wanted), 1000):
        some = wanted[start : start + 1000]
        shown = select(page.c.key, page.c.state, newest.label("n")).where(
            page.c.first_seen.is_not(None), page.c.moved_to_id.is_(None)
        )
        # One question by each index: an OR over both tables would read every page.
        by_alias = shown.add_columns(alias.c.urlkey).join(alias, alias.c.page_id == page.c.id).where(alias.c.urlkey.in_(some))
        by_address = shown.add_columns(page.c.urlkey).where(at_address(page.c.urlkey.in_(some)))
        for query in (by_alias, by_address):  # a page's own address beats what another was once known by
            found |= {row["urlkey"]: row for row in session.execute(query).mappings()}
    return found


def _link_row(row: RowMapping, target: RowMapping | None) -> LinkRow:
    version = target["n"] if target is not None else None
    return LinkRow(
        page=row["key"],
        version=row["n"],
        kind=row["kind"],
        url=row["url"],
        title=row["text"],
        outlet=row["outlet"],
        date=row["stated_date"],
        lang=row["lang"],
        archived=f"{target['key']}@{version}" if target is not None and version else None,
        state=target["state"] if target is not None else None,
    )
