"""What was counted once is not counted again until it must be, and a dear answer is never waited for twice."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy.orm import Session

from archive.database import session
from archive.web import remembered
from archive.web.remembered import Remembered
from archive.workspace import Workspace

calls: list[int] = []
done = threading.Event()


def question(_session: Session, *, number: int) -> int:
    """Counts how often it is asked."""
    calls.append(number)
    done.set()
    return len(calls)


@pytest.fixture(autouse=True)
def _anew() -> None:
    calls.clear()
    done.clear()


def test_a_cheap_answer_is_counted_again_once_the_record_changed(sqlite_workspace: Workspace) -> None:
    memory = Remembered(sqlite_workspace)
    with session(sqlite_workspace, readonly=True) as asked:
        assert [memory.ask(asked, (1,), question, number=1) for _ in range(3)] == [1, 1, 1]
        assert memory.ask(asked, (1,), question, number=2) == 2
        assert memory.ask(asked, (2,), question, number=1) == 3


def test_a_dear_answer_is_given_once_more_and_renewed_meanwhile(
    sqlite_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "DEAR", -1.0)
    memory = Remembered(sqlite_workspace)
    with session(sqlite_workspace, readonly=True) as asked:
        assert memory.ask(asked, (1,), question, number=1) == 1
        done.clear()
        assert memory.ask(asked, (2,), question, number=1) == 1
        assert done.wait(10)
        memory._renewing.shutdown()
        assert memory.ask(asked, remembered.stamp_of(asked), question, number=1) == 2


def test_an_old_dear_answer_is_not_given_any_more(sqlite_workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "DEAR", -1.0)
    monkeypatch.setattr(remembered, "KEPT", 0.0)
    monkeypatch.setattr(remembered, "TIMES", 0)
    memory = Remembered(sqlite_workspace)
    with session(sqlite_workspace, readonly=True) as asked:
        assert memory.ask(asked, (1,), question, number=1) == 1
        assert memory.ask(asked, (2,), question, number=1) == 2


def test_a_memory_forgets_what_was_not_asked_for_long(sqlite_workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST", 2)
    memory = Remembered(sqlite_workspace)
    with session(sqlite_workspace, readonly=True) as asked:
        for number in (1, 2, 3, 1):
            memory.ask(asked, (1,), question, number=number)
    assert calls == [1, 2, 3, 1]


def test_what_took_long_is_forgotten_last(sqlite_workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST", 2)
    memory = Remembered(sqlite_workspace)
    with session(sqlite_workspace, readonly=True) as asked:
        memory.ask(asked, (1,), question, number=1)
        next(iter(memory._answers.values())).took = 9.0
        monkeypatch.setattr(remembered, "PRECIOUS", 5.0)
        for number in (2, 3, 1, 2):
            memory.ask(asked, (1,), question, number=number)
    assert calls == [1, 2, 3, 2]
