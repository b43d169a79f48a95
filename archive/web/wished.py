"""How far is a capture from the time a reader asked for? The time goes along in the address that they are sent on to.

It is a parameter behind the archived address, taken off again before the address is looked up: a query of the archived
address belongs to that address, so this one must be last and have a name that no portal uses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive import memento

PARAMETER = "onrecord-asked-for"
NEAR = timedelta(days=1)
_LAST = re.compile(rf"[?&]{PARAMETER}=(\d{{4,14}})$")
_UNITS = (("year", 365.25), ("month", 30.44), ("day", 1.0))
_FORMS = {4: "%Y", 6: "%Y-%m", 8: "%Y-%m-%d"}


@dataclass(frozen=True, slots=True)
class Wished:
    """A time asked for, and how much later or earlier the capture is."""

    moment: str
    distance: str


def parted(url: str) -> tuple[str, str | None]:
    """An address as it was sent, as the archived address and the time asked for before."""
    found = _LAST.search(url)
    return (url[: found.start()], found[1]) if found else (url, None)


def carried(url: str, stamp: str, at: datetime) -> str:
    """The archived address with the time asked for, where the capture is not near it."""
    return f"{url}{'&' if '?' in url else '?'}{PARAMETER}={stamp}" if wished(stamp, at) else url


def wished(stamp: str | None, at: datetime) -> Wished | None:
    """What to say of a capture; None where it is near to, or within, what was asked for."""
    if stamp is None:
        return None
    try:
        start = memento.parse_stamp(stamp)
    except ValueError:
        return None
    end = _end(start, len(stamp))
    apart = start - at if at < start else at - end
    if apart <= NEAR:
        return None
    days = apart / timedelta(days=1)
    unit, length = next(((unit, length) for unit, length in _UNITS if days >= length), _UNITS[-1])
    count = int(days / length)
    said = f"{count} {unit}{'s' if count != 1 else ''} {'earlier' if at < start else 'later'}"
    return Wished(start.strftime(_FORMS.get(len(stamp), "%Y-%m-%d %H:%M UTC")), said)


def _end(start: datetime, digits: int) -> datetime:
    """The end of the year, month or day that was asked for; of anything shorter, its beginning."""
    if digits >= 9:
        return start
    if digits >= 8:
        return start + timedelta(days=1)
    if digits >= 6:
        return (start.replace(day=1) + timedelta(days=32)).replace(day=1)
    return start.replace(year=start.year + 1) if start.year < 9999 else start
