"""Which lines stand at the edges of most articles of a portal, and so are no article's own? PURE.

What is asked are texts already read: the extractor, which sees one page at a time, took these lines for the article's. A
line counts only where nothing but such lines stands between it and the edge of the text: "Quick facts" above facts that
differ is part of every article, "This is historical material" above all of them is not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from crawler.extraction.plain_text import flat
from crawler.extraction.titles import segments

MIN_TEXTS = 10  # of a language, below which what repeats may be chance
SHARE = 0.8  # of a language's texts that bear the line
MOST = 0.2  # of the texts' characters: what makes up more of them is what they say
MAX_LINE = 400  # characters
MAX_LINES = 50


@dataclass(frozen=True, slots=True)
class Text:
    """What was read of one article: its language, headline, and paragraphs in order."""

    language: str | None
    headline: str | None
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line to leave out, and on how many of how many articles it stands."""

    text: str
    hits: int
    of: int


def learn(texts: Iterable[Text]) -> tuple[Line, ...]:
    """The lines that stand at an edge of at least 80 % of a language's texts (of 10 or more), or in their headlines; none
    where they make up a fifth of what is said."""
    by_language: defaultdict[str | None, list[Text]] = defaultdict(list)
    for text in texts:
        by_language[text.language].append(text)
    found: dict[str, Line] = {}
    for group in by_language.values():
        if len(group) >= MIN_TEXTS:
            for line in (*_edges(group), *_of_headlines(group)):
                found.setdefault(flat(line.text), line)
    return tuple(sorted(found.values(), key=lambda line: (-line.hits, line.text)))[:MAX_LINES]


def _edges(group: Sequence[Text]) -> Iterator[Line]:
    counts, spelled = _counted(set(text.paragraphs) for text in group)
    common = {key for key, hits in counts.items() if hits >= SHARE * len(group)}
    while common:
        at_edge, _ = _counted(_run(text.paragraphs, common) | _run(text.paragraphs[::-1], common) for text in group)
        kept = {key for key in common if at_edge[key] >= SHARE * len(group)}
        if kept == common:
            break
        common = kept  # a line that only a line now refused had at the edge is looked at again
    whole = sum(len(paragraph) for text in group for paragraph in text.paragraphs)
    if sum(len(spelled[key]) * counts[key] for key in common) <= MOST * whole:
        yield from (Line(spelled[key], counts[key], len(group)) for key in common)


def _run(paragraphs: Sequence[str], common: set[str]) -> set[str]:
    """The paragraphs of the unbroken run of common lines at the start."""
    return set(takewhile(lambda paragraph: flat(paragraph) in common, paragraphs))


def _of_headlines(group: Sequence[Text]) -> Iterator[Line]:
    """Headlines, and first and last parts of headlines, that are the same on most pages: the names of site and section."""
    counts, spelled = _counted(_ends(text.headline) for text in group)
    yield from (Line(spelled[key], hits, len(group)) for key, hits in counts.items() if hits >= SHARE * len(group))


def _ends(headline: str | None) -> set[str]:
    parts = segments(headline or "")
    return {parts[0], parts[-1]} if parts else set()


def _counted(sets: Iterable[set[str]]) -> tuple[Counter[str], dict[str, str]]:
    """On how many texts each line stands, by its letters and digits, and a spelling of each."""
    counts: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for lines in sets:
        keys = {key: line for line in lines if len(line) <= MAX_LINE and (key := flat(line))}
        counts.update(keys.keys())
        spelled |= {key: line for key, line in keys.items() if key not in spelled}
    return counts, spelled
