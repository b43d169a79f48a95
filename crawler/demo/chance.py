"""Where the portal's choices come from: one independent, reproducible stream a name."""

from __future__ import annotations

import hashlib
import random


def stream(seed: int, *names: object) -> random.Random:
    """A generator that depends on `seed` and `names` alone, so that a change in one story leaves all others as they were."""
    name = "\x1f".join(str(part) for part in (seed, *names))
    return random.Random(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big"))  # noqa: S311 - not a secret
