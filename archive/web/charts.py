"""Numbers as inline SVG: no script, colours from the style sheet, a link on what can be opened, a title on what can be read."""

from __future__ import annotations

import calendar as months
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from markupsafe import Markup

STEP, CELL = 13, 11  # units from day to day, and of a day's square
LEFT, TOP = 30, 18


_SQUARE = Markup(
    '<a href="{}" aria-label="{}"><title>{}</title><rect x="{}" y="{}" width="{}" height="{}" rx="2" class="d{}"/></a>'
)


def calendar(days: Mapping[date, Mapping[str, int]], year: int, query: str = "") -> Markup:
    """A year of weeks, a square a day, the darker the more changed; days with changes lead to them."""
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


def histogram(bars: Sequence[tuple[str, int]], label: str) -> Markup:
    """Labelled bars with their numbers over them."""
    top = max((count for _, count in bars), default=0) or 1
    drawn = []
    for at, (name, count) in enumerate(bars):
        height = round(120 * count / top)
        x = at * 74
        drawn.append(
            Markup(
                '<rect class="bar" x="{}" y="{}" width="60" height="{}"/><text x="{}" y="{}" text-anchor="middle">{}</text>'
                '<text x="{}" y="158" text-anchor="middle">{}</text>'
            ).format(x + 7, 140 - height, height, x + 37, 134 - height, count, x + 37, name)
        )
    return Markup('<svg class="plot" viewBox="0 0 {} 164" width="{}" height="164" role="img" aria-label="{}">{}</svg>').format(
        74 * len(bars), 74 * len(bars), label, Markup("").join(drawn)
    )


def curves(rows: Sequence[tuple[str, tuple[float, float]]], names: tuple[str, str], label: str) -> Markup:
    """Two shares (0 to 1) by age, as lines with dots; the second one dashed, so that colour is not needed."""
    step, height, left, top = 62, 140, 44, 14
    width = left + step * len(rows) + 10
    drawn = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = top + round(height * (1 - share))
        drawn.append(
            Markup('<path class="grid" d="M{} {}H{}"/><text x="{}" y="{}" text-anchor="end">{} %</text>').format(
                left, y, width, left - 6, y + 4, round(100 * share)
            )
        )
    across = [left + 8 + step * place for place in range(len(rows) + 1)]
    for at, name in enumerate(names):
        up = [top + round(height * (1 - share), 1) for share in (1.0, *(shares[at] for _, shares in rows))]
        dots = Markup("").join(
            Markup('<circle cx="{}" cy="{}" r="3"><title>{}: {} % {}</title></circle>').format(
                x, y, age, round(100 * shares[at], 1), name
            )
            for x, y, (age, shares) in zip(across[1:], up[1:], rows, strict=True)
        )
        path = "M" + "L".join(f"{x} {y}" for x, y in zip(across, up, strict=True))
        drawn.append(Markup('<g class="line line{}"><path d="{}"/>{}</g>').format(at + 1, path, dots))
    for x, (age, _) in zip(across[1:], rows, strict=True):
        drawn.append(Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(x, height + 32, age))
    return Markup('<svg class="plot" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">{}</svg>').format(
        width + 20, height + 40, width + 20, height + 40, label, Markup("").join(drawn)
    )


def week(counted: Sequence[Sequence[int]], label: str) -> Markup:
    """A strip a weekday, a square an hour."""
    top = max((count for row in counted for count in row), default=0)
    square = Markup('<rect x="{}" y="{}" width="22" height="18" rx="2" class="d{}"><title>{} {:02d}:00: {}</title></rect>')
    drawn = [
        square.format(36 + hour * 25, 18 + day * 21, _level(count, top), months.day_abbr[day], hour, count)
        for day, row in enumerate(counted)
        for hour, count in enumerate(row)
    ]
    drawn += [Markup('<text x="0" y="{}">{}</text>').format(32 + day * 21, months.day_abbr[day]) for day in range(7)]
    drawn += [Markup('<text x="{}" y="12">{:02d}</text>').format(38 + hour * 25, hour) for hour in range(0, 24, 3)]
    return Markup(
        '<svg class="plot" viewBox="0 0 640 168" width="640" height="168" role="img" aria-label="{}">{}</svg>'
    ).format(label, Markup("").join(drawn))


def _level(count: int, top: int) -> int:
    """0 for none, then 1 to 4 by the root, so that one large day does not make all others pale."""
    return 0 if not count else min(4, 1 + int(3.999 * (count / top) ** 0.5)) if top else 1
