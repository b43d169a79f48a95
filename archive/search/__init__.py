"""Full text over every version, also of what is gone. The other half of THE ONE READ PATH."""

from archive.search.search import Hit, matching, search

__all__ = ["Hit", "matching", "search"]
