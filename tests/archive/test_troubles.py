"""When a portal is in trouble, since when, and when it is over: from rows of runs as the record has them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from archive.query import Rhythm, RunRow
from archive.troubles import judged

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
QUIET = Rhythm("example", "https://example.test/", None, NOW, 0.0)
LAYOUT = "layout no longer matches: 9 of 10 pages read without headline or body"


def run(outcome: str, age: int, reasons: Sequence[str] = (), errors: int = 0, blocked: int = 0) -> RunRow:
    """A crawl so many hours ago."""
    return RunRow(
        run=f"run-{age}",
        portal="example",
        kind="crawl",
        outcome=outcome,
        scheduled_at=None,
        started_at=NOW - timedelta(hours=age),
        ended_at=NOW - timedelta(hours=age),
        visits=100,
        reasons=list(reasons),
        stats={"visits": 100, "errors": errors, "outcomes": {"blocked": blocked}},
    )


def kinds(*newest_first: RunRow) -> list[str]:
    return [trouble.kind for trouble in judged(QUIET, newest_first)]


def test_one_bad_crawl_is_chance_and_two_in_a_row_are_trouble_since_the_first() -> None:
    bad = [run("unhealthy", age, [LAYOUT]) for age in range(3)]
    assert kinds(bad[0], run("ok", 1), run("ok", 2)) == []
    (trouble,) = judged(QUIET, [*bad, run("ok", 3)])
    assert (trouble.kind, trouble.since) == ("layout", NOW - timedelta(hours=2))
    assert trouble.message == f"example: 3 bad crawls in a row since 2026-11-24 10:00: {LAYOUT}"


def test_a_trouble_is_over_after_two_good_crawls_not_after_one() -> None:
    bad = [run("unhealthy", age, [LAYOUT]) for age in (4, 5)]
    assert kinds(run("ok", 1), *bad) == ["layout"]
    assert kinds(run("unhealthy", 0, [LAYOUT]), run("ok", 1), *bad) == ["layout"]
    assert kinds(run("ok", 0), run("ok", 1), *bad) == []


def test_what_is_wrong_is_named_by_its_kind() -> None:
    for kind, made in {
        "blocked": run("unhealthy", 0, ["20 of 100 answers are block, login or maintenance pages"], blocked=20),
        "errors": run("unhealthy", 0, ["only 40 of 100 visits were answered (min_ok 90%): timeout 60"]),
        "failed": run("failed", 0, ["no space left on device"]),
        "resting": run("interrupted", 0, ["example.test asks to be left alone until 2026-11-24 20:00 UTC"]),
    }.items():
        assert kinds(made, made, run("ok", 2)) == [kind]
    stopped = run("interrupted", 0, ["the deadline was reached"])
    assert kinds(stopped, stopped, stopped) == []


def test_errors_that_rise_beyond_chance_are_told_though_each_crawl_is_still_believed() -> None:
    usual = [run("ok", age, errors=1) for age in range(3, 23)]
    assert kinds(*[run("ok", age, errors=2) for age in range(3)], *usual) == []
    assert kinds(*[run("ok", age, errors=6) for age in range(3)], *usual) == ["rising"]
    assert kinds(*[run("ok", age, errors=60) for age in range(3)]) == []  # there is no "usual" yet


def test_a_silence_that_the_rhythm_makes_unlikely_is_told() -> None:
    silent = Rhythm("example", "https://example.test/", NOW - timedelta(days=5), NOW, 4.0)
    assert [trouble.kind for trouble in judged(silent, [run("ok", 0)])] == ["silent"]
    assert judged(Rhythm("example", "https://example.test/", NOW - timedelta(days=5), NOW, 1.0), [run("ok", 0)]) == []
