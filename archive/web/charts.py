"""Numbers as inline SVG: no script, colours from the style sheet, a link on what can be opened, a title on what can be read."""

from __future__ import annotations

import calendar as months
from collections.abc import Mapping
from datetime import date, timedelta

from markupsafe import Markup

STEP, CELL = 13, 11  # units from day to day, and of a day's square
LEFT, TOP = 30, 18


_SQUARE = Markup(
    '<a href="{}" aria-label="{}"><title>{}</title><rect x="{}" y="{}" width="{}" height="{}" rx="2" class="d{}"/></a>'
)


def calendar(days: Mapping[date, Mapping[str, int]], year: int | None, query: str = "") -> Markup:
    """A year of weeks, a square a day, the darker the more changed; days with changes lead to them. Empty without a year."""
    if year is None:
        return Markup("")
    start = date(year, 1, 1)
    monday = start - timedelta(days=start.weekday())
    top = max((sum(count.values()) for count in days.values()), default=0)
    cells, labels, empty = [], [], []
    for at in range((date(year, 12, 31) - start).days + 1):
        day = start + timedelta(days=at)
        x, y = LEFT + (day - monday).days // 7 * STEP, TOP + day.weekday() * STEP
        total = sum(days.get(day, {}).values())
        if total:
            told = f"{day}: " + ", ".join(f"{count} {kind}" for kind, count in days[day].items())
            address = f"/changes?since={day}&until={day}" + (f"&{query}" if query else "")
            cells.append(_SQUARE.format(address, told, told, x, y, CELL, CELL, _level(total, top)))
        else:
            empty.append(f"M{x} {y}h{CELL}v{CELL}h-{CELL}z")  # one element for all of them: a third of the page's size
        if day.day == 1:
            labels.append(Markup('<text x="{}" y="12">{}</text>').format(x, months.month_abbr[day.month]))
    labels += [Markup('<text x="0" y="{}">{}</text>').format(TOP + row * STEP + 9, months.day_abbr[row]) for row in (0, 2, 4)]
    width, height = LEFT + 54 * STEP, TOP + 7 * STEP
    return Markup(
        '<svg class="calendar" viewBox="0 0 {} {}" width="{}" height="{}" role="group" aria-label="{}">{}{}</svg>'
    ).format(
        width,
        height,
        width,
        height,
        f"Changes per day in {year}",
        Markup("").join(labels),
        Markup('<path class="d0" d="{}"/>').format(" ".join(empty)) + Markup("").join(cells),
    )


def _level(count: int, top: int) -> int:
    """0 for none, then 1 to 4 by the root, so that one large day does not make all others pale."""
    return 0 if not count else min(4, 1 + int(3.999 * (count / top) ** 0.5)) if top else 1
