"""The index of the evidence in CDXJ, kept sorted."""

from archive.cdxj.index import Index, merge
from archive.cdxj.lines import Entry, capture_line, line, line_of, parse, timestamp

__all__ = ["Entry", "Index", "capture_line", "line", "line_of", "merge", "parse", "timestamp"]
