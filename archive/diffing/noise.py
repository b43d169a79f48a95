"""Slots: where on a page a change happened, so that a place that always changes is known as furniture.

A slot is a name that stays the same while its content does not: the text with its digits masked where only digits
changed ("body:# comments"), else the heading it stands under ("body>Most read"), the kind and heading of an aside, or
the folder of an image. `learn` finds the furniture of a page and of a portal's template in the record of past
comparisons; nothing is written by hand, and a learned slot can be taken back.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.diffing.furniture import CLOCK, COUNTER
from archive.diffing.wording import wording

SPACING = "spacing"  # the blanks alone changed
PUNCTUATION = "punctuation"  # words, numbers and signs are the same
ALWAYS_MUTED = frozenset((SPACING, PUNCTUATION, COUNTER, CLOCK))

MIN_CHANGES = 4  # of one page's slot, before it may be furniture
MIN_SHARE = 0.5  # of the page's comparable visits in which the slot changed
MIN_PAGES = 5  # of the portal, for a slot of its template
MIN_PAGE_SHARE = 0.6  # of the pages with that slot's portal that changed in it whenever they were seen again

_DIGITS = re.compile(r"\d+(?:[.,:/\u00a0 -]\d+)*")
_SLOT_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Compared:
    """One page's record: how many visits could show a change, and the slots that changed, comparison by comparison."""

    page: str
    visits: int
    slots: tuple[frozenset[str], ...]


def mask(text: str) -> str:
    """The text as its template prints it: lower case, each number or date a #, cut short."""
    return _DIGITS.sub("#", " ".join(wording(text)).casefold())[:_SLOT_LENGTH]


def learn(history: Iterable[Compared]) -> dict[str, str]:
    """Slots that are furniture, each with the reason to show: `{slot: why}`. Order of the history does not matter."""
    found: dict[str, str] = {}
    by_slot: dict[str, list[float]] = defaultdict(list)
    for compared in history:
        times = Counter(slot for slots in compared.slots for slot in slots)
        for slot, changed in times.items():
            share = changed / max(compared.visits, len(compared.slots), 1)
            by_slot[slot].append(share)
            if changed >= MIN_CHANGES and share >= MIN_SHARE:
                found.setdefault(slot, f"changed in {changed} of {compared.visits} visits of {compared.page}")
    for slot, shares in by_slot.items():
        always = sum(1 for share in shares if share >= MIN_SHARE)
        if slot not in found and always >= MIN_PAGES and always / len(shares) >= MIN_PAGE_SHARE:
            found[slot] = f"changed on {always} pages nearly whenever they were seen again"
    return found


def slots_of(blocks: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The slots that blocks of a comparison name."""
    return frozenset(block["slot"] for block in blocks if block.get("slot"))


def muting_slot(blocks: Sequence[Mapping[str, Any]], furniture: Collection[str] = ()) -> str | None:
    """The slot that mutes a change whose every block lies in furniture; None where one block does not (or none is)."""
    slots = [block.get("slot") for block in blocks]
    if slots and all(slot in furniture or slot in ALWAYS_MUTED for slot in slots):
        return next((slot for slot in slots if slot in furniture), slots[0])
    return None
