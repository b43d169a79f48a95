"""How the few things that every list shows are written for people: ids, states, kinds of change, words, sizes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.text import Text

KIND_STYLES = {"new": "good", "edited": "added", "moved": "moved", "replaced": "moved", "gone": "gone", "back": "good"}
_BLOCKS = "▁▂▃▄▅▆▇█"


def state(row: Mapping[str, Any]) -> Text:
    """live, suspected or gone, in its colour."""
    return Text(row["state"], style=row["state"])


def kind(row: Mapping[str, Any]) -> Text:
    """The kind of a change; a muted one is dim."""
    style = "dim" if row.get("muted") else KIND_STYLES.get(row["kind"] or "", "")
    return Text(row["kind"] or "", style=style.replace("added", "blue"))


def words(row: Mapping[str, Any]) -> Text:
    """Words added and removed: `+1 -14`; nothing where none were."""
    parts = []
    if row["words_added"]:
        parts.append(Text(f"+{row['words_added']}", style="blue"))
    if row["words_removed"]:
        parts.append(Text(f"-{row['words_removed']}", style="yellow"))
    return Text(" ").join(parts)


def extent(row: Mapping[str, Any]) -> Text:
    """How much of what changed: the words, else the fields in which no word did."""
    return words(row) if row["words_added"] or row["words_removed"] else Text(", ".join(row["fields"]), style="dim")


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 page`, `4,812 pages`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def size(count: int) -> str:
    """Bytes in the unit that a person reads: `812 B`, `4.1 MB`."""
    value = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            break
        value /= 1000
    return f"{value:,.0f} {unit}" if unit == "B" or value >= 100 else f"{value:,.1f} {unit}"


def bar(value: int, top: int, width: int) -> str:
    """A bar of at most `width` cells, to an eighth of a cell."""
    eighths = round(value / max(top, 1) * width * 8)
    return "█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8].strip()


def sparkline(values: list[int]) -> str:
    """A row of small bars, the highest full; a zero is the lowest bar, as in a row of days without news."""
    top = max(values, default=0)
    return "".join(_BLOCKS[round(value / top * 7) if top else 0] for value in values)
