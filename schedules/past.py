"""The archive's own history of a portal as a replay plays it: which pages there were, and when they were edited."""

from __future__ import annotations

import numpy as np
from sqlalchemy.orm import Session

from archive import query
from archive.errors import NotFound
from schedules.replay import History

_HOUR = 3_600_000_000  # microseconds


def past(session: Session, portal: str) -> History:
    """Edits as the visits bound them, each in the middle of its interval; NotFound when nothing was seen yet."""
    pages = sorted(query.revisit_pages(session, portal), key=lambda item: item.first_seen)
    if not pages:
        raise NotFound(f"no page of {portal} was seen yet", hint=f"onrecord crawl {portal}")
    place = {item.id: number for number, item in enumerate(pages)}
    last = {item.id: item.first_seen for item in pages}
    edits: list[tuple[int, float]] = []
    end = max(item.last_visit_at for item in pages)
    for look in query.looks(session, portal):
        if look.page not in place:
            continue
        if look.changed and look.at > last[look.page]:
            edits.append((place[look.page], (last[look.page] + look.at) / 2 / _HOUR))
        last[look.page] = look.at
    edits.sort()
    names = list(dict.fromkeys(item.section or item.role for item in pages))
    return History(
        section=np.array([names.index(item.section or item.role) for item in pages], dtype=np.intp),
        born=np.array([item.first_seen / _HOUR for item in pages]),
        page=np.array([page for page, _ in edits], dtype=np.intp),
        at=np.array([at for _, at in edits]),
        end=end / _HOUR,
    )
