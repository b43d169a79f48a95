"""What is due is said by the tables alone, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from archive import database
from archive.errors import NotFound, UsageError
from archive.workspace import Workspace
from crawler.quiet_hours import quiet_until
from schedules import firing, schedule
from schedules.firing import Firing
from tests.schedules.scheduling import NOW, add_portal, add_schedule


def due(workspace: Workspace, now: datetime, *, at_once: bool = False) -> list[Firing]:
    with database.session(workspace) as session:
        return list(firing.due_firings(session, list(schedule.every(session, active=True)), now, at_once=at_once))


def claim(workspace: Workspace, item: Firing) -> bool:
    with database.session(workspace) as session:
        return firing.claim(session, item) is not None


def test_a_new_schedule_is_due_at_its_next_instant_and_not_before(store: Workspace) -> None:
    add_schedule(store, add_portal(store), "every 30 min")
    assert due(store, NOW + timedelta(minutes=29)) == []
    assert [item.at.minute for item in due(store, NOW + timedelta(minutes=30))] == [30]


def test_a_firing_can_be_claimed_once(store: Workspace) -> None:
    add_schedule(store, add_portal(store), "every 30 min")
    (found,) = due(store, NOW + timedelta(minutes=30))
    assert claim(store, found)
    assert not claim(store, found)
    assert due(store, NOW + timedelta(minutes=31)) == []


def test_firings_missed_over_a_weekend_run_once(sqlite_workspace: Workspace) -> None:
    add_schedule(sqlite_workspace, add_portal(sqlite_workspace), "every 30 min")
    (found,) = due(sqlite_workspace, NOW + timedelta(days=3))
    assert found.at == NOW.replace(second=0) + timedelta(days=3)
    assert found.coalesced > 0


def test_two_schedules_of_a_portal_at_one_instant_are_one_crawl(sqlite_workspace: Workspace) -> None:
    portal = add_portal(sqlite_workspace)
    add_schedule(sqlite_workspace, portal, "every 30 min")
    add_schedule(sqlite_workspace, portal, "every hour")
    assert len(due(sqlite_workspace, NOW + timedelta(hours=1))) == 1


def test_a_yearly_schedule_is_found_after_half_a_year_of_sleep(sqlite_workspace: Workspace) -> None:
    add_schedule(sqlite_workspace, add_portal(sqlite_workspace), "@yearly")
    (found,) = due(sqlite_workspace, NOW + timedelta(days=200))
    assert (found.at.month, found.at.day) == (1, 1)


def test_a_schedule_that_never_ran_is_due_at_once_when_asked_so(sqlite_workspace: Workspace) -> None:
    add_schedule(sqlite_workspace, add_portal(sqlite_workspace), "@weekly")
    (found,) = due(sqlite_workspace, NOW, at_once=True)
    assert found.at < NOW
    assert claim(sqlite_workspace, found)
    assert due(sqlite_workspace, NOW, at_once=True) == []


def test_a_clock_that_jumped_ahead_and_back_neither_doubles_nor_stops_the_runs(sqlite_workspace: Workspace) -> None:
    add_schedule(sqlite_workspace, add_portal(sqlite_workspace), "every 30 min")
    (ahead,) = due(sqlite_workspace, NOW + timedelta(days=365))
    assert claim(sqlite_workspace, ahead)
    (back,) = due(sqlite_workspace, NOW + timedelta(minutes=30))
    assert claim(sqlite_workspace, back)
    assert not claim(sqlite_workspace, ahead)


def test_a_paused_schedule_and_a_paused_portal_are_not_due(sqlite_workspace: Workspace) -> None:
    add_schedule(sqlite_workspace, add_portal(sqlite_workspace), "every 30 min")
    with database.session(sqlite_workspace) as session:
        assert schedule.set_paused(session, "example", paused=True)
        assert not schedule.set_paused(session, "example", paused=True)
    assert due(sqlite_workspace, NOW + timedelta(hours=1)) == []


def test_jitter_delays_a_start_by_the_same_time_wherever_it_is_computed(sqlite_workspace: Workspace) -> None:
    made = add_schedule(sqlite_workspace, add_portal(sqlite_workspace), "every hour", jitter="10m")
    at = NOW.replace(minute=0, second=0) + timedelta(hours=1)
    wait = firing.jitter(made, at)
    assert timedelta(0) < wait < timedelta(minutes=10)
    assert wait == firing.jitter(made, at)
    assert due(sqlite_workspace, at + wait - timedelta(seconds=1)) == []
    assert [item.at for item in due(sqlite_workspace, at + wait)] == [at]


@pytest.mark.parametrize(
    ("clock", "until"),
    [("19:30", "02:00"), ("01:59", "02:00"), ("02:00", None), ("18:59", None)],  # UTC; 23:00-06:00 in Baku
)
def test_quiet_hours_hold_over_midnight_in_the_portals_zone(clock: str, until: str | None) -> None:
    now = datetime.fromisoformat(f"2026-11-24T{clock}:00+00:00")
    end = quiet_until("23:00-06:00", "Asia/Baku", now)
    assert (end and end.astimezone(now.tzinfo).strftime("%H:%M")) == until
    assert quiet_until(None, "Asia/Baku", now) is None


def test_names_are_given_and_kept_apart(sqlite_workspace: Workspace) -> None:
    portal = add_portal(sqlite_workspace)
    names = [add_schedule(sqlite_workspace, portal, spec).name for spec in ("every hour", "@daily")]
    assert names == ["example", "example-2"]
    with pytest.raises(UsageError, match="already says hourly"):
        add_schedule(sqlite_workspace, portal, "every hour")
    with pytest.raises(UsageError, match="jitter"):
        add_schedule(sqlite_workspace, portal, "@monthly", jitter="soon")
    with database.session(sqlite_workspace) as session:
        assert schedule.named(session, "example-2").rule.spec == "@daily"
        with pytest.raises(NotFound, match="there are: example, example-2"):
            schedule.named(session, "nightly")
        schedule.remove(session, "example-2")
        assert [item.name for item in schedule.every(session)] == ["example"]
