"""How is an instant a number? Whole microseconds: order and equality are those of the clock, on every database."""

from __future__ import annotations

from datetime import UTC, datetime

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_microseconds(value: datetime) -> int:
    """Microseconds since 1970-01-01T00:00Z of an aware datetime; ValueError for a naive one, which would be a guess."""
    if value.tzinfo is None:
        raise ValueError("naive datetime")
    since = value - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
