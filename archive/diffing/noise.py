"""Slots: where on a page a change happened, so that a place that always changes is known as furniture.

A slot is a name that stays the same while its content does not: the text with its digits masked where only digits
changed ("body:# comments"), else the heading it stands under ("body>most read"), the kind and heading of an aside, the
folder of an image. A name that other pages of the portal may share by accident ends in " @ " and the page's address.
`learn` finds furniture in the record of past comparisons, of one page and of the portal's template; nothing is written
by hand, and a learned slot can be taken back.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.diffing.furniture import CLOCK, COUNTER, TURNED
from archive.diffing.wording import wording

SPACING = "spacing"  # the blanks alone changed
PUNCTUATION = "punctuation"  # words, numbers and signs are the same
ALWAYS_MUTED = frozenset((SPACING, PUNCTUATION, COUNTER, CLOCK, TURNED))

MIN_CHANGES = 4  # of one page's slot, before it may be furniture
MIN_SHARE = 0.8  # of the page's visits after the first, in which the slot changed: an article updated daily has less
MIN_PAGES = 5  # of the portal, for a slot of its template
MIN_PAGE_SHARE = 0.6  # of the pages on which the slot ever changed, those on which it changes nearly always
FEW_VISITS = 3  # below, "nearly always" is chance: then the slot must change on most pages that were seen again at all
PAGE = " @ "  # before the address in a slot that belongs to one page

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


def learn(history: Iterable[Compared], *, pages: int = 0) -> dict[str, str]:
    """Slots that are furniture, each with the reason to show: `{slot: why}`. Order of the history does not matter.

    `pages`: how many pages of the portal were seen again, those without any change included (default: as many as the
    history names).
    """
    found: dict[str, str] = {}
    by_slot: dict[str, list[float]] = defaultdict(list)
    often: Counter[str] = Counter()  # pages on which a slot changes nearly always, in enough visits to tell
    seen = 0
    for compared in history:
        visits = max(compared.visits, len(compared.slots), 1)
        seen += 1
        for slot, changed in Counter(slot for slots in compared.slots for slot in slots).items():
            if slot in ALWAYS_MUTED:
                continue
            by_slot[slot.split(PAGE)[0]].append(changed / visits)
            often[slot.split(PAGE)[0]] += visits >= FEW_VISITS and changed / visits >= MIN_SHARE
            if changed >= MIN_CHANGES and changed / visits >= MIN_SHARE:
                found.setdefault(slot, f"changed in {changed} of {visits} visits of a page")
    for slot, shares in by_slot.items():
        always = sum(share >= MIN_SHARE for share in shares)
        told = often[slot] >= MIN_PAGES or always / max(seen, pages) >= MIN_PAGE_SHARE
        if slot not in found and told and always >= MIN_PAGES and always / len(shares) >= MIN_PAGE_SHARE:
            found[slot] = f"changed on {always} pages nearly whenever they were seen again"
    return found


def is_muted(block: Mapping[str, Any], furniture: Collection[str]) -> bool:
    """Whether a block lies in furniture, or says nothing else than before."""
    slot = block.get("slot") or ""
    return slot in furniture or slot in ALWAYS_MUTED or slot.split(PAGE)[0] in furniture


def slots_of(blocks: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The slots that blocks of a comparison name."""
    return frozenset(block["slot"] for block in blocks if block.get("slot"))


def muting_slot(blocks: Sequence[Mapping[str, Any]], furniture: Collection[str] = ()) -> str | None:
    """The slot that mutes a change whose every block lies in furniture; None where one block does not (or none is)."""
    if not blocks or not all(is_muted(block, furniture) for block in blocks):
        return None
    slots = [str(block["slot"]) for block in blocks]
    return next((slot for slot in slots if slot not in ALWAYS_MUTED), slots[0])
