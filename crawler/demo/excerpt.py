"""A word diff cut down to one telling line: the first edit of a block with a few words on either side."""

from __future__ import annotations

from collections.abc import Sequence

AROUND = 4  # words kept before and after
LONGEST = 12  # words of one addition or removal that are shown

Piece = tuple[str, str]  # "=", "-", "+" or "m" (moved) and the words


def excerpt(ops: Sequence[Sequence[str]]) -> list[Piece]:
    """Pieces around the first change of `ops` (as `onrecord diff --json` writes them), the rest elided with "…"."""
    changed = [place for place, op in enumerate(ops) if op[0] != "="]
    if not changed:
        return []
    start = changed[0]
    end = start
    while end + 1 < len(ops) and (ops[end + 1][0] != "=" or _short_bridge(ops, end + 1)):
        end += 1
    pieces: list[Piece] = []
    if start and (before := ops[start - 1][-1].split()):
        pieces.append(("=", " ".join(["…", *before[-AROUND:]] if len(before) > AROUND else before)))
    for op in ops[start : end + 1]:
        words = op[-1].split()
        shown = words if len(words) <= LONGEST else [*words[: LONGEST - 2], "…"]
        if shown:
            pieces.append(("m" if op[0].endswith("m") else op[0], " ".join(shown)))
    if end + 1 < len(ops) and (after := ops[end + 1][-1].split()):
        pieces.append(("=", " ".join([*after[:AROUND], "…"] if len(after) > AROUND else after)))
    return pieces


def _short_bridge(ops: Sequence[Sequence[str]], place: int) -> bool:
    """Equal words so few that the next change belongs to the same sight."""
    return place + 1 < len(ops) and len(ops[place][-1].split()) <= 2
