"""Answers that are counted over the whole record are counted once until the record changes.

A crawl commits visits, changes, decisions and runs; their newest ids say in a fraction of a millisecond whether anything did.
While a crawl writes several times a second, an answer that took long to count is given for up to half a minute more (figures
that took a third of a second, for ten), and counted anew meanwhile: what reads fast is always as it is, what does not is never
waited for twice.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive import database
from archive.query.rows import table
from archive.workspace import Workspace

T = TypeVar("T")
Stamp = tuple[Any, ...]
MOST = 300  # answers
DEAR = 0.005  # seconds: what takes longer to count is worth giving once more
PRECIOUS = 0.05  # seconds: what takes longer is forgotten last
KEPT = 30.0  # seconds that it is given for, or
TIMES = 2_000  # as often the time that it took


@dataclass(slots=True)
class _Answer:
    stamp: Stamp  # of the record it was counted in
    at: float  # when, in seconds of the monotonic clock
    took: float
    value: Any


class Remembered:
    """A bounded memory of answers. Safe among threads."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, _Answer] = OrderedDict()
        self._renewed: set[Hashable] = set()
        self._renewing = ThreadPoolExecutor(1, "remembered")

    def ask(self, session: Session, stamp: Stamp, question: Callable[..., T], **words: Any) -> T:
        """What `question(session, **words)` answers. The words must be hashable, the answer is shared: do not change it.
        `stamp` is that of `stamp_of`, once for a request."""
        key = (question.__module__, question.__qualname__, *sorted(words.items()))
        with self._lock:
            known = self._answers.get(key)
            if known is not None:
                self._answers.move_to_end(key)
                if known.stamp == stamp:
                    fresh: T = known.value
                    return fresh
                if known.took > DEAR and time.monotonic() - known.at < max(KEPT, TIMES * known.took):
                    if key not in self._renewed:
                        self._renewed.add(key)
                        self._renewing.submit(self._renew, key, question, words)
                    older: T = known.value
                    return older
        return self._count(session, stamp, key, question, words)

    def _count(self, session: Session, stamp: Stamp, key: Hashable, question: Callable[..., T], words: dict[str, Any]) -> T:
        began = time.monotonic()
        value = question(session, **words)
        now = time.monotonic()
        with self._lock:
            self._answers[key] = _Answer(stamp, now, now - began, value)
            self._answers.move_to_end(key)
            while len(self._answers) > MOST:
                cheap = (known for known, answer in self._answers.items() if answer.took < PRECIOUS)
                self._answers.pop(next(cheap, next(iter(self._answers))))
        return value

    def _renew(self, key: Hashable, question: Callable[..., Any], words: dict[str, Any]) -> None:
        try:
            with database.session(self._workspace, readonly=True, kept=True) as session:
                self._count(session, stamp_of(session), key, question, words)
        finally:
            with self._lock:
                self._renewed.discard(key)


def stamp_of(session: Session) -> Stamp:
    """Differs once anything that pages tell was written."""
    run, portal = table("run"), table("portal")
    newest = [select(func.max(table(name).c.id)).scalar_subquery() for name in ("visit", "change", "decision", "run", "rules")]
    ended = select(func.max(run.c.ended_at)).scalar_subquery()
    paused = select(func.count()).where(portal.c.paused.is_(True)).scalar_subquery()
    return tuple(session.execute(select(*newest, ended, paused)).one())
