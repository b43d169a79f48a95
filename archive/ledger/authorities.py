"""Which outside authorities stamp an archive's checkpoints, by its settings."""

from __future__ import annotations

from archive.settings import TIME_STAMPERS, Settings

DEFAULT = ("digicert", "sectigo")
ENOUGH = 2  # stamps by different authorities: one of them may fail, or be doubted


def authorities(settings: Settings) -> tuple[str, ...]:
    """Their addresses; () when nobody is to be asked."""
    named = settings.evidence.timestamps
    if named is None:
        named = () if settings.crawl.allow_private else DEFAULT
    return tuple(TIME_STAMPERS.get(name, name) for name in named)
