"""What a repair did."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mended:
    """One repair: what was mended, and from where."""

    file: str
    what: str
    source: str
