"""A page that disappears is suspected at once and told as gone when that is sure: a server that errs fools nobody."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.records import VisitOutcome
from archive.versioning import GoneRule, Observed, Standing, decide
from crawler.portal import Confirm
from schedules.due import AGAIN, look_due
from tests.crawler.small_portal import Answer, archive_of, small_portal
from tests.crawler.test_crawl import ask

START = datetime(2026, 11, 1, tzinfo=UTC)
CONFIRM = Confirm()
RULE = GoneRule(CONFIRM.visits, CONFIRM.over, CONFIRM.at_once, CONFIRM.at_once_visits, CONFIRM.at_once_over)
ERRS = 0.02
Missing = Callable[[datetime], VisitOutcome | None]


@dataclass
class Told:
    """What was told of one page: when it was first suspected, each look then, when it was called gone."""

    looks: int = 0
    suspected: datetime | None = None
    again: tuple[timedelta, ...] = ()
    gone: datetime | None = None


def watch(missing: Missing, days: int) -> Told:
    """A page asked once a day, and again when the policy says so while it is suspected, as a scheduler asks it."""
    standing, told, asked = Standing(last="content", content="text"), Told(), START
    now, daily = START, START
    while now < START + timedelta(days=days):
        outcome = missing(now)
        observed = Observed(outcome or "content", now, content=None if outcome else "text")
        decision = decide(standing, observed, RULE)
        told.looks += 1
        if decision.state == "suspected":
            told.suspected = told.suspected or now
        if told.suspected is not None and now > told.suspected:
            told.again += (now - told.suspected,)
        if decision.action == "gone":
            told.gone = now
            return told
        if decision.state == "live":
            told.suspected, told.again = None, ()
        standing = Standing("content", "text", None, decision.first_missing_at, decision.missing_visits)
        asked = now
        if now >= daily:
            daily += timedelta(days=1)
        since = standing.first_missing_at
        looks = [] if since is None else [since + step for step in (*AGAIN, CONFIRM.over) if since + step > asked]
        now = min([daily, *looks])
        if since is not None and now in looks:
            assert look_due(since, asked, CONFIRM, now) == now - since
    return told


def errs(chance: random.Random, outcome: VisitOutcome) -> Missing:
    """Errs in one of fifty answers."""
    return lambda at: outcome if chance.random() < ERRS else None


def outages(chance: random.Random, outcome: VisitOutcome, hours: float = 3.0) -> Missing:
    """Errs for hours on end, a fiftieth of the time: every page is missing then, at each look."""
    first = [START + timedelta(hours=chance.expovariate(ERRS / hours))]
    while first[-1] < START + timedelta(days=90):
        first.append(first[-1] + timedelta(hours=hours + chance.expovariate(ERRS / hours)))
    return lambda at: outcome if any(begin <= at < begin + timedelta(hours=hours) for begin in first) else None


@pytest.mark.parametrize("outcome", ["missing", "gone", "soft404"])
def test_of_a_thousand_pages_of_a_server_that_errs_hardly_one_is_called_gone(outcome: VisitOutcome) -> None:
    chance = random.Random(11)
    watched = [watch(errs(chance, outcome), days=60) for _ in range(3000)]
    assert sum(told.looks for told in watched) > 180_000
    assert sum(told.gone is not None for told in watched) <= 3


@pytest.mark.parametrize("outcome", ["missing", "gone"])
def test_outages_of_hours_make_no_page_gone_either(outcome: VisitOutcome) -> None:
    chance = random.Random(12)
    watched = [watch(outages(chance, outcome), days=60) for _ in range(1000)]
    assert sum(told.gone is not None for told in watched) <= 1


@pytest.mark.parametrize(("outcome", "within"), [("missing", timedelta(days=14)), ("gone", timedelta(days=1))])
def test_a_page_that_is_gone_is_suspected_at_the_first_miss_and_told_when_the_rule_says(
    outcome: VisitOutcome, within: timedelta
) -> None:
    told = watch(lambda at: outcome if at >= START + timedelta(days=3, hours=-5) else None, days=30)
    assert told.suspected == START + timedelta(days=3)
    assert told.again[:4] == AGAIN
    assert told.gone == told.suspected + within


def test_crawls_of_a_server_that_errs_tell_the_page_that_is_gone_and_no_other(tmp_path: Path) -> None:
    chance = random.Random(13)
    with small_portal(articles=60) as portal:
        folder = archive_of(tmp_path / "archive", portal)
        path = folder / "portals" / "small.toml"
        path.write_text(path.read_text().replace("visits = 2", "visits = 3"))
        ask(folder, "crawl", "small")
        articles = {
            path: answer for path, answer in portal.answers.items() if path.startswith("/en/news/") and path[-1].isdigit()
        }
        suspected = 0
        for _ in range(3):
            for path, answer in articles.items():
                erring = path == "/en/news/7" or chance.random() < ERRS
                portal.answers[path] = Answer(b"<h1>Not found</h1>", 404) if erring else answer
            suspected += ask(folder, "crawl", "small")[0]["suspected_gone"]
        assert suspected > 3  # the page itself, and what the server got wrong
        assert [row["url"] for row in ask(folder, "gone") if row["state"] == "gone"] == [f"{portal.base}/en/news/7"]
