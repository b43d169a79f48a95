"""From a home page to a proposed portal file: who is asked for what, in which order, within how many requests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from urllib.parse import urlsplit

from archive.errors import UsageError
from archive.urls import canonical_url
from crawler.discovery.articles import Verdicts, pattern_for, ranked, try_shapes
from crawler.discovery.asking import Asker, Fetch, Robots, ask_robots
from crawler.discovery.evidence import Evidence
from crawler.discovery.family import recognise
from crawler.discovery.feeds import find_feeds
from crawler.discovery.front import ask_front
from crawler.discovery.furniture import repeated_lines
from crawler.discovery.languages import language_homes, language_of, stated_language, url_language
from crawler.discovery.naming import portal_id, portal_name
from crawler.discovery.navigation import section_candidates
from crawler.discovery.proposal import Found, FoundFeed, FoundSection, Proposal, Sample
from crawler.discovery.samples import SAMPLES, more_samples, moving_elements, read_sample
from crawler.discovery.sections import find_sections, matches
from crawler.discovery.shapes import Pattern
from crawler.discovery.sitemaps import find_sitemaps
from crawler.discovery.timezones import choose_zone, country_of
from crawler.listings import Listing
from crawler.listings.links import PageLink, ParsedPage
from crawler.listings.pager import next_pages

MIN_REQUESTS = 8
RESERVE = 10  # requests kept for reading samples and fetching one of them again
MAX_LANGUAGES = 4
_UNKNOWN = "und"  # BCP 47: undetermined

Tell = Callable[[str], None]
Feeds = list[tuple[FoundFeed, Listing]]


async def explore(home: str, fetch: Fetch, *, max_requests: int = 40, tell: Tell = lambda _: None) -> Proposal:
    """Look at a portal politely, `max_requests` requests at most, and propose its portal file.

    UsageError for what is no address or no page; NotFound where robots.txt forbids the home page; OnrecordError where
    nothing answers.
    """
    if max_requests < MIN_REQUESTS:
        raise UsageError(f"--max-requests {max_requests} is too few to learn anything", hint=f"at least {MIN_REQUESTS}")
    asker = Asker(fetch, max_requests)
    robots = await ask_robots(asker, home)
    front = await ask_front(asker, home, robots)
    return await _Explorer(asker, robots, front, tell).run()


class _Explorer:
    """What is known so far while one portal is looked at."""

    def __init__(self, asker: Asker, robots: Robots, front: ParsedPage, tell: Tell) -> None:
        self.asker, self.robots, self.front, self.tell = asker, robots, front, tell
        self.evidence = Evidence(front.url)
        self.languages: tuple[str, ...] = ()
        self.homes: dict[str, ParsedPage] = {}  # by language
        self.hubs: dict[str, tuple[str, ParsedPage]] = {}  # pages behind the menus: address -> (name, page)
        self.unseen: list[PageLink] = []  # menu links there was no request left for
        self.notes: list[str] = []

    async def run(self) -> Proposal:
        spoken = await self._languages()
        feeds = await find_feeds(self.asker, list(self.homes.values()))
        for _, listing in feeds:
            self.evidence.add_feed(listing.candidates)
        sitemaps, named = await find_sitemaps(self.asker, self.front.url, self.robots.sitemaps)
        self.evidence.add_sitemap(named)
        self.tell(f"{_count(len(feeds), 'feed')}, {_count(len(sitemaps.value), 'sitemap')}")
        await self._look_behind_menus()
        spoken = self._spoken_there(spoken)
        self.tell(f"{len(self.hubs)} pages behind the menus")
        ranking = ranked(self.evidence.candidates(self.languages), self.languages)
        verdicts = await try_shapes(ranking, lambda url: read_sample(self.asker, url))
        pattern = pattern_for(verdicts, self.languages, self._no_articles()) if verdicts.yes else None
        sections: tuple[FoundSection, ...] = ()
        samples: tuple[Sample, ...] = ()
        if pattern is not None:
            sections = await find_sections(
                self.asker, self.evidence, self.hubs, self.homes, self.front, pattern, self.languages, self.unseen
            )
            await self._turn_pages(sections, pattern)
            samples = await more_samples(self.asker, self.evidence, self.languages, verdicts, pattern)
        else:
            self.notes.append("no shape of address was found whose samples are articles: set [articles].url")
        return await self._proposal(spoken, feeds, sitemaps, sections, verdicts, pattern, samples)

    async def _languages(self) -> Found[tuple[str, ...]]:
        """Languages, the main one first, with their home pages looked at."""
        front = self.front
        self.evidence.add_page(front)
        main, others = language_of(front), language_homes(front)
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
        self.languages = tuple(dict.fromkeys(code for code in (main, *self.homes, *others) if code)) or (_UNKNOWN,)
        if not self.homes:
            self.homes[self.languages[0]] = front
        source = "<html lang>" if stated_language(front) else "the words of the page"
        return Found(self.languages, source + (", hreflang and links to other languages" if len(self.languages) > 1 else ""))

    def _spoken_there(self, spoken: Found[tuple[str, ...]]) -> Found[tuple[str, ...]]:
        """Where the home page tells no language, the one that most pages behind it state or are written in."""
        if spoken.value != (_UNKNOWN,):
            return spoken
        said = Counter(code for page in self.evidence.pages.values() if (code := language_of(page)))
        if not said:
            self.notes.append("no language is stated and too few words tell it: set [portal].languages")
            return Found((), spoken.why)
        self.languages = tuple(code for code, _ in said.most_common(3))
        return Found(self.languages, "pages behind the menus", said.most_common(1)[0][1], len(self.evidence.pages))

    async def _look_behind_menus(self) -> None:
        """Fetch what the menus of all languages lead to, in turn, the most promising links first."""
        starts = {code: page.url for code, page in self.homes.items()}
        menus = dict.fromkeys((*self.homes.values(), self.front))
        queues = [section_candidates(page, self.evidence, starts) for page in menus]
        while any(queues) and self.asker.left > RESERVE:
            for queue in filter(None, queues):
                if self.asker.left <= RESERVE:
                    break
                link = queue.pop(0)
                page = await self.asker.page(link.url)
                if page is not None and page.url not in self.evidence.pages and self.evidence.is_ours(page.url):
                    self.hubs[page.url] = (link.text, page)
                    self.evidence.add_page(page)
        self.unseen = [link for queue in queues for link in queue]

    def _no_articles(self) -> set[str]:
        """Addresses known to be no articles: menus, hubs, homes."""
        urls = (canonical_url(url) for url in {*self.evidence.frame(self.languages), *self.evidence.pages})
        return {url for url in urls if not ((seen := self.evidence.seen.get(url)) and (seen.feed or seen.dated))}

    async def _turn_pages(self, sections: tuple[FoundSection, ...], pattern: Pattern) -> None:
        """Look at the second page of one listing a language, whether it shows other articles than the first."""
        first = {section.lang: section for section in reversed(sections) if section.pager and section.looked_at}
        for section in list(first.values())[:2]:
            page = await self.asker.page(section.url) if self.asker.left > SAMPLES + 2 else None
            following = next_pages(page, None, shows_articles=True) if page is not None else ()
            second = await self.asker.page(following[0]) if following else None
            if page is None or second is None:
                continue
            shown = {canonical_url(link.url) for link in page.links}
            if not any(matches(pattern, link.url) and canonical_url(link.url) not in shown for link in second.links):
                self.notes.append(f"the second page of section “{section.name}” shows no other articles: look at its paginate")
            self.evidence.add_page(second)

    async def _proposal(
        self,
        spoken: Found[tuple[str, ...]],
        feeds: Feeds,
        sitemaps: Found[tuple[str, ...]],
        sections: tuple[FoundSection, ...],
        verdicts: Verdicts,
        pattern: Pattern | None,
        samples: tuple[Sample, ...],
    ) -> Proposal:
        pages = list(self.evidence.pages.values())
        zone, zones = choose_zone(self._country(feeds), _stated(feeds, samples), self.languages)
        rule, matching = None, 0
        if pattern is not None:
            failed = sum(matches(pattern, url) for url in verdicts.failed)
            why = "the shape shared by most links outside the menus"
            rule = Found(pattern.url, why, len(samples), len(samples) + failed)
            matching = sum(matches(pattern, seen.url) for seen in self.evidence.candidates(self.languages))
        return Proposal(
            home=self.front.url,
            id=portal_id(self.front.url),
            name=portal_name(self.front, self._in_main_language(pages)),
            languages=spoken,
            timezone=zone,
            zones=zones,
            robots=_robots_words(self.robots),
            crawl_delay=self.robots.crawl_delay,
            feeds=tuple(feed for feed, _ in feeds),
            sitemaps=sitemaps,
            sections=sections,
            pattern=rule,
            identity=pattern.identity if pattern else (),
            exclude=pattern.exclude if pattern else (),
            matching=matching,
            samples=samples,
            noise_lines=repeated_lines(samples),
            noise_selectors=await moving_elements(self.asker, samples),
            family=recognise(pages),
            requests=self.asker.requests,
            notes=tuple(self.notes),
        )

    def _in_main_language(self, pages: list[ParsedPage]) -> list[ParsedPage]:
        main = (*self.languages[:1], None)
        return [page for page in pages if url_language(page.url, self.languages) in main]

    def _country(self, feeds: Feeds) -> tuple[str, str] | None:
        roots = [page.root for page in self.evidence.pages.values() if page.root is not None]
        tags = [str(value) for root in roots for value in root.xpath("/html/@lang | //meta[@property='og:locale']/@content")]
        tags += [feed.language for feed, _ in feeds if feed.language]
        return country_of(urlsplit(self.front.url).hostname or "", tags)


def _stated(feeds: Feeds, samples: tuple[Sample, ...]) -> list[str]:
    """The dates of the feeds, else those of the articles read."""
    dates = [item.stated_date for _, listing in feeds for item in listing.candidates if item.stated_date]
    stated = (sample.reading.article.datePublished for sample in samples)
    return dates or [date.value for date in stated if date is not None]


def _robots_words(robots: Robots) -> str:
    if robots.status == 200:
        return "allowed" + (f", crawl-delay {robots.crawl_delay:g}s" if robots.crawl_delay else "")
    return f"none ({robots.status})" if robots.status else "no answer"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
