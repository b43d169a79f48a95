"""A proposal as people read it on a screen, and as programs read it (`add --json`)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from archive.output.screen import Screen
    from crawler.discovery import Proposal

SHOWN_SECTIONS = 6


def as_json(proposal: Proposal, path: Path) -> dict[str, Any]:
    """The object of `add --json`: addresses in full, samples as they were read."""
    return {
        "portal": proposal.id.value,
        "file": str(path),
        "home": proposal.home,
        "name": proposal.name.value,
        "sections": [{"name": item.name, "url": item.url, "articles": item.articles} for item in proposal.sections],
        "feeds": [feed.url for feed in proposal.feeds],
        "sitemaps": list(proposal.sitemaps.value),
        "articles": {
            "pattern": proposal.pattern.value if proposal.pattern else None,
            "identity": list(proposal.identity),
            "exclude": list(proposal.exclude),
            "matching": proposal.matching,
            "samples": [_sample(item) for item in proposal.samples],
        },
        "languages": list(proposal.languages.value),
        "timezone": proposal.timezone.value,
        "timezones_as_likely": list(proposal.zones),
        "family": proposal.family.value if proposal.family else None,
        "noise": [item.value for item in (*proposal.noise_lines, *proposal.noise_selectors)],
        "robots": proposal.robots,
        "requests": proposal.requests,
        "notes": list(proposal.notes),
    }


def _sample(item: Any) -> dict[str, Any]:
    article = item.reading.article
    stated = article.datePublished
    return {
        "url": item.url,
        "why": item.why,
        "headline": article.headline,
        "datePublished": stated.value if stated else None,
        "datePublishedSource": stated.source if stated else None,
        "inLanguage": article.inLanguage,
        "words": len(article.articleBody.split()),
    }


def show(screen: Screen, proposal: Proposal, diff: str) -> None:
    """What was found, a line a subject; the diff of a refresh below."""
    host = urlsplit(proposal.home).netloc
    screen.print(f"{host}: robots.txt {proposal.robots} · {proposal.requests} requests")
    first, *others = proposal.languages.value or ("unknown",)
    also = f" ({', '.join(others)} also linked)" if others else ""
    family = f"      CMS  {proposal.family.value} ({proposal.family.why})" if proposal.family else ""
    screen.print(f"  language   {first}{also}      timezone  {proposal.timezone.value} ({proposal.timezone.why}){family}")
    newest = max((feed.newest for feed in proposal.feeds if feed.newest), default=None)
    feeds = " · ".join(_short(proposal.home, feed.url) for feed in proposal.feeds)
    entries = sum(feed.items for feed in proposal.feeds)
    screen.print(f"  feeds      {len(proposal.feeds)}  {feeds}" + (f"  {entries} entries" if entries else "") + _newest(newest))
    maps = " · ".join(_short(proposal.home, url) for url in proposal.sitemaps.value) or f"({proposal.sitemaps.why})"
    screen.print(f"  sitemaps   {len(proposal.sitemaps.value)}  {maps}")
    names = [item.name for item in proposal.sections]
    more = f" … ({len(names) - SHOWN_SECTIONS} more)" if len(names) > SHOWN_SECTIONS else ""
    screen.print(f"  sections   {len(names)}  {' · '.join(names[:SHOWN_SECTIONS])}{more}")
    _show_articles(screen, proposal)
    noise = [item.value for item in (*proposal.noise_lines, *proposal.noise_selectors)]
    screen.print(f"  noise      {' · '.join(noise) if noise else 'none seen'}")
    if diff:
        screen.print(diff.rstrip("\n"))


def _show_articles(screen: Screen, proposal: Proposal) -> None:
    if proposal.pattern is None:
        screen.print("  articles   no shape of address found", style="warn")
        return
    clean = f"{proposal.pattern.hits} of {proposal.pattern.of} sampled read as articles"
    screen.print(f"  articles   {proposal.pattern.value}   {proposal.matching} links match, {clean}")
    for item in proposal.samples:
        stated = item.reading.article.datePublished
        date = f"{stated.value[:10]} ({stated.source})" if stated else "no date"
        screen.print(f"    {date:<24} {item.reading.article.headline or _short(proposal.home, item.url)}", style="dim")


def _newest(stamp: str | None) -> str:
    return f", newest {stamp[:10]}" if stamp else ""


def _short(home: str, url: str) -> str:
    parts, ours = urlsplit(url), urlsplit(home)
    return parts.path + (f"?{parts.query}" if parts.query else "") if parts[:2] == ours[:2] else url
