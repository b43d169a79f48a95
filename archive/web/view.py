"""What a page function hands back: one page, and the same as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from archive.feeds import Feed


@dataclass(frozen=True, slots=True)
class View:
    """A page: the template that draws it, what it is drawn from, and its twins.

    `data` is the `.json` twin, in the keys of the command line; `rows` with `keys` the `.csv` twin, `feed` the feeds.
    """

    template: str
    title: str
    data: Any
    context: Mapping[str, Any] = field(default_factory=dict)
    rows: Sequence[Mapping[str, Any]] | None = None
    keys: Sequence[str] = ()
    feed: Feed | None = None
    status: int = 200
    cookie: str | None = None  # a Set-Cookie header

    @property
    def twins(self) -> tuple[str, ...]:
        """The suffixes that this page has beside HTML."""
        found = [".json"] if self.data is not None else []
        if self.rows is not None:
            found.append(".csv")
        if self.feed is not None:
            found += [".atom", ".feed.json"]
        return tuple(found)
