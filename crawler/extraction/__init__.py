"""From bytes to an Article. PURE: no network, no disk, no clock; the same bytes and rules give the same reading."""

from crawler.extraction.reader import EXTRACTOR, read

__all__ = ["EXTRACTOR", "read"]
