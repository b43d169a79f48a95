"""When a portal wants to be left alone: its quiet hours ("23:00-06:00") by the clock of its own time zone. PURE."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from archive.errors import OnrecordError


class QuietHours(OnrecordError):
    """The portal's quiet hours: nothing is asked before they end."""

    code = "portal.quiet"
    exit_code = 7


def quiet_until(hours: str | None, timezone: str, now: datetime) -> datetime | None:
    """When the quiet hours end, if `now` is within them."""
    if hours is None:
        return None
    start, end, local = *_clock(hours), now.astimezone(ZoneInfo(timezone))
    clock = local.time().replace(tzinfo=None)
    inside = start <= clock < end if start <= end else clock >= start or clock < end
    if not inside:
        return None
    day = local.date() + timedelta(days=1 if clock >= end else 0)
    return datetime.combine(day, end, local.tzinfo)


def quiet_from(hours: str | None, timezone: str, now: datetime) -> datetime | None:
    """When the next quiet hours begin."""
    if hours is None:
        return None
    start, local = _clock(hours)[0], now.astimezone(ZoneInfo(timezone))
    day = local.date() + timedelta(days=0 if local.time().replace(tzinfo=None) < start else 1)
    return datetime.combine(day, start, local.tzinfo)


def _clock(hours: str) -> tuple[time, time]:
    start, end = (time.fromisoformat(part) if part != "24:00" else time(0) for part in hours.split("-"))
    return start, end
