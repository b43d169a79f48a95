"""SQLite begins where few rows are, whatever is filtered: it has no statistics, and a wrong beginning is a second's work."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations
from typing import Any

import pytest
from sqlalchemy import Select, event
from sqlalchemy.orm import Session

from archive import database
from archive.query.as_of import _lists as lists_of_the_past
from archive.query.front_pages import _sections as sections_of_the_past
from archive.query.pages import _lists as lists_of_pages
from archive.query.spread import _spread as spread_of_the_past
from archive.search import finding
from archive.workspace import Workspace
from tests.archive.story import START

VALUES: dict[str, Any] = {
    **dict.fromkeys(("portal", "role", "lang", "section", "lowered", "until"), "x"),
    "states": ["live"],
    "status": ["live"],
    "ids": "[1]",
    "standing": "[1]",
    "most": 9,
    "skip": 0,
    "at": START,
    "since": START,
}


@pytest.fixture
def session(sqlite_workspace: Workspace) -> Iterator[Session]:
    with database.session(sqlite_workspace, readonly=True) as opened:
        yield opened


def some_of(*names: str) -> Iterator[frozenset[str]]:
    return map(frozenset, chain.from_iterable(combinations(names, count) for count in range(len(names) + 1)))


def steps(session: Session, statement: Select[Any], **values: Any) -> list[str]:
    """How the rows are come by."""
    plan: list[str] = []
    engine = session.get_bind()

    def explain(_c: Any, _cursor: Any, asked: str, parameters: Any, _context: Any, _many: bool) -> tuple[str, Any]:
        return f"EXPLAIN QUERY PLAN {asked}", parameters

    def read(_c: Any, cursor: Any, *_rest: Any) -> None:
        plan.extend(row[3] for row in cursor.fetchall())

    event.listen(engine, "before_cursor_execute", explain, retval=True)
    event.listen(engine, "after_cursor_execute", read)
    try:
        session.execute(statement, VALUES | values)
    finally:
        event.remove(engine, "before_cursor_execute", explain)
        event.remove(engine, "after_cursor_execute", read)
    return plan


def first_step(session: Session, statement: Select[Any], **values: Any) -> str:
    """The outermost loop over rows."""
    outer = (step for step in steps(session, statement, **values) if step.startswith(("SCAN", "SEARCH")))
    return next(step for step in outer if not step.startswith(("SEARCH portal", "SEARCH rules")))


def test_a_walk_begins_with_the_index_of_days(session: Session) -> None:
    walks = [walk for given in some_of("portal", "role", "states", "lang", "section") for walk in lists_of_pages(given).walks]
    walks += [walk for section in (False, True) for walk in lists_of_the_past(section).walks]
    for walk in walks:
        assert first_step(session, walk).startswith("SEARCH reading USING COVERING INDEX reading_by_day"), str(walk)


def test_a_search_begins_with_what_was_found(session: Session) -> None:
    for given in some_of("portal", "section", "lang", "status", "since", "until", "gone", "rank"):
        assert "listed" in first_step(session, finding._chosen("sqlite", given), until=START), given
    assert "listed" in first_step(session, finding._moved("sqlite"))


def test_the_spread_of_a_day_is_read_out_of_indexes_and_each_look_once(session: Session) -> None:
    plan = steps(session, spread_of_the_past())
    assert [step for step in plan if step.startswith("SEARCH page")] == [
        "SEARCH page USING COVERING INDEX page_by_role (portal_id=? AND role=?)"
    ]
    looks = [step for step in plan if "visit_by_page" in step]
    assert looks == ["SEARCH visit USING COVERING INDEX visit_by_page (page_id=? AND variant=? AND at<?)"]


def test_the_last_look_at_a_listing_is_found_once_for_all_that_it_showed(session: Session) -> None:
    plan = steps(session, sections_of_the_past(), said=["content"])
    assert plan.index("MATERIALIZE hubs") < next(n for n, step in enumerate(plan) if step.startswith("SEARCH sighting"))
    assert len([step for step in plan if "visit_by_page" in step]) == 1
