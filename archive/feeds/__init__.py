"""Changes as feeds: Atom (RFC 4287) and JSON Feed 1.1, the change itself in each entry."""

from archive.feeds.atom import ATOM, atom
from archive.feeds.entries import Entry, Feed, change_path, entry
from archive.feeds.jsonfeed import JSON_FEED, json_feed

__all__ = ["ATOM", "JSON_FEED", "Entry", "Feed", "atom", "change_path", "entry", "json_feed"]
