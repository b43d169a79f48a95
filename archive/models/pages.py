"""What was looked at? Pages, their other names, every look at one, and where a listing showed it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from archive.models.base import Base, Id

_MOVED = "moved_to_id IS NOT NULL"  # of an index without the others: SQLite took it for the way to all that had not moved


class Page(Base):
    """One resource at a canonical URL, through time. `key` is the id people see, a prefix of it is enough."""

    __tablename__ = "page"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    portal_id: Mapped[int] = mapped_column(ForeignKey("portal.id"))
    url: Mapped[str]
    urlkey: Mapped[str]
    role: Mapped[str]
    whole_id: Mapped[int | None] = mapped_column(ForeignKey("page.id"))
    part: Mapped[int | None]
    rules_id: Mapped[int | None] = mapped_column(ForeignKey("rules.id"))  # whose timeline is the page's
    moved_to_id: Mapped[int | None] = mapped_column(ForeignKey("page.id"))
    state: Mapped[str] = mapped_column(default="live")  # live | suspected | gone
    first_seen: Mapped[datetime | None]
    last_seen: Mapped[datetime | None]  # last visit that showed content
    first_missing_at: Mapped[datetime | None]
    missing_visits: Mapped[int] = mapped_column(default=0)  # since first_missing_at
    last_visit_at: Mapped[datetime | None]
    seal: Mapped[int]
    __table_args__ = (
        UniqueConstraint("portal_id", "urlkey"),
        Index("page_by_state", "portal_id", "state"),
        Index("page_by_role", "portal_id", "role", "last_visit_at", "first_seen", "moved_to_id", "state"),
        Index("page_moved", "moved_to_id", sqlite_where=text(_MOVED), postgresql_where=text(_MOVED)),
    )


class Alias(Base):
    """Another address of a page: a claim (canonical) or an observation (redirect, print, moved)."""

    __tablename__ = "alias"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"), index=True)
    urlkey: Mapped[str] = mapped_column(index=True)
    url: Mapped[str]
    why: Mapped[str]  # spelling | redirect | canonical | moved
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    seal: Mapped[int]
    __table_args__ = (UniqueConstraint("page_id", "urlkey", "why"),)


class Visit(Base):
    """One look at a page."""

    __tablename__ = "visit"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    origin: Mapped[str] = mapped_column(default="crawl")
    variant: Mapped[str] = mapped_column(default="")
    vantage: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    outcome: Mapped[str]
    basis: Mapped[str] = mapped_column(default="none")  # read | same_bytes | same_text | not_modified | none
    status: Mapped[int | None]  # of the last hop
    error: Mapped[str | None]
    via: Mapped[str | None]  # how the URL was found
    via_url: Mapped[str | None]
    seal: Mapped[int]
    __table_args__ = (
        Index("visit_by_page", "page_id", "variant", "at"),
        Index("visit_by_run", "run_id", "outcome"),
    )


class SightingRow(Base):
    """A listing, feed or sitemap that showed a page under one title and date: first, last, and where on it at last."""

    __tablename__ = "sighting"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    page_id: Mapped[int | None] = mapped_column(ForeignKey("page.id"))  # None until the page is visited
    hub_id: Mapped[int] = mapped_column(ForeignKey("page.id"))
    urlkey: Mapped[str] = mapped_column(index=True)
    url: Mapped[str]
    section: Mapped[str | None] = mapped_column(index=True)
    position: Mapped[int]
    title: Mapped[str | None]
    stated_date: Mapped[str | None]
    first_visit: Mapped[int] = mapped_column(ForeignKey("visit.id"))  # of the hub
    last_visit: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    seal: Mapped[int]
    __table_args__ = (Index("sighting_by_page", "page_id", "section"), Index("sighting_by_hub", "hub_id", "section"))
