"""Schedules follow crontab(5) to the letter: the table below is written from the manual page, not from the code."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.cron import CronTrigger

from archive.errors import UsageError
from schedules import cron

ALL = {"minute": range(60), "hour": range(24), "day": range(1, 32), "month": range(1, 13), "weekday": range(7)}

# expression: what matches, by field (a field left out: every value); "either" where both day fields are restricted.
TABLE: list[tuple[str, dict[str, object]]] = [
    ("* * * * *", {}),
    ("0 6 * * 0", {"minute": [0], "hour": [6], "weekday": [0]}),
    ("0 6 * * 7", {"minute": [0], "hour": [6], "weekday": [0]}),
    ("0 6 * * sun", {"minute": [0], "hour": [6], "weekday": [0]}),
    ("0 6 * * SUN", {"minute": [0], "hour": [6], "weekday": [0]}),
    ("5 0 * * *", {"minute": [5], "hour": [0]}),
    ("15 14 1 * *", {"minute": [15], "hour": [14], "day": [1]}),
    ("0 22 * * 1-5", {"minute": [0], "hour": [22], "weekday": [1, 2, 3, 4, 5]}),
    ("0 22 * * mon-fri", {"minute": [0], "hour": [22], "weekday": [1, 2, 3, 4, 5]}),
    ("23 0-23/2 * * *", {"minute": [23], "hour": range(0, 24, 2)}),
    ("5 4 * * sat,tue", {"minute": [5], "hour": [4], "weekday": [2, 6]}),
    ("30 4 1,15 * 5", {"minute": [30], "hour": [4], "day": [1, 15], "weekday": [5], "either": True}),
    ("0 0 13 * 5", {"minute": [0], "hour": [0], "day": [13], "weekday": [5], "either": True}),
    ("0 0 */2 * 1", {"minute": [0], "hour": [0], "day": range(1, 32, 2), "weekday": [1]}),
    ("0 0 13 * */2", {"minute": [0], "hour": [0], "day": [13], "weekday": [0, 2, 4, 6]}),
    ("0 0 1-7 * *", {"minute": [0], "hour": [0], "day": range(1, 8)}),
    ("0 12 * * 5-7", {"minute": [0], "hour": [12], "weekday": [5, 6, 0]}),
    ("0 12 * * 0-7", {"minute": [0], "hour": [12]}),
    ("0 12 * * */3", {"minute": [0], "hour": [12], "weekday": [0, 3, 6]}),
    ("0 12 * * */5", {"minute": [0], "hour": [12], "weekday": [0, 5]}),
    ("*/20 8-17 * * *", {"minute": [0, 20, 40], "hour": range(8, 18)}),
    ("7-59/26 0,12 * 2,dec *", {"minute": [7, 33, 59], "hour": [0, 12], "month": [2, 12]}),
    ("1,2,10-12,*/30 3 * * *", {"minute": [0, 1, 2, 10, 11, 12, 30], "hour": [3]}),
    ("0 0 31 * *", {"minute": [0], "hour": [0], "day": [31]}),
    ("0 0 29 2 *", {"minute": [0], "hour": [0], "day": [29], "month": [2]}),
    ("@hourly", {"minute": [0]}),
    ("@daily", {"minute": [0], "hour": [0]}),
    ("@midnight", {"minute": [0], "hour": [0]}),
    ("@weekly", {"minute": [0], "hour": [0], "weekday": [0]}),
    ("@monthly", {"minute": [0], "hour": [0], "day": [1]}),
    ("@yearly", {"minute": [0], "hour": [0], "day": [1], "month": [1]}),
    ("@annually", {"minute": [0], "hour": [0], "day": [1], "month": [1]}),
]


def by_the_manual(allowed: dict[str, object], start: datetime, end: datetime) -> list[datetime]:
    """Ask every minute of every day that matches."""
    found, today = [], start
    fields = {**ALL, **allowed}
    while today < end:
        day = today.day in fields["day"], today.isoweekday() % 7 in fields["weekday"]
        if (any(day) if allowed.get("either") else all(day)) and today.month in fields["month"]:
            minutes = (today + timedelta(minutes=n) for n in range(24 * 60))
            found += [at for at in minutes if at.hour in fields["hour"] and at.minute in fields["minute"]]
        today += timedelta(days=1)
    return found


@pytest.mark.parametrize(("expression", "allowed"), TABLE, ids=[row[0] for row in TABLE])
def test_an_expression_is_due_exactly_when_crontab_5_says(expression: str, allowed: dict[str, object]) -> None:
    start = datetime(2027, 12, 20, tzinfo=UTC)  # over a year's end, a leap day and a 31st
    days = 3 if "minute" not in allowed else 75
    end = start + timedelta(days=days)
    fires = cron.parse(expression).fires(start - timedelta(seconds=1))
    assert list(takewhile(lambda due: due < end, fires)) == by_the_manual(allowed, start, end)


def test_apscheduler_alone_would_read_sunday_as_monday() -> None:
    """The trap that the translation is for; when this fails, APScheduler has changed and the translation can go."""
    wrong = CronTrigger.from_crontab("0 6 * * 0", timezone=UTC)
    assert wrong.get_next_fire_time(None, datetime(2026, 11, 24, tzinfo=UTC)).isoweekday() == 1


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("0 6 * * 0", "Sundays 06:00 Asia/Baku"),
        ("0 6 * * 7", "Sundays 06:00 Asia/Baku"),
        ("@daily", "daily 00:00 Asia/Baku"),
        ("@hourly", "hourly Asia/Baku"),
        ("15 * * * *", "hourly at :15 Asia/Baku"),
        ("every 30 min", "every 30 min Asia/Baku"),
        ("every 30 min 06:00-24:00", "every 30 min 06:00-24:00 Asia/Baku"),
        ("every 2 hours", "every 2 hours Asia/Baku"),
        ("every 2 hours 06:00-22:00", "every 2 hours 06:00-20:59 Asia/Baku"),
        ("every day at 06:00", "daily 06:00 Asia/Baku"),
        ("every Sunday at 6:00", "Sundays 06:00 Asia/Baku"),
        ("every weekday at 08:30", "Mondays to Fridays 08:30 Asia/Baku"),
        ("0 0 13 * fri", "the 13th or Fridays 00:00 Asia/Baku"),
        ("0 0 1 * *", "the 1st of the month 00:00 Asia/Baku"),
        ("30 4 * jan,jul *", "daily in January and July 04:30 Asia/Baku"),
        ("0 3 * * 6,0", "Saturdays and Sundays 03:00 Asia/Baku"),
        ("every 45 min", "every 45 min"),
        ("every 3 days", "every 3 days"),
    ],
)
def test_a_rule_is_echoed_in_words(spec: str, words: str) -> None:
    assert cron.parse(spec, "Asia/Baku").words == words


@pytest.mark.parametrize(
    ("phrase", "expression"),
    [
        ("every 30 min", "*/30 * * * *"),
        ("every 30 minutes", "*/30 * * * *"),
        ("every minute", "* * * * *"),
        ("every hour", "0 * * * *"),
        ("every 6 hours", "0 */6 * * *"),
        ("every day", "0 0 * * *"),
        ("every weekday at 08:30", "30 8 * * 1-5"),
        ("every 45 min", None),
    ],
)
def test_a_phrase_says_which_crontab_line_it_means(phrase: str, expression: str | None) -> None:
    assert cron.parse(phrase).cron == expression


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("61 * * * *", "minute: 61 is not within 0-59"),
        ("* 24 * * *", "hour: 24"),
        ("* * 0 * *", "day of month: 0"),
        ("* * * 13 *", "month: 13"),
        ("* * * * 8", "day of week: 8"),
        ("* * * *", "5 fields"),
        ("5/15 * * * *", "a step needs a range: 5-59/15"),
        ("*/0 * * * *", "step"),
        ("30-10 * * * *", "runs backwards"),
        ("0 0 30 2 *", "never happens"),
        ("* * * * funday", "day of week: funday"),
        ("@reboot", "no time"),
        ("@fortnightly", "unknown nickname"),
        ("every 0 min", "the span is 0"),
        ("every now and then", "cannot read"),
        ("every day at 25:00", "cannot read"),
        ("every 45 min 06:00-22:00", "hours of the day"),
    ],
)
def test_a_wrong_schedule_says_what_is_wrong(spec: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        cron.parse(spec)


def test_an_unknown_time_zone_is_refused() -> None:
    with pytest.raises(UsageError, match="Atlantis"):
        cron.parse("@daily", "Europe/Atlantis")


def _clock(spec: str, start: str, count: int) -> list[str]:
    berlin = cron.parse(spec, "Europe/Berlin").fires(datetime.fromisoformat(start).replace(tzinfo=ZoneInfo("Europe/Berlin")))
    return [f"{due:%d %H:%M %z}" for due in islice(berlin, count)]


def test_a_fixed_time_that_the_clock_skips_still_runs_once() -> None:
    assert _clock("30 2 * * *", "2026-03-28T12:00", 2) == ["29 03:30 +0200", "30 02:30 +0200"]


def test_a_fixed_time_that_the_clock_repeats_runs_once() -> None:
    assert _clock("30 2 * * *", "2026-10-24T12:00", 2) == ["25 02:30 +0200", "26 02:30 +0100"]


def test_wildcards_follow_the_wall_clock() -> None:
    assert _clock("0 * * * *", "2026-03-29T00:30", 3) == ["29 01:00 +0100", "29 03:00 +0200", "29 04:00 +0200"]
    assert _clock("*/30 2 * * *", "2026-03-28T12:00", 1) == ["30 02:00 +0200"]
    assert _clock("0 * * * *", "2026-10-25T01:30", 3) == ["25 02:00 +0200", "25 02:00 +0100", "25 03:00 +0100"]


def test_a_span_that_crontab_cannot_say_is_counted_alike_by_every_scheduler() -> None:
    rule = cron.parse("every 45 min", "Asia/Baku")
    now = datetime(2026, 11, 24, 10, 7, tzinfo=UTC)
    first, second = islice(rule.fires(now), 2)
    assert second - first == timedelta(minutes=45)
    assert first.timestamp() % (45 * 60) == 0
    assert rule.next_fire(first - timedelta(seconds=1)) == first
