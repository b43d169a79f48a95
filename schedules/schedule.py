"""Schedules: validated, kept in the record's database so that every scheduler of a store sees the same ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import models
from archive.errors import NotFound, UsageError
from crawler.portal import Duration, Portal
from schedules import cron
from schedules.cron import Rule


class Options(BaseModel):
    """How a schedule's crawls run. Durations are written 20m, 2h; in the database they are seconds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    recheck: Literal["due", "all", "none"] = "due"
    jitter: Duration = timedelta(0)  # starts up to so long after the firing: the same for every scheduler of a store
    deadline: Duration = timedelta(hours=6)  # a crawl is stopped cleanly after so long
    grace: Duration | None = None  # a firing missed by more than this is not made up for; None: always is, once


@dataclass(frozen=True, slots=True)
class Schedule:
    """One schedule as the runner needs it."""

    id: int
    name: str
    portal: str
    portal_id: int
    rule: Rule
    paused: bool
    created_at: datetime
    options: Options = field(default_factory=Options)


def add(
    session: Session,
    portal: Portal,
    spec: str,
    *,
    timezone: str | None = None,
    name: str | None = None,
    options: dict[str, Any] | None = None,
    now: datetime | None = None,
) -> Schedule:
    """Add a schedule in the portal's time zone unless another is named. UsageError says what is wrong with it.

    Its name is the portal's, with -2, -3 after it where that is taken; the same rule twice for a portal is refused.
    """
    about = portal.about
    rule = cron.parse(spec, timezone or about.timezone)
    try:
        checked = Options.model_validate(options or {})
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from error
    taken = {row.name: row for row in session.scalars(select(models.Schedule))}
    row_of_portal = _portal_row(session, portal)
    for row in taken.values():
        if row.portal_id == row_of_portal.id and (row.spec, row.timezone) == (spec, rule.timezone):
            raise UsageError(f"{row.name} already says {rule.words} for {about.id}")
    if name is None:
        name = next(free for n in range(1, 10_000) if (free := about.id if n == 1 else f"{about.id}-{n}") not in taken)
    elif name in taken:
        raise UsageError(f"there is a schedule {name} already", hint=f"onrecord schedule remove {name}")
    made = models.Schedule(
        name=name,
        portal_id=row_of_portal.id,
        spec=spec,
        timezone=rule.timezone,
        options=_stored(checked),
        created_at=now or datetime.now(UTC),
    )
    session.add(made)
    session.flush()
    return _read(made, about.id)


def every(session: Session, *, active: bool = False) -> Iterator[Schedule]:
    """All schedules by name; with `active` only those that are not paused and whose portal is not."""
    query = select(models.Schedule, models.Portal).join(models.Portal, models.Portal.id == models.Schedule.portal_id)
    for row, portal in session.execute(query.order_by(models.Schedule.name)).all():
        if not (active and (row.paused or portal.paused)):
            yield _read(row, portal.slug)


def named(session: Session, name: str) -> Schedule:
    """The schedule of this name, or the only one of a portal of this name; NotFound names those there are."""
    found = list(every(session))
    mine = [item for item in found if item.name == name] or [item for item in found if item.portal == name]
    if len(mine) == 1:
        return mine[0]
    if mine:
        raise UsageError(f"{name} has several schedules: {', '.join(item.name for item in mine)}")
    names = ", ".join(item.name for item in found) or "none"
    raise NotFound(f"no schedule {name!r}; there are: {names}", hint="onrecord schedule list", code="schedule.missing")


def set_paused(session: Session, name: str, *, paused: bool) -> bool:
    """Let a schedule rest or go on; False where it already does."""
    row = session.get_one(models.Schedule, named(session, name).id)
    changed, row.paused = row.paused != paused, paused
    return changed


def remove(session: Session, name: str) -> Schedule:
    """Forget a schedule and its firings; the crawls it started stay in the record."""
    found = named(session, name)
    for due in session.scalars(select(models.DueRun).where(models.DueRun.schedule_id == found.id)):
        session.delete(due)
    session.flush()
    session.delete(session.get_one(models.Schedule, found.id))
    return found


def _read(row: models.Schedule, portal: str) -> Schedule:
    rule = cron.parse(row.spec, row.timezone)
    options = Options.model_validate(row.options)
    return Schedule(row.id, row.name, portal, row.portal_id, rule, row.paused, row.created_at, options)


def _stored(options: Options) -> dict[str, Any]:
    values = options.model_dump(exclude_defaults=True)
    return {key: value.total_seconds() if isinstance(value, timedelta) else value for key, value in values.items()}


def _portal_row(session: Session, portal: Portal) -> models.Portal:
    about = portal.about
    row = session.scalar(select(models.Portal).where(models.Portal.slug == about.id))
    if row is None:  # added, never crawled
        row = models.Portal(slug=about.id, home=about.home, name=about.name, tz=about.timezone, paused=False)
        row.robots = "obey" if about.robots.obey else "override"
        row.robots_reason = about.robots.reason
        session.add(row)
        session.flush()
    return row
