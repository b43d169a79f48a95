"""Was this crawl worth believing? PURE: counts of a run in, reasons for doubt out (none: healthy)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from archive.records import Visit
from crawler.portal import Portal

OK = frozenset({"content", "not_modified", "redirect", "missing", "gone", "soft404", "redirect_home", "robots"})
MIN_SAMPLE = 5  # below that a share says nothing
MAX_BLOCKED = 0.1
MAX_UNREAD = 0.5  # share of fresh article readings without a headline or a body


@dataclass(slots=True)
class Tally:
    """Counts of one run; filled by the crawl, read by `reasons` and the run's summary."""

    outcomes: Counter[str] = field(default_factory=Counter)  # of articles and hubs; images and documents apart
    errors: Counter[str] = field(default_factory=Counter)  # why there was no answer, or the status
    requisites: Counter[str] = field(default_factory=Counter)
    read: int = 0
    unread: int = 0  # readings without a headline or a body
    articles: int = 0  # articles seen with content, changed or not
    hubs: int = 0
    hubs_empty: list[str] = field(default_factory=list)  # sections whose listing showed no article
    defects: Counter[str] = field(default_factory=Counter)  # answers that could not be read or handled, by cause
    traps: Counter[str] = field(default_factory=Counter)  # URL patterns cut off, with how many were not asked
    bytes: int = 0
    new: int = 0  # as ingest acknowledged them
    changed: int = 0
    suspected_gone: int = 0

    def note(self, visit: Visit, *, cause: str, received: int = 0) -> None:
        """Count one visit; `cause` is its status, or why there was no answer; `received` bytes of all its answers."""
        self.bytes += received
        if visit.role in ("image", "style", "document"):
            self.requisites[visit.outcome] += 1
            return
        self.outcomes[visit.outcome] += 1
        if visit.outcome in ("error", "no_answer", "blocked"):
            self.errors["block page" if visit.outcome == "blocked" else cause] += 1
        if visit.outcome == "blocked":
            self.errors[f"blocked ({cause})"] += 1
        if visit.role == "article" and visit.outcome in ("content", "not_modified", "redirect"):
            self.articles += 1
        if visit.role == "article" and visit.outcome == "content" and visit.reading is not None:
            self.read += 1
            self.unread += not (visit.reading.article.headline and visit.reading.article.articleBody)

    @property
    def visits(self) -> int:
        """Articles, hubs and documents asked, with or without an answer."""
        return sum(self.outcomes.values())

    def described(self, seconds: float) -> dict[str, Any]:
        """The counts as the run keeps them."""
        return {
            "visits": self.visits,
            "new": self.new,
            "changed": self.changed,
            "suspected_gone": self.suspected_gone,
            "errors": self.outcomes["error"] + self.outcomes["no_answer"] + self.outcomes["blocked"],
            "bytes": self.bytes,
            "seconds": round(seconds, 3),
            "outcomes": dict(self.outcomes),
            "causes": dict(self.errors.most_common(10)),
            "defects": dict(self.defects.most_common(10)),
            "requisites": dict(self.requisites),
            "traps": dict(self.traps.most_common(20)),
        }


def reasons(portal: Portal, tally: Tally, *, partial: bool = False, interrupted: bool = False) -> list[str]:
    """Why this run should not be believed; `partial` runs (a limit, one section) are not held to a number of articles, nor
    interrupted ones to have asked anything."""
    found: list[str] = []
    visits = tally.visits
    ok = sum(count for outcome, count in tally.outcomes.items() if outcome in OK)
    if visits == 0:
        return [] if interrupted else ["nothing was asked: the portal file names no section, feed or sitemap that answers"]
    if ok / visits < portal.health.min_ok:
        worst = ", ".join(f"{why} ({count} times)" for why, count in tally.errors.most_common(3))
        found.append(f"only {ok} of {visits} visits were answered (min_ok {portal.health.min_ok:.0%}): {worst}")
    if tally.defects:
        cause, _ = tally.defects.most_common(1)[0]
        found.append(f"{sum(tally.defects.values())} answers could not be read: {cause}")
    blocked = tally.outcomes["blocked"]
    if blocked and blocked / visits > MAX_BLOCKED:
        found.append(f"{blocked} of {visits} answers are block, login or maintenance pages")
    if tally.read >= MIN_SAMPLE and tally.unread / tally.read > MAX_UNREAD:
        found.append(f"layout no longer matches: {tally.unread} of {tally.read} pages read without headline or body")
    if not partial and tally.articles < portal.health.min_articles:
        found.append(f"only {tally.articles} articles seen (min_articles {portal.health.min_articles})")
    if tally.hubs >= 1 and len(tally.hubs_empty) == tally.hubs:
        found.append("no listing, feed or sitemap shows an article: does [articles] url still match?")
    return found
