"""What one more look at a page means for its timeline. PURE: where the page stands and what was seen in, a decision out."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from rapidfuzz import fuzz

from archive.records import Article, VisitOutcome

PageState = Literal["live", "suspected", "gone"]
VersionState = Literal["content", "gone", "redirect", "blocked"]
Action = Literal[
    "none",  # says nothing about the page: robots, no answer, error, block page
    "extend",  # the last version still stands
    "first",  # the first content ever
    "compare",  # other content than the last
    "return",  # content after it was gone or redirected
    "suspect",  # not served, not yet confirmed
    "gone",  # confirmed just now
    "redirect",  # sent to another page
]

_MISSING: dict[VisitOutcome, int] = {"missing": 404, "gone": 410, "soft404": 404, "redirect_home": 404}
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class GoneRule:
    """When a missing page counts as gone: after so many visits over so long a time; some statuses sooner."""

    visits: int = 3
    over: timedelta = timedelta(days=14)
    at_once: tuple[int, ...] = (410,)
    at_once_visits: int = 2
    at_once_over: timedelta = timedelta(days=1)

    def confirms(self, status: int, visits: int, since: datetime, at: datetime) -> bool:
        """Whether this many missing visits since then are enough."""
        if status in self.at_once and visits >= self.at_once_visits and at - since >= self.at_once_over:
            return True
        return visits >= self.visits and at - since >= self.over


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a page stands before a visit. `last` is the state of its last version, `content` the print of its last text."""

    last: VersionState | None = None
    content: str | None = None
    location: str | None = None  # of a last version that is a redirect
    first_missing_at: datetime | None = None
    missing_visits: int = 0


@dataclass(frozen=True, slots=True)
class Observed:
    """What a visit showed. `content` names the text (or the bytes, of what is no text); `same`: equal to the last by the
    server's word or by its bytes, and not read again."""

    outcome: VisitOutcome
    at: datetime
    content: str | None = None
    same: bool = False
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do, and the page's state afterwards."""

    action: Action
    state: PageState
    first_missing_at: datetime | None = None
    missing_visits: int = 0


def decide(standing: Standing, observed: Observed, rule: GoneRule) -> Decision:
    """Weigh one visit. Nothing but content or its absence moves a timeline; errors and block pages never do."""
    status = _MISSING.get(observed.outcome)
    if status is not None:
        return _missing(standing, observed, rule, status)
    if observed.outcome == "redirect":
        same = standing.last == "redirect" and standing.location == observed.location
        return Decision("extend" if same else "redirect", "live")
    seen = observed.content is not None or observed.same
    if observed.outcome not in ("content", "not_modified") or not seen or (observed.same and standing.content is None):
        return _unchanged(standing)
    if standing.last is None:
        return Decision("first", "live")
    if standing.last in ("gone", "redirect"):
        return Decision("return", "live")
    same = observed.same or observed.content == standing.content
    return Decision("extend" if same else "compare", "live")


def _missing(standing: Standing, observed: Observed, rule: GoneRule, status: int) -> Decision:
    if standing.last == "redirect":  # its work goes on elsewhere: nothing is missing
        return _unchanged(standing)
    since = standing.first_missing_at or observed.at
    visits = standing.missing_visits + 1
    if standing.last == "gone":
        return Decision("extend", "gone", since, visits)
    if not rule.confirms(status, visits, since, observed.at):
        return Decision("suspect", "suspected", since, visits)
    return Decision("gone" if standing.last == "content" else "none", "gone", since, visits)


def _unchanged(standing: Standing) -> Decision:
    state: PageState = "live" if standing.first_missing_at is None else "gone" if standing.last == "gone" else "suspected"
    return Decision("none", state, standing.first_missing_at, standing.missing_visits)


def is_another_text(old: Article, new: Article) -> bool:
    """Whether a URL was given to another article: neither the headline nor any stretch of words went over.

    Judged only where both texts are long enough to tell (20 words); runs of three words, of which unrelated articles
    share under a twentieth and rewritten ones far more.
    """
    if fuzz.token_sort_ratio((old.headline or "").casefold(), (new.headline or "").casefold()) >= 60:
        return False
    one, other = _runs(old.articleBody), _runs(new.articleBody)
    shorter = min(one.total(), other.total())
    return shorter >= 20 and (one & other).total() < 0.1 * shorter


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return Counter(zip(words, words[1:], words[2:], strict=False))
