"""Which addresses are articles? Shapes of links, the most telling first, each tried on samples that are read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from crawler.discovery.evidence import Seen
from crawler.discovery.proposal import Sample
from crawler.discovery.shapes import Pattern, Shape, generalise, shape_of

MAX_FAMILIES = 4  # tried at most
MAX_SHAPES = 5  # of a family, tried at most
AGREE = 2  # samples of different shapes of a family after which the others are believed
MIN_LINKS = 3  # of a shape that no feed names

Family = dict[Shape, list[Seen]]
Read = Callable[[str], Awaitable[Sample | str | None]]  # a sample; or why it is no article; None: no request left


@dataclass(slots=True)
class Verdicts:
    """Shapes found to be articles or not, with the samples read on the way."""

    yes: dict[Shape, list[str]] = field(default_factory=dict)
    no: dict[Shape, list[str]] = field(default_factory=dict)
    samples: list[Sample] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)  # addresses read that are no articles: why

    @property
    def strength(self) -> int:
        """How well the articles of the families before say that they are articles; 0 before the first."""
        return min((sample.strength for sample in self.samples), default=0)


def ranked(candidates: list[Seen], languages: tuple[str, ...]) -> list[Family]:
    """Shapes with their addresses, in families that differ only in fixed words ("/en/{economy,society}/{number}"): the
    family most said to be articles first, within it the shape, within that the address."""
    shapes: dict[Shape, list[Seen]] = {}
    for seen in candidates:
        shapes.setdefault(shape_of(seen.url, languages), []).append(seen)
    families: dict[Shape, Family] = {}
    for shape, group in shapes.items():
        group.sort(key=lambda seen: -seen.weight)
        families.setdefault(shape.holes(), {})[shape] = group
    kept = [family for family in families.values() if _enough([seen for group in family.values() for seen in group])]
    for family in kept:
        for shape in sorted(family, key=lambda shape: -_score(shape, family[shape])):
            family[shape] = family.pop(shape)
    return sorted(kept, key=lambda family: -_family_score(family))


def _enough(group: list[Seen]) -> bool:
    return len(group) >= MIN_LINKS or any(seen.feed for seen in group)


def _score(shape: Shape, group: list[Seen]) -> float:
    """The weights of a shape's addresses; a hundred links say little more than thirty; a date or number of its own adds."""
    return sum(seen.weight for seen in group[:30]) * (1.5 if shape.strong else 1.0)


def _family_score(family: Family) -> float:
    return sum(sorted((_score(shape, group) for shape, group in family.items()), reverse=True)[:5])


async def try_shapes(families: list[Family], read: Read) -> Verdicts:
    """Read samples, family by family, until the rest has little to say for itself or the requests are used up."""
    verdicts = Verdicts()
    best = 0.0
    for family in families[:MAX_FAMILIES]:
        score = _family_score(family)
        if best and score < 0.05 * best:
            break
        if not await _try_family(family, read, verdicts):
            break
        if any(shape in verdicts.yes for shape in family):
            best = max(best, score)
    return verdicts


async def _try_family(family: Family, read: Read, verdicts: Verdicts) -> bool:
    """Try a family's shapes until so many agree that the others are believed: those told from other pages by a number or
    date, and those whose links stand beside dates. False: no request left."""
    agreed, least = 0, verdicts.strength
    tried = [(shape, group) for shape, group in family.items() if shape.strong or _enough(group)][:MAX_SHAPES]
    for shape, group in tried:
        if agreed >= AGREE and _speaks_for_itself(shape, group):
            break
        sample = await _try(group, read, verdicts, tries=1 if verdicts.yes else 2)
        if sample is None:
            return False
        verdict = isinstance(sample, Sample) and (sample.strength >= least or _dated(group))
        (verdicts.yes if verdict else verdicts.no)[shape] = [seen.url for seen in group]
        if verdict and isinstance(sample, Sample):
            verdicts.samples.append(sample)
        agreed = agreed + 1 if verdict else -MAX_SHAPES
    if agreed >= min(AGREE, len(tried)) > 0:
        for shape, group in family.items():
            if shape not in verdicts.yes and _speaks_for_itself(shape, group):
                verdicts.yes[shape] = [seen.url for seen in group]
    return True


def _speaks_for_itself(shape: Shape, group: list[Seen]) -> bool:
    return shape.strong or _dated(group)


def _dated(group: list[Seen]) -> bool:
    """Whether listings or feeds show these addresses beside dates, as they do articles."""
    return sum(seen.dated for seen in group) >= max(MIN_LINKS, len(group) // 2)


async def _try(group: list[Seen], read: Read, verdicts: Verdicts, *, tries: int) -> Sample | str | None:
    """The first of a few addresses that is an article; else why the last one is none; None: no request left."""
    result: Sample | str | None = "nothing to read"
    for seen in group[:tries]:
        result = await read(seen.url)
        if result is None or isinstance(result, Sample):
            break
        verdicts.failed[seen.url] = result
    return result


def pattern_for(verdicts: Verdicts, languages: tuple[str, ...], others: set[str]) -> Pattern:
    """The rule of [articles] for the shapes that hold, leaving out menus, hubs and shapes that do not."""
    believed = {shape for shape in verdicts.yes if shape.strong}
    no = {url for urls in verdicts.no.values() for url in urls}
    elsewhere = {url for url in others if shape_of(url, languages) not in believed}  # "most read" lists stand on every page
    holes = {shape.holes() for shape in verdicts.no}
    complete = not any(shape.holes() in holes for shape in verdicts.yes)
    return generalise(verdicts.yes, languages, sorted(elsewhere | no), complete=complete)
