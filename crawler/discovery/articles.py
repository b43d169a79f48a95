"""Which addresses are articles? Shapes of links, the most telling first, each tried on samples that are read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from crawler.discovery.evidence import Seen
from crawler.discovery.proposal import Sample
from crawler.discovery.shapes import Pattern, Shape, generalise, shape_of

MAX_SHAPES = 6  # tried at most
MIN_LINKS = 3  # of a shape that no feed names

Read = Callable[[str], Awaitable[Sample | str | None]]  # a sample; or why it is no article; None: no request left


@dataclass(slots=True)
class Verdicts:
    """Shapes found to be articles or not, with the samples read on the way."""

    yes: dict[Shape, list[str]] = field(default_factory=dict)
    no: dict[Shape, list[str]] = field(default_factory=dict)
    samples: list[Sample] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


def ranked(candidates: list[Seen], languages: tuple[str, ...]) -> list[tuple[Shape, list[Seen]]]:
    """Shapes with their addresses, the ones most said to be articles first; within a shape likewise."""
    groups: dict[Shape, list[Seen]] = {}
    for seen in candidates:
        groups.setdefault(shape_of(seen.url, languages), []).append(seen)
    kept = [(shape, group) for shape, group in groups.items() if len(group) >= MIN_LINKS or any(seen.feed for seen in group)]
    for _, group in kept:
        group.sort(key=lambda seen: -seen.weight)
    return sorted(kept, key=lambda pair: -_score(*pair))


def _score(shape: Shape, group: list[Seen]) -> float:
    """The weights of a shape's addresses; a hundred links say little more than thirty; a date or number of its own adds."""
    return sum(seen.weight for seen in group[:30]) * (1.5 if shape.strong else 1.0)


async def try_shapes(groups: list[tuple[Shape, list[Seen]]], read: Read) -> Verdicts:
    """Read one sample a shape, a second one where the first is no article and the shape has much to say for it."""
    verdicts = Verdicts()
    accepted = 0.0
    for shape, group in groups[:MAX_SHAPES]:
        if accepted and _score(shape, group) < 0.02 * accepted:
            break
        verdict = await _try(group, read, verdicts, tries=2 if not verdicts.yes else 1)
        if verdict is None:
            break
        (verdicts.yes if verdict else verdicts.no)[shape] = [seen.url for seen in group]
        accepted = max(accepted, _score(shape, group) if verdict else 0.0)
    return verdicts


async def _try(group: list[Seen], read: Read, verdicts: Verdicts, *, tries: int) -> bool | None:
    for seen in group[:tries]:
        result = await read(seen.url)
        if result is None:
            return None
        if isinstance(result, Sample):
            verdicts.samples.append(result)
            return True
        verdicts.reasons.append(f"{seen.url}: {result}")
    return False


def pattern_for(verdicts: Verdicts, languages: tuple[str, ...], others: set[str]) -> Pattern:
    """The rule of [articles] for the shapes that hold, leaving out menus, hubs and shapes that do not."""
    no = {url for urls in verdicts.no.values() for url in urls}
    holes = {shape.holes() for shape in verdicts.no}
    complete = not any(shape.holes() in holes for shape in verdicts.yes)
    return generalise(verdicts.yes, languages, sorted(others | no), complete=complete)


def spread(group: list[Seen], pages: int) -> list[str]:
    """Addresses to sample, taken in turn from the pages that show them, so that no one section speaks for all."""
    by_page: dict[str, list[str]] = {}
    for seen in group:
        by_page.setdefault(min(seen.pages, default=""), []).append(seen.url)
    rounds = [[urls[n] for urls in by_page.values() if n < len(urls)] for n in range(pages)]
    return [url for turn in rounds for url in turn]
