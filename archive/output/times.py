"""In which zone is an instant written, and how long ago was it?

Values keep the offset they were given in (a portal's own zone, as the query returns it) unless `--tz` names another.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from archive.errors import UsageError


def zone(name: str) -> tzinfo:
    """The zone `--tz` names: an IANA name, `UTC`, or `local` for this machine's. UsageError for anything else."""
    if name.lower() == "local":
        local = datetime.now().astimezone().tzinfo
        return local if local is not None else UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(f"no time zone {name!r}", hint="write a name like Asia/Baku, UTC, or local") from error


def localised(value: Any, tz: tzinfo | None) -> Any:
    """The value with every instant in it, however deep, as ISO-8601 with offset (seconds), moved to `tz` where given."""
    if isinstance(value, datetime):
        return _moved(value, tz).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: localised(item, tz) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [localised(item, tz) for item in value]
    return value


def instant(value: datetime | str | None) -> datetime | None:
    """An aware datetime from one or from its ISO form; None for None and for a string that is no instant."""
    if value is None or isinstance(value, datetime):
        return value
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else None


def moment(value: datetime | str | None, tz: tzinfo | None = None) -> str:
    """An instant for people: `2018-11-29 09:10 +04`; a date stays as it is, None is empty."""
    at = instant(value)
    if at is None:
        return str(value or "")
    at = _moved(at, tz)
    return f"{at:%Y-%m-%d %H:%M} {offset(at)}"


def day_and_time(value: datetime | str | None, tz: tzinfo | None = None) -> str:
    """An instant for the narrow column of a list: `29 Nov 09:10` this year, `29 Nov 2018` before."""
    at = instant(value)
    if at is None:
        return str(value or "")
    at = _moved(at, tz)
    if at.year == datetime.now(at.tzinfo).year:
        return f"{at.day:>2} {at:%b %H:%M}"
    return f"{at.day:>2} {at:%b %Y}"


def offset(at: datetime) -> str:
    """The offset as short as it is exact: `UTC`, `+04`, `+05:30`."""
    delta = at.utcoffset()
    if not delta:
        return "UTC"
    minutes = round(delta.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02d}" + (f":{rest:02d}" if rest else "")


def span(seconds: float) -> str:
    """A length of time in its two largest units: `9m 22s`, `2h 5m`, `3d 4h`."""
    rest = round(seconds)
    parts: list[str] = []
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, rest = divmod(rest, size)
        if count or (unit == "s" and not parts):
            parts.append(f"{count}{unit}")
    return " ".join(parts[:2])


def _moved(at: datetime, tz: tzinfo | None) -> datetime:
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return at.astimezone(tz) if tz is not None else at
