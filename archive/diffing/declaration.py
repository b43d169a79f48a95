"""Did the page itself say that it was changed?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from archive.records import Article

Declared = Literal["yes", "no", "unknown"]
_SAID = ("headline", "body", "images", "attachments", "authors", "links")


def declared(old: Article, new: Article, fields: Sequence[str]) -> Declared:
    """Yes: its modified date or its change note moved with the edit. No: it states one, and it stood still (a silent
    edit). Unknown: it states neither. A change of dates alone declares itself."""
    if new.dateModified is not None and (old.dateModified is None or old.dateModified.value != new.dateModified.value):
        return "yes"
    if new.publisherNote and new.publisherNote != old.publisherNote:
        return "yes"
    if not any(field in _SAID for field in fields):
        return "yes" if tuple(fields) == ("dates",) else "unknown"
    return "no" if new.dateModified is not None or new.publisherNote else "unknown"
