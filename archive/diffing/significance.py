"""How much a change matters, from 0 to 1, and the reason in words: claims before rewording, the headline before the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log1p
from typing import Any

from archive.diffing.claims import Claim, claims
from archive.diffing.tokens import count_words

_FIELD = {"headline": 0.7, "attachments": 0.5, "dates": 0.35, "authors": 0.35, "images": 0.3, "links": 0.25, "blocks": 0.15}
_CLAIM = {"negation": 0.9, "number": 0.8, "modal": 0.75, "date": 0.7, "name": 0.65}
_NAMED = {"negation": "negation", "number": "number", "modal": "modal verb", "date": "date", "name": "name"}


def significance(blocks: Sequence[Mapping[str, Any]]) -> tuple[float, str]:
    """Score and reason of a change's blocks. The strongest claim sets the score, more of them and size add a little."""
    found = claims(blocks)
    fields = dict.fromkeys(block["field"] for block in blocks)
    ops = [op for block in blocks if block["field"] in ("headline", "body") for op in block["ops"]]
    words = sum(count_words(op[-1]) for op in ops if op[0] in ("-", "+"))
    size = min(0.6, 0.1 * log1p(words))
    moved = any(op[0] == "+m" for op in ops)
    strongest = max(
        [size, *(_CLAIM[claim.kind] for claim in found), *(_FIELD.get(field, 0.0) for field in fields)], default=0.0
    )
    score = min(1.0, strongest + 0.02 * max(0, len(found) - 1) + 0.1 * size)
    return round(score, 3), _reason(found, list(fields), words, moved)


def _reason(found: Sequence[Claim], fields: Sequence[str], words: int, moved: bool) -> str:
    parts = [f"{_NAMED[claim.kind]} {claim.show()}" for claim in sorted(found, key=lambda claim: -_CLAIM[claim.kind])[:2]]
    if len(found) > 2:
        parts.append(f"{len(found) - 2} more")
    parts += [field for field in fields if field != "body"]
    if words:
        parts.append(f"{words} words")
    if moved:
        parts.append("text moved")
    return ", ".join(parts)
