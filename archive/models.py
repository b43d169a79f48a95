"""The record's tables. Schema changes are Alembic migrations (archive/migrations); nothing calls create_all.

Times are aware UTC instants stored as integer microseconds since 1970 (`Instant`), so that SQLite and PostgreSQL order
and compare them alike and no time zone is lost. JSON columns hold lists and small objects, never anything queried by.
A `seal` is the digest of its row (archive/seals.py), by which `verify` finds a flipped bit that SQLite does not.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, BigInteger, Float, ForeignKey, Index, Integer, Text, TypeDecorator, UniqueConstraint, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

_MOVED = "moved_to_id IS NOT NULL"  # of an index without the others: SQLite took it for the way to all that had not moved
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Json = JSON().with_variant(postgresql.JSONB(), "postgresql")
Id = BigInteger().with_variant(Integer(), "sqlite")


def to_microseconds(value: datetime) -> int:
    """Microseconds since 1970-01-01T00:00Z of an aware datetime; ValueError for a naive one, which would be a guess."""
    if value.tzinfo is None:
        raise ValueError("naive datetime")
    since = value - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


class Instant(TypeDecorator[datetime]):
    """An aware datetime as microseconds since 1970-01-01T00:00Z."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """To microseconds."""
        return None if value is None else to_microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Back to an aware UTC datetime."""
        return None if value is None else EPOCH + timedelta(microseconds=value)


class Base(DeclarativeBase):
    """The one declarative base."""

    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads this class attribute
        datetime: Instant(),
        str: Text(),
        int: BigInteger().with_variant(Integer(), "sqlite"),
        float: Float(),
        dict[str, Any]: Json,
        list[Any]: Json,
    }


class Portal(Base):
    """One government site."""

    __tablename__ = "portal"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    home: Mapped[str]
    name: Mapped[str]
    tz: Mapped[str] = mapped_column(default="UTC")
    robots: Mapped[str] = mapped_column(default="obey")  # obey | override
    robots_reason: Mapped[str | None]  # required when overridden
    paused: Mapped[bool] = mapped_column(default=False)


class Rules(Base):
    """A portal's reading rules and extractor at one time; one `current` per portal."""

    __tablename__ = "rules"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    portal_id: Mapped[int] = mapped_column(ForeignKey("portal.id"))
    digest: Mapped[str]
    extractor: Mapped[str]
    definition: Mapped[str]  # the portal file in force
    state: Mapped[str] = mapped_column(default="building")  # building | current | old
    record_uri: Mapped[str | None]  # the WARC record that holds `definition`
    __table_args__ = (UniqueConstraint("portal_id", "digest"),)


class Run(Base):
    """One execution of a spider, an import or a backfill."""

    __tablename__ = "run"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True)
    portal_id: Mapped[int] = mapped_column(ForeignKey("portal.id"))
    rules_id: Mapped[int | None] = mapped_column(ForeignKey("rules.id"))
    kind: Mapped[str] = mapped_column(default="crawl")  # crawl | import | backfill | reextract
    scheduled_at: Mapped[datetime | None]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(default="running")  # running | ok | unhealthy | interrupted | failed
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    stats: Mapped[dict[str, Any]] = mapped_column(default=dict)
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    warcinfo_uri: Mapped[str | None]
    __table_args__ = (UniqueConstraint("portal_id", "scheduled_at"), Index("run_by_start", "portal_id", "started_at"))


class Warc(Base):
    """One WARC file: what is acknowledged of it. `sha256` is set when it is closed."""

    __tablename__ = "warc"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    bytes: Mapped[int] = mapped_column(default=0)
    records: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="open")  # open | closed


class Payload(Base):
    """An entity body (transfer coding removed, content coding kept), named by its sha256."""

    __tablename__ = "payload"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    sha256: Mapped[str] = mapped_column(unique=True)
    bytes: Mapped[int]
    media: Mapped[str | None]
    seal: Mapped[int]


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


class Capture(Base):
    """One answer: a response or revisit record in a WARC file."""

    __tablename__ = "capture"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    hop: Mapped[int] = mapped_column(default=0)
    url: Mapped[str]
    urlkey: Mapped[str]
    at: Mapped[datetime]
    status: Mapped[int]
    location: Mapped[str | None]
    media: Mapped[str | None]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    payload_id: Mapped[int | None] = mapped_column(ForeignKey("payload.id"))
    record: Mapped[str] = mapped_column(default="response")  # response | revisit
    uri: Mapped[str]  # WARC-Record-ID
    digest: Mapped[str | None]  # WARC-Payload-Digest of the record, where it has one
    fidelity: Mapped[str] = mapped_column(default="wire")
    truncated: Mapped[str | None]
    warc_id: Mapped[int] = mapped_column(ForeignKey("warc.id"))
    offset: Mapped[int]
    length: Mapped[int]
    sha256: Mapped[str]  # of the record's gzip member
    request_offset: Mapped[int | None]
    request_length: Mapped[int | None]
    leaf: Mapped[int | None] = mapped_column(unique=True)  # index in the ledger
    withheld: Mapped[bool] = mapped_column(default=False)
    seal: Mapped[int]
    __table_args__ = (
        UniqueConstraint("visit_id", "hop"),
        UniqueConstraint("warc_id", "offset"),
        Index("capture_by_url", "urlkey", "at"),
        Index("capture_by_payload", "payload_id"),
    )


class Checkpoint(Base):
    """A signed head of the ledger."""

    __tablename__ = "checkpoint"
    size: Mapped[int] = mapped_column(primary_key=True)
    root: Mapped[str]
    note: Mapped[str]
    tokens: Mapped[list[Any]] = mapped_column(default=list)


class Decision(Base):
    """What a person decided; kept in the evidence too."""

    __tablename__ = "decision"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime]
    who: Mapped[str]
    verb: Mapped[str]  # merge | split | mute | unmute | withhold | star | unstar | note
    subject: Mapped[str] = mapped_column(index=True)  # page key, change, portal slot
    reason: Mapped[str | None]
    record_uri: Mapped[str | None] = mapped_column(unique=True)


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


class Schedule(Base):
    """When a portal is crawled. Kept here so that all schedulers of one store see one truth; not part of the record."""

    __tablename__ = "schedule"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    portal_id: Mapped[int] = mapped_column(ForeignKey("portal.id"), index=True)
    spec: Mapped[str]  # as given: "every 30 min" or a crontab expression
    timezone: Mapped[str]
    paused: Mapped[bool] = mapped_column(default=False)
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)  # jitter, deadline, recheck, ...
    created_at: Mapped[datetime]


class DueRun(Base):
    """One firing of a schedule: the unique row is what keeps two schedulers from crawling twice."""

    __tablename__ = "due_run"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    schedule_id: Mapped[int] = mapped_column(ForeignKey("schedule.id"), index=True)
    portal_id: Mapped[int] = mapped_column(ForeignKey("portal.id"))
    scheduled_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="due")  # due | running | done | failed | missed | skipped
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    exit_code: Mapped[int | None]
    run_uid: Mapped[str | None]
    pid: Mapped[int | None]
    log: Mapped[str | None]
    note: Mapped[str | None]
    __table_args__ = (UniqueConstraint("portal_id", "scheduled_at"), Index("due_by_state", "state", "scheduled_at"))
