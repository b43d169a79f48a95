"""From a home page to a proposed portal file: who is asked for what, in which order, within how many requests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from archive.errors import NotFound, OnrecordError, UsageError
from archive.urls import canonical_url
from crawler import extraction
from crawler.discovery.articles import Verdicts, pattern_for, ranked, spread, try_shapes
from crawler.discovery.asking import Asker, Fetch, Fetched, Robots, ask_robots
from crawler.discovery.evidence import Evidence
from crawler.discovery.feeds import find_feeds
from crawler.discovery.furniture import repeated_lines, volatile_selectors
from crawler.discovery.languages import language_homes, language_of, stated_language, url_language
from crawler.discovery.likeness import article_sign
from crawler.discovery.naming import portal_id, portal_name
from crawler.discovery.navigation import section_candidates
from crawler.discovery.proposal import Found, FoundFeed, FoundSection, Proposal, Sample
from crawler.discovery.sections import find_sections, matches
from crawler.discovery.shapes import Pattern
from crawler.discovery.sitemaps import find_sitemaps
from crawler.discovery.timezones import choose_zone, country_of
from crawler.listings import Listing
from crawler.listings.links import PageLink, ParsedPage, parse_page, refresh_target

MIN_REQUESTS = 8
RESERVE = 10  # requests kept for reading samples and fetching one of them again
SAMPLES = 5
MAX_LANGUAGES = 4
MAX_REFRESHES = 2  # <meta http-equiv=refresh> followed from the home page

Tell = Callable[[str], None]


async def explore(home: str, fetch: Fetch, *, max_requests: int = 40, tell: Tell = lambda _: None) -> Proposal:
    """Look at a portal politely, `max_requests` requests at most, and propose its portal file.

    UsageError for what is no address or no page; NotFound where nothing answers or robots.txt forbids the home page.
    """
    if max_requests < MIN_REQUESTS:
        raise UsageError(f"--max-requests {max_requests} is too few to learn anything", hint=f"at least {MIN_REQUESTS}")
    return await _Explorer(home, Asker(fetch, max_requests), tell).run()


class _Explorer:
    def __init__(self, home: str, asker: Asker, tell: Tell) -> None:
        self.home, self.asker, self.tell = home, asker, tell
        self.notes: list[str] = []
        self.homes: dict[str, ParsedPage] = {}  # by language
        self.unseen: list[PageLink] = []  # menu links there was no request left for

    async def run(self) -> Proposal:
        robots = await ask_robots(self.asker, self.home)
        front = await self._front_page(robots)
        self.evidence = Evidence(front.url)
        languages = await self._languages(front)
        self.languages = languages.value
        feeds = await find_feeds(self.asker, list(self.homes.values()) or [front])
        for _, listing in feeds:
            self.evidence.add_feed(listing.candidates)
        sitemaps, named = await find_sitemaps(self.asker, front.url, robots.sitemaps)
        self.evidence.add_sitemap(named)
        self.tell(f"{len(feeds)} feeds, {len(sitemaps.value)} sitemaps")
        hubs = await self._look_at_sections(front)
        verdicts = await try_shapes(ranked(self.evidence.candidates(self.languages), self.languages), self._read)
        pattern = pattern_for(verdicts, self.languages, self._others(hubs)) if verdicts.yes else None
        sections = await find_sections(self.asker, self.evidence, hubs, self.homes, front, pattern, self.languages, self.unseen)
        samples = await self._samples(verdicts, pattern)
        return await self._assemble(front, robots, languages, feeds, sitemaps, sections, verdicts, pattern, samples)

    async def _front_page(self, robots: Robots) -> ParsedPage:
        answer = await self.asker.get(self.home)
        if answer is None or answer.status == 0:
            raise self._no_answer(answer, robots)
        if answer.status != 200:
            raise OnrecordError(
                f"{self.home} answers {answer.status}",
                hint="give the address of a page that is there",
                code="portal.unreachable",
            )
        page = await self.asker.page(self.home)
        for _ in range(MAX_REFRESHES):
            onwards = refresh_target(page) if page is not None else None
            page = await self.asker.page(onwards) if onwards else page
        if page is None:
            raise UsageError(
                f"{self.home} is not HTML ({answer.content_type or 'no type'})",
                hint="give the portal's home page",
                code="portal.not_html",
            )
        return page

    def _no_answer(self, answer: Fetched | None, robots: Robots) -> OnrecordError:
        host = urlsplit(self.home).netloc
        if robots.status >= 500:
            return OnrecordError(
                f"robots.txt of {host} answers {robots.status}, which means that nothing may be asked now (RFC 9309)",
                hint="try again later",
                code="portal.unreachable",
            )
        if answer is not None and answer.robots:
            return NotFound(
                f"robots.txt of {host} forbids {self.home}",
                hint="ask the publisher; [portal].robots can override it with a recorded reason",
                code="portal.robots",
            )
        why = robots.error or (answer.error if answer is not None else None) or "no answer"
        private = "ONRECORD_CRAWL_ALLOW_PRIVATE=1 permits loopback and private addresses" if "private" in why else None
        return OnrecordError(
            f"{self.home} does not answer: {why}",
            hint=private or "check the address; a portal that is down can be added later",
            code="portal.unreachable",
        )

    async def _languages(self, front: ParsedPage) -> Found[tuple[str, ...]]:
        """Languages, the main one first, with their home pages looked at."""
        self.evidence.add_page(front)
        main = language_of(front)
        others = language_homes(front)
        splash = canonical_url(front.url) not in {canonical_url(url) for url in others.values()} and len(front.links) <= 12
        if main and not splash:
            self.homes[main] = front
        for code, url in list(others.items())[:MAX_LANGUAGES]:
            if code in self.homes or canonical_url(url) == canonical_url(front.url):
                self.homes.setdefault(code, front)
                continue
            page = await self.asker.page(url)
            if page is not None and self.evidence.is_ours(page.url):
                self.homes[code] = page
                self.evidence.add_page(page)
        codes = tuple(dict.fromkeys(code for code in (main, *self.homes, *others) if code)) or ("und",)
        if codes == ("und",):
            self.notes.append("no language is stated and too few words tell it: set [portal].languages")
        if not self.homes:
            self.homes[codes[0]] = front
        source = "<html lang>" if stated_language(front) else "the words of the page"
        why = source + (", hreflang and links to other languages" if len(codes) > 1 else "")
        return Found(codes, why)

    async def _look_at_sections(self, front: ParsedPage) -> dict[str, tuple[str, ParsedPage]]:
        """Pages behind the menus of all languages in turn: address -> (name, page)."""
        starts = {code: page.url for code, page in self.homes.items()}
        queues = [section_candidates(page, self.evidence, starts) for page in dict.fromkeys((*self.homes.values(), front))]
        hubs: dict[str, tuple[str, ParsedPage]] = {}
        while any(queues) and self.asker.left > RESERVE:
            for queue in queues:
                if not queue or self.asker.left <= RESERVE:
                    continue
                link = queue.pop(0)
                page = await self.asker.page(link.url)
                if page is not None and page.url not in self.evidence.pages and self.evidence.is_ours(page.url):
                    hubs[page.url] = (link.text, page)
                    self.evidence.add_page(page)
        self.tell(f"{len(hubs)} pages behind the menus")
        self.unseen = [link for queue in queues for link in queue]
        return hubs

    def _others(self, hubs: dict[str, tuple[str, ParsedPage]]) -> set[str]:
        """Addresses known to be no articles: menus, hubs, homes."""
        urls = {*self.evidence.frame(self.languages), *self.evidence.pages}
        return {canonical_url(url) for url in urls if not self._was_article(url)}

    def _was_article(self, url: str) -> bool:
        seen = self.evidence.seen.get(canonical_url(url))
        return seen is not None and (seen.feed or seen.dated)

    async def _read(self, url: str) -> Sample | str | None:
        answer = await self.asker.get(url)
        if answer is None:
            return None
        if answer.status != 200 or not answer.is_html:
            return f"status {answer.status}" if answer.status != 200 else "not HTML"
        page = await self.asker.page(url)
        reading = extraction.read(answer.body, url=answer.final_url, content_type=answer.content_type, at=datetime.now(UTC))
        sign = article_sign(page, reading) if page is not None else None
        return Sample(url, reading, sign) if sign else "no date and no mark of an article"

    async def _samples(self, verdicts: Verdicts, pattern: Pattern | None) -> tuple[Sample, ...]:
        """Five articles read, from as many sections and languages as there are."""
        samples = list(verdicts.samples)
        if pattern is None:
            return ()
        read = {sample.url for sample in samples}
        matching = [s for s in self.evidence.candidates(self.languages) if matches(pattern, s.url) and s.url not in read]
        matching.sort(key=lambda seen: -seen.weight)
        queue = spread(matching, 3)
        while queue and len(samples) < SAMPLES and self.asker.left > 2:
            result = await self._read(queue.pop(0))
            if isinstance(result, Sample):
                samples.append(result)
            elif result:
                verdicts.reasons.append(result)
        return tuple(samples)

    async def _assemble(
        self,
        front: ParsedPage,
        robots: Robots,
        languages: Found[tuple[str, ...]],
        feeds: list[tuple[FoundFeed, Listing]],
        sitemaps: Found[tuple[str, ...]],
        sections: tuple[FoundSection, ...],
        verdicts: Verdicts,
        pattern: Pattern | None,
        samples: tuple[Sample, ...],
    ) -> Proposal:
        dates = [item.stated_date for _, listing in feeds for item in listing.candidates if item.stated_date]
        dates = dates or [
            sample.reading.article.datePublished.value for sample in samples if sample.reading.article.datePublished
        ]
        zone, zones = choose_zone(country_of(urlsplit(front.url).hostname or "", self._tags(feeds)), dates, self.languages)
        matching = sum(1 for s in self.evidence.candidates(self.languages) if pattern and matches(pattern, s.url))
        clean = len(samples)
        tried = clean + len(verdicts.reasons)
        if pattern is None:
            self.notes.append("no shape of address was found whose samples are articles: set [articles].url")
        return Proposal(
            home=front.url,
            id=portal_id(front.url),
            name=portal_name(front, self._pages_in(self.languages[0])),
            languages=languages,
            timezone=zone,
            zones=zones,
            robots=_robots_words(robots),
            crawl_delay=robots.crawl_delay,
            feeds=tuple(feed for feed, _ in feeds),
            sitemaps=sitemaps,
            sections=sections,
            pattern=Found(pattern.url, "the shape shared by most links outside the menus", clean, tried) if pattern else None,
            identity=pattern.identity if pattern else (),
            exclude=pattern.exclude if pattern else (),
            matching=matching,
            samples=samples,
            noise_lines=repeated_lines(samples),
            noise_selectors=await self._volatile(samples),
            requests=self.asker.requests,
            notes=tuple(self.notes),
        )

    def _pages_in(self, language: str) -> list[ParsedPage]:
        return [page for page in self.evidence.pages.values() if url_language(page.url, self.languages) in (language, None)]

    def _tags(self, feeds: list[tuple[FoundFeed, Listing]]) -> list[str]:
        roots = [page.root for page in self.evidence.pages.values() if page.root is not None]
        tags = [str(value) for root in roots for value in root.xpath("/html/@lang | //meta[@property='og:locale']/@content")]
        return tags + [feed.language for feed, _ in feeds if feed.language]

    async def _volatile(self, samples: tuple[Sample, ...]) -> tuple[Found[str], ...]:
        """Fetch one sample again, and another one where nothing differs: some pages come out of a cache."""
        for sample in samples[:4]:
            first = await self.asker.page(sample.url)
            answer = await self.asker.get(sample.url, again=True)
            if first is None or answer is None or not answer.is_html:
                continue
            second = parse_page(answer.body, url=answer.final_url, content_type=answer.content_type)
            if found := volatile_selectors(first, second):
                return found
        return ()


def _robots_words(robots: Robots) -> str:
    if robots.status == 200:
        return "allowed" + (f", crawl-delay {robots.crawl_delay:g}s" if robots.crawl_delay else "")
    return f"none ({robots.status})" if robots.status else "no answer"
