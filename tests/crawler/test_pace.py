"""Turns at a host: one after another, whoever asks; rests that outlive the process; clocks that jump."""

from __future__ import annotations

from pathlib import Path

from crawler.pace import MAX_REST, Pace


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def test_the_next_turn_comes_a_delay_after_the_host_saw_the_last_one_also_in_another_process(tmp_path: Path) -> None:
    clock = Clock()
    ours, theirs = Pace(tmp_path, clock), Pace(tmp_path, clock)
    assert ours.wait("portal.example", 1.0) == 0
    clock.now += 0.4
    ours.reached("portal.example")
    clock.now += 0.7
    assert 0.29 < theirs.wait("PORTAL.example", 1.0) < 0.31
    assert theirs.wait("other.example", 1.0) == 0
    clock.now += 0.3
    assert theirs.wait("portal.example", 1.0) == 0


def test_a_run_waits_as_long_as_the_one_before_it_had_to(tmp_path: Path) -> None:
    clock = Clock()
    assert Pace(tmp_path, clock).wait("portal.example", 10.0) == 0
    clock.now += 2
    assert Pace(tmp_path, clock).wait("portal.example", 1.0) == 8.0


def test_a_rest_is_kept_by_the_next_process_and_capped_at_a_day(tmp_path: Path) -> None:
    clock = Clock()
    Pace(tmp_path, clock).rest("portal.example", 60)
    assert Pace(tmp_path, clock).wait("portal.example", 0) == 60
    Pace(tmp_path, clock).rest("portal.example", 1e12)
    assert Pace(tmp_path, clock).wait("portal.example", 0) == MAX_REST
    clock.now += MAX_REST
    assert Pace(tmp_path, clock).wait("portal.example", 0) == 0


def test_a_clock_set_back_does_not_stop_a_portal_for_a_year(tmp_path: Path) -> None:
    clock = Clock()
    pace = Pace(tmp_path, clock)
    assert pace.wait("portal.example", 5.0) == 0
    clock.now -= 365 * 86_400
    assert pace.wait("portal.example", 5.0) == 5.0


def test_a_host_of_any_name_stays_in_the_folder_and_a_damaged_file_is_as_none(tmp_path: Path) -> None:
    pace = Pace(tmp_path, Clock())
    for host in ("../../up", "..", "", "[::1]", "a/b", "x" * 300):
        assert pace.wait(host, 1.0) == 0
    assert all(path.parent == tmp_path for path in tmp_path.rglob("*"))
    (tmp_path / "pace-portal.example").write_bytes(b"\xff" * 200)
    assert pace.wait("portal.example", 1.0) == 0
    assert pace.wait("portal.example", 1.0) == 1.0


def test_without_a_folder_turns_are_taken_within_the_process() -> None:
    pace = Pace(None, Clock())
    assert pace.wait("portal.example", 1.0) == 0
    assert pace.wait("portal.example", 1.0) == 1.0
