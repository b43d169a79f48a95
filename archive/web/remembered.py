"""Answers that are counted over the whole record are counted once until the record changes.

A crawl commits visits, changes, decisions and runs; their newest ids say in a fraction of a millisecond whether anything did.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.query.rows import table

T = TypeVar("T")
MOST = 300  # answers


class Remembered:
    """A bounded memory of answers, forgotten as a whole when the record has changed. Safe among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stamp: tuple[Any, ...] = ()
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()

    def ask(self, session: Session, question: Callable[..., T], **words: Any) -> T:
        """What `question(session, **words)` answers. The words must be hashable, the answer is shared: do not change it."""
        stamp, key = _stamp(session), (question.__module__, question.__qualname__, *sorted(words.items()))
        with self._lock:
            if stamp != self._stamp:
                self._stamp = stamp
                self._answers.clear()
            if key in self._answers:
                self._answers.move_to_end(key)
                found: T = self._answers[key]
                return found
        answer = question(session, **words)
        with self._lock:
            if stamp == self._stamp:
                self._answers[key] = answer
                while len(self._answers) > MOST:
                    self._answers.popitem(last=False)
        return answer


def _stamp(session: Session) -> tuple[Any, ...]:
    """Differs once anything that pages tell was written."""
    run, portal = table("run"), table("portal")
    newest = [select(func.max(table(name).c.id)).scalar_subquery() for name in ("visit", "change", "decision", "run", "rules")]
    ended = select(func.max(run.c.ended_at)).scalar_subquery()
    paused = select(func.count()).where(portal.c.paused.is_(True)).scalar_subquery()
    return tuple(session.execute(select(*newest, ended, paused)).one())
