"""What exploring a home page found: each value with why it is proposed and on how many samples."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from archive.records import Reading

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A proposed value, why, and how many of how many samples say so."""

    value: T
    why: str
    hits: int | None = None
    of: int | None = None

    @property
    def comment(self) -> str:
        """The words that stand behind it in the portal file."""
        return f"auto: {self.why}" + (f" ({self.hits}/{self.of} samples)" if self.of else "")


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed: its address, how many entries it shows, the date of the newest (ISO 8601), the language it states."""

    url: str
    items: int
    newest: str | None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class FoundSection:
    """A listing: its name and address, its language, how many articles it shows, and how it goes on."""

    name: str
    url: str
    lang: str | None
    articles: int
    pager: str | None = None  # "numbered pager", "link rel=next", "link \"Older\""; None: one page
    looked_at: bool = True  # False: taken by analogy with a section of another language


@dataclass(frozen=True, slots=True)
class Sample:
    """One article read to see whether the rules hold."""

    url: str
    reading: Reading
    why: str  # what says that it is an article
    strength: int = 1  # of that: 3 the page's mark-up says so, 2 it marks a publication date, 1 a date stands in its text


@dataclass(frozen=True, slots=True)
class Proposal:
    """A whole proposed portal file, and what a person wants to see before believing it."""

    home: str
    id: Found[str]
    name: Found[str]
    languages: Found[tuple[str, ...]]
    timezone: Found[str]
    zones: tuple[str, ...]  # other zones that fit as well; asked when there are any
    robots: str  # "allowed, crawl-delay 5s"
    crawl_delay: float | None
    feeds: tuple[FoundFeed, ...]
    sitemaps: Found[tuple[str, ...]]
    sections: tuple[FoundSection, ...]
    pattern: Found[str] | None
    identity: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    matching: int = 0  # links seen that match the pattern
    samples: tuple[Sample, ...] = ()
    noise_lines: tuple[Found[str], ...] = ()
    noise_selectors: tuple[Found[str], ...] = ()
    family: Found[str] | None = None
    requests: int = 0
    notes: tuple[str, ...] = field(default_factory=tuple)
