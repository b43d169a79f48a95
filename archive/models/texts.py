"""What did pages say, and what changed? Readings, works, versions, changes, sentences and links."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from archive.models.base import Base, Id


class Reading(Base):
    """An Article read from a payload under one set of rules. `article` holds the fields without a column of their own."""

    __tablename__ = "reading"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    payload_id: Mapped[int] = mapped_column(ForeignKey("payload.id"))
    rules_id: Mapped[int] = mapped_column(ForeignKey("rules.id"))
    context: Mapped[str]  # urlkey, HTTP charset and layout: the same bytes elsewhere read otherwise
    kind: Mapped[str] = mapped_column(default="page")
    headline: Mapped[str | None]
    body: Mapped[str] = mapped_column(default="")
    lang: Mapped[str | None]
    section: Mapped[str | None]  # as the article says itself
    published_on: Mapped[str | None]  # local calendar date stated, ISO
    published_at: Mapped[datetime | None]  # only where an instant is stated
    article: Mapped[dict[str, Any]] = mapped_column(default=dict)
    textprint: Mapped[str]
    bodyprint: Mapped[str] = mapped_column(index=True)  # of headline and body: finds a text at another address
    extractor: Mapped[str] = mapped_column(default="")
    warnings: Mapped[list[Any]] = mapped_column(default=list)
    seal: Mapped[int]
    __table_args__ = (
        UniqueConstraint("payload_id", "rules_id", "context"),
        Index("reading_by_day", "published_on", "rules_id", "lang", "section"),  # what lists choose by, without the text
        Index("reading_by_section", "section"),
    )


class Work(Base):
    """A piece of writing apart from its address."""

    __tablename__ = "work"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    lang: Mapped[str | None]
    translation_of: Mapped[int | None] = mapped_column(ForeignKey("work.id"))


class Version(Base):
    """An episode in a page's life, from the first to the last visit that showed it."""

    __tablename__ = "version"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"))
    variant: Mapped[str] = mapped_column(default="")
    rules_id: Mapped[int] = mapped_column(ForeignKey("rules.id"))
    n: Mapped[int]
    state: Mapped[str]  # content | gone | redirect | blocked
    status: Mapped[int | None]
    location: Mapped[str | None]  # where a redirect episode leads
    work_id: Mapped[int | None] = mapped_column(ForeignKey("work.id"))
    reading_id: Mapped[int | None] = mapped_column(ForeignKey("reading.id"))
    capture_id: Mapped[int | None] = mapped_column(ForeignKey("capture.id"))  # the first capture that showed it
    first_visit: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    last_visit: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    not_before: Mapped[datetime | None]  # last sight of the version before; None for the first
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    visits: Mapped[int] = mapped_column(default=1)
    seal: Mapped[int]
    __table_args__ = (
        UniqueConstraint("page_id", "variant", "rules_id", "n"),
        Index("version_by_reading", "reading_id", "page_id", "rules_id", "variant", "state", "n", "first_at"),
    )


class Noise(Base):
    """A slot of a portal's pages known to be furniture: a change in it is muted from `since` on."""

    __tablename__ = "noise"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    portal_id: Mapped[int] = mapped_column(ForeignKey("portal.id"), index=True)
    slot: Mapped[str]
    why: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("portal_id", "slot", "since"),)


class Change(Base):
    """An ordered pair of consecutive versions of a page: what was done, how much, between when and when."""

    __tablename__ = "change"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("version.id"), unique=True)
    from_id: Mapped[int | None] = mapped_column(ForeignKey("version.id"))
    portal_id: Mapped[int] = mapped_column(ForeignKey("portal.id"))
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"), index=True)
    from_url: Mapped[str | None]  # of a moved page
    kind: Mapped[str]  # new | edited | moved | replaced | gone | back
    fields: Mapped[list[Any]] = mapped_column(default=list)
    words_added: Mapped[int] = mapped_column(default=0)
    words_removed: Mapped[int] = mapped_column(default=0)
    score: Mapped[float] = mapped_column(default=0.0)
    why: Mapped[str] = mapped_column(default="")
    declared: Mapped[str] = mapped_column(default="unknown")  # yes | no | unknown
    not_before: Mapped[datetime | None]  # last sight of what was before
    at: Mapped[datetime]  # when it was established; a removal is dated by its version's first_at
    ops: Mapped[list[Any]] = mapped_column(default=list)  # the blocks of `diff --json`
    muted: Mapped[str | None]  # the furniture slot, or kind of typography, that is all of the change
    seal: Mapped[int]
    __table_args__ = (
        Index("change_by_time", "portal_id", "at", "kind", "muted", "page_id", "to_id"),
        Index("change_newest", "at", "kind", "muted", "page_id", "to_id", "portal_id"),
    )


class Stretch(Base):
    """One sentence of a field through a page's versions: the version that brought it and the one that took it."""

    __tablename__ = "stretch"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"))
    variant: Mapped[str] = mapped_column(default="")
    field: Mapped[str]
    hash: Mapped[str]
    nth: Mapped[int]
    born: Mapped[int] = mapped_column(ForeignKey("version.id"))
    died: Mapped[int | None] = mapped_column(ForeignKey("version.id"))
    text: Mapped[str | None]  # only when dead
    __table_args__ = (UniqueConstraint("page_id", "variant", "field", "hash", "nth", "born"),)


class Link(Base):
    """A link of a reading."""

    __tablename__ = "link"
    reading_id: Mapped[int] = mapped_column(ForeignKey("reading.id"), primary_key=True)
    ord: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    url: Mapped[str | None]
    urlkey: Mapped[str | None] = mapped_column(index=True)
    text: Mapped[str | None]
    outlet: Mapped[str | None]
    stated_date: Mapped[str | None]
    lang: Mapped[str | None]
