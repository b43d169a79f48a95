"""Since you last looked, without an account: a mark in the reader's own browser, or `?since=` in the address.

The mark is a cookie of two times and nothing else, for this site only: when this look at the home page began, and when the
one before it ended. Looks less than half an hour apart are one look, so that going back home does not empty the list.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from archive.web.asked import Asked

COOKIE = "looked"
ONE_LOOK = timedelta(minutes=30)
YEAR = 365 * 86_400  # seconds


def since(asked: Asked, session: Session, now: datetime) -> tuple[datetime | None, str | None]:
    """When this reader looked last, and the mark to set in their browser (none for the twins, whose readers say `since`)."""
    given, _ = asked.period(session)
    if given is not None:
        return given.astimezone(UTC), None
    if asked.format != "html":
        return None, None
    before, began = _read(asked.request.cookies.get(COOKIE, ""), now)
    if began is None:
        return None, _mark(now, now)
    if now - began < ONE_LOOK:
        return (before if before != began else None), _mark(before or began, now)
    return began, _mark(began, now)


def cookie(mark: str) -> str:
    """The Set-Cookie header of a mark: no script reads it, no other site sends it."""
    return f"{COOKIE}={mark}; Path=/; Max-Age={YEAR}; HttpOnly; SameSite=Lax"


def _read(value: str, now: datetime) -> tuple[datetime | None, datetime | None]:
    found = re.fullmatch(r"(\d{1,11})-(\d{1,11})", value)
    if found is None:
        return None, None
    before, began = (datetime.fromtimestamp(int(part), UTC) for part in found.groups())
    return (before, began) if before <= began <= now else (None, None)


def _mark(before: datetime, began: datetime) -> str:
    return f"{int(before.timestamp())}-{int(began.timestamp())}"
