"""Whom does the archive watch, by which rules, and when did it look? Portals, their rules, runs and schedules."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from archive.models.base import Base, Id


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
