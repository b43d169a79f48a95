"""Where does a comparison lead: the changes of the page before and after it, what either side looked like, how much differs?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from archive.records import Article

COMPARED = ("edited", "replaced", "back")  # kinds of change that have two sides on one page


class Share(NamedTuple):
    """How many paragraphs of both texts together differ, of how many."""

    differ: int
    of: int


def neighbours(versions: Sequence[Mapping[str, Any]], old: int, new: int) -> tuple[str | None, str | None]:
    """The changes that end at or before the older side, and begin at or after the newer one, as `1..2`."""
    changed = [row["version"] for row in versions if row["kind"] in COMPARED and row["version"] > 1]
    before = next((n for n in reversed(changed) if n <= old), None)
    after = next((n for n in changed if n > max(old, new)), None)
    return tuple(f"{n - 1}..{n}" if n is not None else None for n in (before, after))  # type: ignore[return-value]


def share(blocks: Iterable[Mapping[str, Any]], newer: Article | None) -> Share | None:
    """The paragraphs that the blocks of the body are of; None where there is no text."""
    if newer is None or not newer.articleBody.strip():
        return None
    spans = [block["span"] for block in blocks if block["field"] == "body"]
    gone_only = sum(max(0, was - now) for was, now in spans)
    return Share(sum(max(span) for span in spans), newer.articleBody.count("\n\n") + 1 + gone_only)
