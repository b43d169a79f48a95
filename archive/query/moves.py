"""Where did a page's work come from, and where did it go on? The other ends of its moves."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any, TypedDict

from sqlalchemy import Select, bindparam, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from archive.errors import NotFound
from archive.query.reference import last_content
from archive.query.rows import local, table


class Move(TypedDict):
    """One move. `page` and `url` are of the other end; `version` is the one of this page that tells it, where it has one."""

    page: str
    url: str
    at: datetime | None
    version: int | None


def moved_from(session: Session, page: RowMapping) -> list[Move]:
    """The addresses whose work goes on at this page, oldest move first."""
    return [
        Move(
            page=row["key"],
            url=row["from_url"],
            at=local(row["at"], page["timezone"]),
            version=row["to_n"] if row["to_page"] == page["id"] else None,
        )
        for row in session.execute(_moves(), {"page": page["id"]}).mappings()
    ]


def moved_to(session: Session, here: RowMapping) -> Move | None:
    """The address where the work of this page goes on; None where it did not move."""
    if here["moved_to_id"] is None:
        return None
    page, version = table("page"), table("version")
    target = session.execute(select(page.c.key, page.c.url).where(page.c.id == here["moved_to_id"])).one()
    told = select(version.c.n, version.c.first_at).where(
        version.c.page_id == here["id"], version.c.rules_id == here["rules_id"], version.c.state == "redirect"
    )
    leads = session.execute(told.order_by(version.c.n.desc()).limit(1)).first()
    at = local(leads.first_at, here["timezone"]) if leads is not None else None
    return Move(page=target.key, url=target.url, at=at, version=leads.n if leads is not None else None)


def two_ends(session: Session, page: RowMapping, source: RowMapping) -> tuple[RowMapping, RowMapping]:
    """The last text at the old address (`source`), and the one that stood at the new address when it moved."""
    moves = [row for row in session.execute(_moves(), {"page": page["id"]}).mappings() if row["key"] == source["key"]]
    if not moves:
        raise NotFound(
            f"{source['key']} did not move to {page['key']}", hint=f"onrecord log {page['key']}", code="move.missing"
        )
    move, version = moves[-1], table("version")
    stood = select(version.c.n).where(
        version.c.page_id == page["id"], version.c.rules_id == page["rules_id"], version.c.first_at <= move["at"]
    )
    number = session.execute(stood.order_by(version.c.n.desc()).limit(1)).scalar()
    return last_content(session, source, move["from_n"]), last_content(session, page, number)


@cache
def _moves() -> Select[Any]:
    """Changes that moved another page's work to the `page`, in the timelines that are told. Built once: all articles ask it."""
    change, source = table("change"), table("page")
    to, before, told = table("version").alias("to_version"), table("version").alias("from_version"), source.alias("told")
    return (
        select(change.c.from_url, change.c.at, source.c.key, to.c.n.label("to_n"), to.c.page_id.label("to_page"))
        .add_columns(before.c.n.label("from_n"))
        .join(to, to.c.id == change.c.to_id)
        .join(told, (told.c.id == to.c.page_id) & (told.c.rules_id == to.c.rules_id))
        .join(before, before.c.id == change.c.from_id)
        .join(source, source.c.id == before.c.page_id)
        .where(change.c.page_id == bindparam("page"), change.c.kind == "moved")
        .order_by(change.c.at, change.c.id)
    )
