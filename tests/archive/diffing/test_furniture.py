"""Counters, clocks and update stamps by their form, and what only looks like them."""

from __future__ import annotations

import pytest

from archive.diffing.furniture import CLOCK, COUNTER, UPDATED, furniture_slot


@pytest.mark.parametrize(
    ("before", "after", "slot"),
    [
        ("0 comment", "3 comments", None),
        ("0 comment", "3 comment", COUNTER),
        ("Views: 1,204", "Views: 1,377", COUNTER),
        ("Baxılıb: 5", "Baxılıb: 7", COUNTER),
        ("Комментарии (5)", "Комментарии (7)", COUNTER),
        ("14:05, 26 November 2018", "15:00, 27 November 2018", CLOCK),
        ("This page was last updated on 07/21/2026", "This page was last updated on 08/03/2026", UPDATED),
        ("Последнее обновление: 3 мая 2020", "Последнее обновление: 4 июня 2020", UPDATED),
        ("26 November 2018", "27 November 2018", None),  # may be a deadline
        ("Deadline: 30 June 2026", "Deadline: 31 July 2026", None),
        ("The report names 47 states", "The report names 46 states", None),
        ("We received 1,200 comments from 14 states", "We received 1,300 comments from 14 states", None),
        ("Views: 12", "Views of 12 ministers", None),
    ],
)
def test_a_line_is_furniture_only_where_its_form_says_so(before: str, after: str, slot: str | None) -> None:
    assert furniture_slot(before, after) == slot
