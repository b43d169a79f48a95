from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from archive.errors import UsageError
from archive.output.times import instant, localised, moment, span, zone

AT = datetime(2018, 11, 26, 14, 40, 11, 500, tzinfo=UTC)


def test_an_instant_is_written_with_its_offset_to_the_second() -> None:
    assert localised({"a": [AT]}, None) == {"a": ["2018-11-26T14:40:11+00:00"]}


def test_a_named_zone_moves_every_instant_however_deep() -> None:
    assert localised([{"x": {"at": AT}}], ZoneInfo("Asia/Baku"))[0]["x"]["at"] == "2018-11-26T18:40:11+04:00"


def test_a_calendar_date_is_never_moved() -> None:
    assert localised(date(2018, 11, 26), ZoneInfo("Pacific/Auckland")) == "2018-11-26"


def test_people_read_an_instant_with_its_offset() -> None:
    assert moment(AT, ZoneInfo("Asia/Kolkata")) == "2018-11-26 20:10 +05:30"
    assert moment(AT) == "2018-11-26 14:40 UTC"
    assert moment(datetime(2018, 1, 1, tzinfo=timezone(-timedelta(hours=3, minutes=30)))) == "2018-01-01 00:00 -03:30"


def test_what_is_no_instant_is_shown_as_it_is() -> None:
    assert moment("26 November") == "26 November"
    assert instant("2018-11-26") is None
    assert moment(None) == ""


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0s"), (59.6, "1m"), (562, "9m 22s"), (7500, "2h 5m"), (273600, "3d 4h"), (86400, "1d")]
)
def test_a_span_is_told_in_its_two_largest_units(seconds: float, text: str) -> None:
    assert span(seconds) == text


def test_an_unknown_zone_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="Mars"):
        zone("Mars/Base")
    with pytest.raises(UsageError):
        zone("../../etc/passwd")
