"""The revisit policy looks where edits are to be expected, and never forgets a page."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from archive.errors import UsageError
from schedules.replay import History, read, replay
from schedules.revisit import FLOOR, Policy, longest, merged
from schedules.rivals import POLICIES, Ours, Uniform
from tests.benchmarks.revisits.worlds import WORLDS

NOW = 480_000.0  # hours since 1970


def policy(born: list[float], section: list[int] | None = None, weight: list[float] | None = None) -> Policy:
    sections = np.array(section or [0] * len(born), dtype=np.intp)
    return Policy(sections, np.array(born), None if weight is None else np.array(weight))


def first_days(history: History, days: int) -> History:
    end = history.begin + days * 24
    kept = history.at < end
    return replace(history, page=history.page[kept], at=history.at[kept], end=end)


def test_a_young_page_is_worth_more_than_an_old_one_seen_at_the_same_time() -> None:
    made = policy([NOW - 9000, NOW - 10])
    made.last[:] = NOW - 5
    _, priority = made.expected(NOW)
    assert priority[1] > priority[0]


def test_a_page_seen_edited_is_worth_more_than_its_neighbour() -> None:
    made = policy([NOW - 1000, NOW - 1000])
    made.observe(np.array([0, 1]), NOW - 3, np.array([True, False]))
    expected, priority = made.expected(NOW)
    assert expected[0] > expected[1]
    assert priority[0] > priority[1]


def test_a_weight_raises_a_section_and_a_signal_raises_a_page() -> None:
    made = policy([NOW - 1000] * 3, weight=[1.0, 2.0, 1.0])
    _, before = made.expected(NOW)
    assert before[1] == pytest.approx(2 * before[0])
    made.signalled(np.array([2]), np.array([NOW - 1]))
    expected, after = made.expected(NOW)
    assert after[2] > after[1]
    assert expected[2] > expected[0] + 0.3


def test_a_signal_older_than_the_last_visit_says_nothing() -> None:
    made = policy([NOW - 1000])
    made.observe(np.array([0]), NOW - 1, np.array([False]))
    made.signalled(np.array([0]), np.array([NOW - 2]))
    assert not made.is_signalled(0)


def test_an_edit_found_raises_what_is_expected_of_pages_not_looked_at_since() -> None:
    """Editors work in sessions: many pages that changed together are found because one of them was."""
    chance = np.random.default_rng(1)
    made = policy([NOW - 9000.0] * 40, section=[0] * 20 + [1] * 20)
    burst = NOW - 9000.0
    for day in range(300):  # all pages of section 0 are edited about every twelfth day, those of the other never
        at = NOW - 7300 + day * 24
        burst = at - 6 if chance.random() < 1 / 12 else burst
        some = np.sort(chance.choice(40, 10, replace=False))
        made.observe(some, at, (some < 20) & (made.last[some] < burst))
    at = NOW - 40
    made.observe(np.arange(40), at, np.zeros(40, dtype=bool))
    calm, _ = made.expected(NOW)
    made.observe(np.array([0, 1, 2]), NOW, np.array([True, True, True]))
    busy, _ = made.expected(NOW)
    assert busy[10:20].mean() > 1.5 * calm[10:20].mean()


def test_small_sections_are_learned_together() -> None:
    assert merged(np.array([7, 7, 7, 7, 7, 3, 9])).tolist() == [1, 1, 1, 1, 1, 0, 0]


def test_longest_names_the_smallest_in_order() -> None:
    assert longest(np.array([5.0, 1.0, 4.0, 2.0]), 2).tolist() == [1, 3]


def test_no_page_waits_longer_than_the_floor_says() -> None:
    world = first_days(WORLDS["base"](np.random.default_rng(3), 200).history, 40)
    asked: dict[int, float] = {}
    longest_wait = [0.0]

    class Watched(Ours):
        def observe(self, pages, now, changed):
            for page in pages:
                longest_wait[0] = max(longest_wait[0], now - asked.get(page, max(world.born[page], world.begin)))
                asked[page] = now
            super().observe(pages, now, changed)

    replay(world, Watched, 0.9)
    assert longest_wait[0] <= 1.2 * 24 / (FLOOR * 0.9)


@pytest.mark.parametrize("world", ["base", "no age"])
def test_it_catches_more_and_sooner_than_asking_all_pages_in_turn(world: str) -> None:
    history = first_days(WORLDS[world](np.random.default_rng(1), 1000).history, 70)
    ours, uniform = replay(history, Ours, 0.1), replay(history, Uniform, 0.1)
    assert ours.requests == uniform.requests
    assert ours.caught > uniform.caught
    assert ours.median_delay_h < 0.75 * uniform.median_delay_h
    assert ours.mean_delay_h < uniform.mean_delay_h


def test_a_replay_counts_what_was_seen_and_when() -> None:
    """One page, asked every 24 hours: two edits within a day are seen as one change; the first text is lost."""
    history = History(
        section=np.array([0]), born=np.array([0.0]), page=np.array([0, 0, 0]), at=np.array([30.0, 40.0, 60.0]), end=100.0
    )
    found = replay(history, Uniform, 1.0)
    assert (found.requests, found.edits, found.caught) == (4, 3, 2)
    assert (found.median_delay_h, found.mean_delay_h) == (12.0, pytest.approx((18 + 8 + 12) / 3, abs=0.01))


@pytest.mark.parametrize("name", sorted(POLICIES))
def test_every_policy_spends_the_same_requests(name: str) -> None:
    history = first_days(WORLDS["base"](np.random.default_rng(2), 400).history, 70)
    found = replay(history, POLICIES[name], 0.1)
    assert found.requests == replay(history, Uniform, 0.1).requests
    assert 0 < found.caught <= found.edits


def test_a_history_is_read_from_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "edits.jsonl"
    rows = [
        {"page": 0, "section": "b", "created": 7200, "edits": [[10800, 1, 1], [10800, 2, 0]]},
        {"page": 1, "section": "a", "created": 3600, "edits": []},
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows))
    history = read(path)
    assert history.born.tolist() == [1.0, 2.0]
    assert history.at.tolist() == [3.0]
    path.write_text('{"page": 0}')
    with pytest.raises(UsageError, match=r"edits.jsonl:1: not a page's history"):
        read(path)
