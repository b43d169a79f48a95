"""Full text over every version, also of what is gone. The other half of THE ONE READ PATH. `search` is `tell` of what `find`
finds; a viewer that shows a stretch of a long answer tells only that, and counts `facets`; a feed tells what is `following`."""

from archive.search.finding import CANDIDATES, find
from archive.search.following import following, matching
from archive.search.search import search
from archive.search.telling import Facets, Hit, facets, tell

__all__ = ["CANDIDATES", "Facets", "Hit", "facets", "find", "following", "matching", "search", "tell"]
