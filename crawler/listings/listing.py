"""The values all kinds of listing are read into."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """One article a listing shows: absolute address without fragment, and what the listing says about it."""

    url: str
    title: str | None = None
    stated_date: str | None = None  # as written; ISO 8601 where the format is a standard one (<time>, feed, sitemap)
    position: int = 0  # 0 first


@dataclass(frozen=True, slots=True)
class Listing:
    """What one answer of a hub shows. Nothing here raises: what could not be read is a warning."""

    candidates: tuple[Candidate, ...] = ()
    next_urls: tuple[str, ...] = ()  # the next page of a listing or feed; the sitemaps an index names
    warnings: tuple[str, ...] = ()
