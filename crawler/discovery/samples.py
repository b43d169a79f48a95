"""A few articles read, to see whether what was found holds; and one fetched again, to see what moves by itself."""

from __future__ import annotations

from datetime import UTC, datetime

from crawler import extraction
from crawler.discovery.articles import Verdicts
from crawler.discovery.asking import Asker
from crawler.discovery.evidence import Evidence, Seen
from crawler.discovery.furniture import volatile_selectors
from crawler.discovery.likeness import article_sign
from crawler.discovery.proposal import Found, Sample
from crawler.discovery.sections import matches
from crawler.discovery.shapes import Pattern
from crawler.listings.links import parse_page

SAMPLES = 5
MAX_SECOND_FETCHES = 4


async def read_sample(asker: Asker, url: str) -> Sample | str | None:
    """The page read, if it is an article; else why it is none; None: no request left."""
    answer = await asker.get(url)
    if answer is None:
        return None
    if answer.status != 200 or not answer.is_html:
        return f"status {answer.status}" if answer.status != 200 else "not HTML"
    page = await asker.page(url)
    reading = extraction.read(answer.body, url=answer.final_url, content_type=answer.content_type, at=datetime.now(UTC))
    sign = article_sign(page, reading) if page is not None else None
    return Sample(url, reading, *sign) if sign else "no date and no mark of an article"


async def more_samples(
    asker: Asker, evidence: Evidence, languages: tuple[str, ...], verdicts: Verdicts, pattern: Pattern
) -> tuple[Sample, ...]:
    """The samples read so far and more up to five, from as many pages that list articles as there are."""
    samples = [sample for sample in verdicts.samples if matches(pattern, sample.url)]
    read = {sample.url for sample in samples} | verdicts.failed.keys()
    matching = [seen for seen in evidence.candidates(languages) if matches(pattern, seen.url) and seen.url not in read]
    queue = _spread(sorted(matching, key=lambda seen: -seen.weight))
    while queue and len(samples) < SAMPLES and asker.left > 2:
        url = queue.pop(0)
        result = await read_sample(asker, url)
        if isinstance(result, Sample):
            samples.append(result)
        elif result:
            verdicts.failed[url] = result
    return tuple(samples)


def _spread(group: list[Seen]) -> list[str]:
    """Addresses in turn from the pages that show them, so that no one section speaks for all."""
    by_page: dict[str, list[str]] = {}
    for seen in group:
        by_page.setdefault(min(seen.pages, default=""), []).append(seen.url)
    rounds = [[urls[n] for urls in by_page.values() if n < len(urls)] for n in range(SAMPLES)]
    return [url for turn in rounds for url in turn]


async def moving_elements(asker: Asker, samples: tuple[Sample, ...]) -> tuple[Found[str], ...]:
    """Selectors of what differs when a sample is fetched again; further samples where nothing does: caches hide it."""
    for sample in samples[:MAX_SECOND_FETCHES]:
        first = await asker.page(sample.url)
        answer = await asker.get(sample.url, again=True)
        if first is None or answer is None or not answer.is_html:
            continue
        second = parse_page(answer.body, url=answer.final_url, content_type=answer.content_type)
        if found := volatile_selectors(first, second):
            return found
    return ()
