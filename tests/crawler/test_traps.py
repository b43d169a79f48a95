"""Endless addresses are cut at a bound and named."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from crawler import traps
from crawler.traps import TrapGuard, pattern_of

BASE = "https://portal.example.az"


def test_a_calendar_is_cut_at_the_bound_and_named_by_its_pattern() -> None:
    guard = TrapGuard(plain=1000, suspicious=30)
    days = [date(2020, 1, 1) + timedelta(days=n) for n in range(500)]
    admitted = sum(guard.admit(f"{BASE}/calendar/{day:%Y/%m/%d}") for day in days)
    assert admitted == 30
    assert guard.cut == {"portal.example.az/calendar/{n}/{n}/{n}": 470}


def test_articles_with_dates_in_their_address_have_the_wide_bound() -> None:
    guard = TrapGuard(plain=1000, suspicious=30)
    assert all(guard.admit(f"{BASE}/en/2020/01/{n % 28 + 1:02d}/statement-number-{n}/") for n in range(500))
    assert not guard.cut


def test_session_ids_in_the_query_share_one_small_bound() -> None:
    guard = TrapGuard(plain=1000, suspicious=30)
    admitted = sum(guard.admit(f"{BASE}/news?id=5&token={n:032x}a1") for n in range(100))
    assert admitted == 30
    assert sum(guard.cut.values()) == 70


def test_filters_that_combine_share_one_small_bound() -> None:
    guard = TrapGuard(plain=1000, suspicious=30)
    urls = [f"{BASE}/list?year={a}&topic={b}&sort={c}" for a in range(10) for b in range(10) for c in range(3)]
    assert sum(map(guard.admit, urls)) == 30


def test_a_path_that_repeats_itself_is_never_asked() -> None:
    guard = TrapGuard()
    assert guard.admit(f"{BASE}/news/news/5")
    assert not guard.admit(f"{BASE}/news/a/news/b/news/c/news/d")
    assert list(guard.cut) == ["portal.example.az/…/news/…/news/"]


def test_an_endless_address_is_never_asked() -> None:
    guard = TrapGuard()
    assert not guard.admit(f"{BASE}/{'x' * 3000}")
    assert not guard.admit(BASE + "/a" * 2 + "".join(f"/{n}" for n in range(30)))


def test_endless_patterns_share_a_count_so_that_memory_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traps, "MAX_PATTERNS", 20)
    guard = TrapGuard(plain=10)
    letters = "abcdefghijklmnopqrstuvwxyz"
    assert sum(guard.admit(f"{BASE}/{a}/{b}") for a in letters for b in letters) == 20 + 10


def test_a_pattern_folds_numbers_slugs_and_query_values() -> None:
    assert pattern_of(f"{BASE}/en/news/123/a-long-headline-here?b=2&a=1") == "portal.example.az/en/news/{n}/{slug}?a={}&b={}"
