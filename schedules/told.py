"""What people and programs are told of schedules: when each is due next, how its firings ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import models
from schedules import schedule
from schedules.cron import zone
from schedules.schedule import Schedule


def listed(session: Session, now: datetime) -> Iterator[dict[str, Any]]:
    """Rows of `schedule list --json`, by name. Times are in the schedule's own zone."""
    for item in schedule.every(session):
        yield {
            "name": item.name,
            "portal": item.portal,
            "cron": item.rule.cron,
            "words": item.rule.words,
            "timezone": item.rule.timezone,
            "next": None if item.paused else item.rule.next_fire(now),
            "last": _last(session, item),
            "paused": item.paused,
            "spec": item.rule.spec,
        }


def history(session: Session, found: Schedule, limit: int | None = None) -> Iterator[dict[str, Any]]:
    """Rows of `schedule history --json`, newest first."""
    local = zone(found.rule.timezone)
    mine = select(models.DueRun).where(models.DueRun.schedule_id == found.id).order_by(models.DueRun.scheduled_at.desc())
    for row in session.scalars(mine.limit(limit)):
        run = _run(session, row)
        yield {
            "schedule": found.name,
            "portal": found.portal,
            "scheduled_at": row.scheduled_at.astimezone(local),
            "state": row.state,
            "started_at": row.started_at and row.started_at.astimezone(local),
            "ended_at": row.ended_at and row.ended_at.astimezone(local),
            "seconds": (row.ended_at - row.started_at).total_seconds() if row.ended_at and row.started_at else None,
            "exit_code": row.exit_code,
            "run": run.uid if run else None,
            "outcome": run.outcome if run else None,
            "note": row.note,
            "log": row.log,
        }


def _last(session: Session, item: Schedule) -> dict[str, Any] | None:
    mine = select(models.DueRun).where(models.DueRun.schedule_id == item.id).order_by(models.DueRun.scheduled_at.desc())
    row = session.scalar(mine.limit(1))
    if row is None:
        return None
    run = _run(session, row)
    return {
        "run": run.uid if run else None,
        "at": row.scheduled_at.astimezone(zone(item.rule.timezone)),
        "outcome": run.outcome if run else row.state,
        "note": row.note,
    }


def _run(session: Session, row: models.DueRun) -> models.Run | None:
    mine = models.Run.portal_id == row.portal_id, models.Run.scheduled_at == row.scheduled_at
    return session.scalar(select(models.Run).where(*mine))
