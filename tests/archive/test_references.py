from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import OnrecordError, UsageError
from archive.references import Reference, instant_of, reference, selector, since, until, version_range

NOW = datetime(2018, 12, 2, 3, 30, tzinfo=UTC)
BAKU = ZoneInfo("Asia/Baku")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a1f3c9", Reference("a1f3c9")),
        ("a1f3c9@2", Reference("a1f3c9", 2)),
        ("a1f3c9@first", Reference("a1f3c9", "first")),
        ("a1f3c9@last", Reference("a1f3c9", "last")),
        ("a1f3c9@{2018-11-27}", Reference("a1f3c9", date(2018, 11, 27))),
        ("a1f3c9@1..3", Reference("a1f3c9", 1, 3)),
        ("https://gov.example/@press/1", Reference("https://gov.example/@press/1")),
        ("https://gov.example/@press/1@2", Reference("https://gov.example/@press/1", 2)),
        ("https://user@gov.example/", Reference("https://user@gov.example/")),
        (" a1f3c9 ", Reference("a1f3c9")),
    ],
)
def test_a_reference_is_read(text: str, expected: Reference) -> None:
    assert reference(text) == expected


@pytest.mark.parametrize("text", ["", "a1f3c9@", "a1f3c9@x", "a1f3c9@{27 Nov}", "a1f3c9@-1"])
def test_a_wrong_reference_says_how_to_write_it(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        reference(text)
    assert caught.value.hint


@given(st.text(max_size=30))
def test_any_words_are_a_reference_or_a_usage_error(text: str) -> None:
    for read in (reference, version_range, selector):
        try:
            read(text)
        except OnrecordError as error:
            assert error.exit_code == 2


def test_a_range_is_read_with_and_without_marks() -> None:
    assert version_range("1..3") == version_range("@1..@3") == (1, 3)
    assert version_range("first..last") == ("first", "last")
    assert version_range("{2018-11-26}..{2018-11-29}") == (date(2018, 11, 26), date(2018, 11, 29))
    with pytest.raises(UsageError):
        version_range("1-3")


def test_a_day_means_its_end_in_the_portals_zone() -> None:
    assert instant_of(date(2018, 11, 27), BAKU) == datetime(2018, 11, 27, 19, 59, 59, 999999, tzinfo=UTC)
    assert instant_of(datetime.fromisoformat("2018-11-27T12:00"), BAKU) == datetime(2018, 11, 27, 8, tzinfo=UTC)


def test_a_period_begins_so_long_ago_or_with_a_day() -> None:
    assert since("7d", now=NOW) == NOW - timedelta(days=7)
    assert since("24h", now=NOW) == since("1d", now=NOW)
    assert since("today", now=NOW, zone=BAKU) == datetime(2018, 12, 1, 20, tzinfo=UTC)
    assert since("2018-11", now=NOW) == datetime(2018, 11, 1, tzinfo=UTC)
    assert since("2018-11-27T10:00+04:00", now=NOW) == datetime(2018, 11, 27, 6, tzinfo=UTC)


def test_a_period_ends_with_the_end_of_what_is_named() -> None:
    last = timedelta(microseconds=1)
    assert until("2018-11-30", now=NOW) == datetime(2018, 12, 1, tzinfo=UTC) - last
    assert until("2018-12", now=NOW) == datetime(2019, 1, 1, tzinfo=UTC) - last
    assert until("2018", now=NOW) == datetime(2019, 1, 1, tzinfo=UTC) - last
    assert until("2018-11-30T10:00Z", now=NOW) == datetime(2018, 11, 30, 10, tzinfo=UTC)


@pytest.mark.parametrize("text", ["soon", "2018-13", "99999999999999d", "31.11.2018", ""])
def test_a_wrong_time_says_how_to_write_it(text: str) -> None:
    with pytest.raises(UsageError, match="no time"):
        since(text, now=NOW)
