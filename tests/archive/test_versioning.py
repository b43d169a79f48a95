"""The pure decision: what one more look means."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.records import VisitOutcome
from archive.versioning import Decision, GoneRule, Observed, Standing, decide, is_another_text
from tests.archive.story import BODY, OTHER_BODY, article

AT = datetime(2026, 3, 1, tzinfo=UTC)
RULE = GoneRule()
LIVE = Standing("content", "a")
OUTCOMES: list[VisitOutcome] = [
    *("content", "not_modified", "redirect", "missing", "gone", "soft404", "redirect_home"),
    *("blocked", "error", "no_answer", "robots"),
]


@pytest.mark.parametrize(
    ("standing", "observed", "decision"),
    [
        (Standing(), Observed("content", AT, "a"), Decision("first", "live")),
        (LIVE, Observed("content", AT, "a"), Decision("extend", "live")),
        (LIVE, Observed("content", AT, "b"), Decision("compare", "live")),
        (LIVE, Observed("not_modified", AT, same=True), Decision("extend", "live")),
        (Standing(), Observed("not_modified", AT, same=True), Decision("none", "live")),
        (LIVE, Observed("content", AT), Decision("none", "live")),  # an answer that could not be read
        (LIVE, Observed("missing", AT), Decision("suspect", "suspected", AT, 1)),
        (Standing("gone", "a", None, AT, 4), Observed("missing", AT), Decision("extend", "gone", AT, 5)),
        (Standing("gone", "a", None, AT, 4), Observed("content", AT, "a"), Decision("return", "live")),
        (Standing("gone", "a", None, AT, 4), Observed("blocked", AT), Decision("none", "gone", AT, 4)),
        (Standing("content", "a", None, AT, 1), Observed("no_answer", AT), Decision("none", "suspected", AT, 1)),
        (Standing("redirect", "a", "/n"), Observed("redirect", AT, location="/n"), Decision("extend", "live")),
        (Standing("redirect", "a", "/n"), Observed("missing", AT), Decision("none", "live")),
        (Standing("redirect", "a", "/n"), Observed("content", AT, "a"), Decision("return", "live")),
    ],
)
def test_each_state_meets_each_sight(standing: Standing, observed: Observed, decision: Decision) -> None:
    assert decide(standing, observed, RULE) == decision


@pytest.mark.parametrize(
    ("status", "visits", "days", "confirmed"),
    [
        (404, 3, 14, True),
        (404, 3, 13.9, False),
        (404, 2, 400, False),
        (410, 2, 1, True),
        (410, 2, 0.9, False),
        (410, 1, 9, False),
    ],
)
def test_a_removal_is_confirmed_by_visits_and_time(status: int, visits: int, days: float, confirmed: bool) -> None:
    assert RULE.confirms(status, visits, AT, AT + timedelta(days=days)) is confirmed


@given(st.lists(st.tuples(st.sampled_from(OUTCOMES), st.sampled_from("ab"), st.integers(1, 900)), max_size=40))
def test_any_series_of_looks_keeps_the_states_in_order(series: list[tuple[VisitOutcome, str, int]]) -> None:
    standing, at = Standing(), AT
    for outcome, content, hours in series:
        at += timedelta(hours=hours)
        seen = Observed(outcome, at, content if outcome == "content" else None, outcome == "not_modified", "/n")
        done = decide(standing, seen, RULE)
        assert (done.state == "live") == (done.first_missing_at is None)
        assert done.action != "gone" or standing.last == "content"  # nothing is gone that was never there
        assert done.action != "first" or standing.last is None
        if outcome in ("blocked", "error", "no_answer", "robots"):
            assert done.action == "none"
        standing = replace(standing, first_missing_at=done.first_missing_at, missing_visits=done.missing_visits)
        if done.action in ("first", "compare", "return"):
            standing = replace(standing, last="content", content=content if outcome == "content" else standing.content)
        elif done.action in ("gone", "redirect"):
            standing = replace(standing, last=done.action, location="/n" if done.action == "redirect" else None)


@pytest.mark.parametrize(
    ("body", "headline", "other"),
    [
        (OTHER_BODY, "Record harvest of hazelnuts", True),
        (OTHER_BODY, "47 member states agree", False),  # rewritten under its headline
        (BODY, "Record harvest of hazelnuts", False),  # a new headline over its text
        (BODY + "\n\n" + OTHER_BODY, "Record harvest of hazelnuts", False),
        ("Too short to tell.", "Record harvest of hazelnuts", False),
        ("", "Something else", False),
    ],
)
def test_another_article_shares_neither_headline_nor_runs_of_words(body: str, headline: str, other: bool) -> None:
    assert is_another_text(article("/1"), article("/1", body, headline)) is other
