"""The spider of every portal that data describes: sections, feeds, sitemaps, linked articles, known pages again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import scrapy
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from archive import workspace as workspaces
from archive.query import KnownPage
from archive.records import Reading, Sighting, Visit, VisitOutcome
from archive.urls import urlkey
from crawler import portal_file, settings
from crawler.answers import Answer, describe_failure
from crawler.asking import Asked, KnownPages, conditional_headers
from crawler.extensions import CrawlRun
from crawler.frontier import Frontier, absolute
from crawler.health import Tally
from crawler.journal import Journal, Pending
from crawler.listings import Listing, parse_feed, parse_listing, parse_sitemap
from crawler.middlewares import RobotsUnreachable
from crawler.outcomes import classify
from crawler.pace import Resting
from crawler.plan import Plan
from crawler.portal import Portal, parse_duration
from crawler.reading_pool import ReadingFailed, ReadingPool
from crawler.recorded import listed
from crawler.visits import answered, unanswered

QUEUE = 200  # requests waiting in Scrapy; known pages are fed in below that, so memory stays flat
PRIORITY = {"hub": 20, "article": 10, "document": 5, "image": 0, "style": 0}
_LOOKS = ("image", "style")  # roles that are kept to be shown, not read


class PortalSpider(scrapy.Spider):
    """One crawl of one portal, as `Plan` says. Subclass it for a portal whose listing is an API: override `listing`, and
    `next_pages` where it goes on otherwise."""

    name = "portal"

    def __init__(self, plan: Plan, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.plan = plan
        self.portal: Portal = plan.portal
        self.frontier = Frontier(plan.portal)
        self.tally = Tally()
        self.known: KnownPages  # these three are set by the CrawlRun extension before the first request
        self.journal: Journal
        self.pool: ReadingPool
        self.left = plan.limit if plan.limit is not None else -1
        self.shared = shared_destinations(plan.portal)

    @classmethod
    def from_crawler(cls, crawler: Crawler, portal: str | None = None, plan: Plan | None = None, **kwargs: Any) -> Self:
        """Called by Scrapy; `portal` (and `recheck`, `section`, `limit`, `deadline`) come from `scrapy crawl -a`."""
        if plan is None:
            workspace = workspaces.find()
            found = portal_file.find(workspace, portal or "")
            limit, deadline = kwargs.pop("limit", None), kwargs.pop("deadline", None)
            before = listed(workspace, found.about.id)
            plan = Plan(
                workspace,
                found,
                recheck=kwargs.pop("recheck", "all"),
                section=kwargs.pop("section", None),
                limit=int(limit) if limit else None,
                deadline=parse_duration(deadline) if deadline else None,
                first=not before.once,
                left_over=not before.since,
            )
        crawler.settings.setdict(settings.for_portal(plan.workspace, plan.portal), priority="spider")
        if plan.deadline is not None:
            crawler.settings.set("CLOSESPIDER_TIMEOUT", plan.deadline.total_seconds(), priority="spider")
        return super().from_crawler(crawler, plan=plan, **kwargs)

    @property
    def run(self) -> CrawlRun:
        """The run this spider crawls for."""
        found = self.crawler.get_extension(CrawlRun)
        if found is None:
            raise RuntimeError("the CrawlRun extension is switched off: visits have nowhere to go")
        return found

    # -- asking ----------------------------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Any]:
        """Hubs first, then what an interrupted run had left, then known pages."""
        if not await self.run.begin(self):
            return
        for pending in self.plan.hubs():
            for request in self.ask(pending):
                yield request
        for url in self.known.visited():
            self.frontier.claim(url, known=True)
        for pending in self.known.left_over():
            for request in self.ask(pending):
                yield request
        async for request in self.recheck():
            yield request

    async def recheck(self) -> AsyncIterator[scrapy.Request]:
        """Known pages to look at again, fed in as the queue empties, so that memory does not grow with the portal."""
        for known in self.known.to_recheck():
            while waiting(self.crawler) > QUEUE:
                await asyncio.sleep(0.02)
            for request in self.ask(Pending(known.url, known.role, "recheck"), known):
                yield request

    def ask(self, pending: Pending, known: KnownPage | None = None) -> Iterator[scrapy.Request]:
        """The request for an address, unless it was asked, is foreign, or the limit is reached."""
        if not self.frontier.claim(
            pending.url, known=known is not None or pending.via in ("home", "section", "feed", "sitemap")
        ):
            return
        if pending.role == "article":
            if self.left == 0:
                return
            self.left -= 1
        known = known or self.known.get(pending.url)
        if pending.role in _LOOKS and known is not None and not self.wanted(pending, known):
            return
        self.journal.add(pending)
        yield scrapy.Request(
            pending.url,
            callback=self.parse_hub if pending.role == "hub" else self.parse_page,
            errback=self.on_failure,
            headers=self.validators(pending, known),
            priority=PRIORITY.get(pending.role, 0),
            dont_filter=True,
            meta={"asked": Asked(pending, known)},
        )

    def validators(self, pending: Pending, known: KnownPage | None) -> dict[str, str]:
        """Headers that ask only for what changed. A listing must be seen whole where an earlier crawl left over what it shows:
        that it has not changed would hide it for good."""
        if pending.role == "hub" and self.plan.left_over:
            return {}
        return conditional_headers(known, datetime.now(UTC), self.full_fetch_every)

    def wanted(self, pending: Pending, known: KnownPage) -> bool:
        """An image that was fetched is not asked again (a new file has a new name), a missing one now and then; so is a style
        sheet, which may change under its name."""
        fetched, asked = known.fetched_at is not None and pending.role == "image", known.last_visit_at
        return not fetched and (asked is None or datetime.now(UTC) - asked > self.full_fetch_every)

    @property
    def full_fetch_every(self) -> timedelta:
        """How long the server's word that nothing changed is enough."""
        return timedelta(days=self.plan.workspace.settings.evidence.full_fetch_every)

    # -- hubs ------------------------------------------------------------------------------------------------------

    async def parse_hub(self, response: Response) -> AsyncIterator[Any]:
        """A listing, feed or sitemap: what it shows is asked, and its next page."""
        asked: Asked = response.meta["asked"]
        answer = Answer.of(response)
        listing = self.listing(response, asked.pending) if answer.status == 200 else Listing()
        where = asked.pending.url
        outcome = classify(
            status=answer.status, asked=where, final=where, kind=None, shared=(), headers=answer.headers, length=answer.length
        )
        found = [(item, url) for item in listing.candidates if (url := absolute(response.url, item.url))]
        requests = [
            r
            for _, url in found
            for r in self.ask(Pending(url, "article", asked.pending.via, response.url, asked.pending.section))
        ]
        if asked.pending.depth == 0 and asked.pending.via != "home" and answer.status == 200:
            self.tally.hubs += 1
            if not listing.candidates and not listing.next_urls:
                self.tally.hubs_empty.append(asked.pending.url)
        requests += self.next_pages(listing, asked.pending, fresh=bool(requests))
        sightings = tuple(
            Sighting(url, item.position, asked.pending.section, item.title, item.stated_date) for item, url in found
        )
        visit = answered(self.portal, asked, answer, outcome, sightings=sightings)
        self.tally.note(visit, cause=str(answer.status), received=answer.body_bytes)
        yield visit
        for request in requests:
            yield request

    def listing(self, response: Response, pending: Pending) -> Listing:
        """What this hub shows."""
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        if pending.via == "feed":
            return parse_feed(response.body, url=response.url, content_type=content_type, portal=self.portal)
        if pending.via == "sitemap":
            return parse_sitemap(response.body, url=response.url, portal=self.portal)
        section = next((item for item in self.portal.section if item.name == pending.section), None)
        return parse_listing(response.body, url=response.url, content_type=content_type, portal=self.portal, section=section)

    def next_pages(self, listing: Listing, pending: Pending, *, fresh: bool) -> list[scrapy.Request]:
        """The next pages of a listing: to the end the first time, later as far as it shows anything new."""
        if pending.via == "home":
            return []
        if pending.via == "section":
            section = next((item for item in self.portal.section if item.name == pending.section), None)
            rule = section.paginate if section is not None else None
            bound = (rule.backfill_pages if self.plan.first else rule.max_pages) if rule is not None else 0
            if pending.depth + 1 >= bound or not (fresh or self.plan.left_over):
                return []
        return [
            request
            for href in listing.next_urls
            if (url := absolute(pending.url, href))
            for request in self.ask(Pending(url, "hub", pending.via, pending.url, pending.section, pending.depth + 1))
        ]

    # -- pages -----------------------------------------------------------------------------------------------------

    async def parse_page(self, response: Response) -> AsyncIterator[Any]:
        """An article, document or image: read if its bytes are new, kept in any case, its articles followed."""
        asked: Asked = response.meta["asked"]
        answer = Answer.of(response)
        reading, error = None, None
        if self.worth_reading(asked, answer):
            try:
                reading = await self.pool.read(
                    self.portal, response.body, url=response.url, content_type=answer.content_type, at=answer.at
                )
            except ReadingFailed as failed:
                error = str(failed)
                self.tally.defects[error[:200]] += 1
        outcome = classify(
            status=answer.status,
            asked=asked.pending.url,
            final=response.url,
            kind=reading.kind if reading is not None else None,
            shared=self.shared,
            headers=answer.headers,
            title=(reading.article.headline or "") if reading is not None else "",
            length=answer.length,
            missing=self.portal.gone.confirm.statuses,
        )
        requests = self.follow(asked, reading, response.url) if outcome in ("content", "redirect") else []
        visit = answered(self.portal, asked, answer, outcome, reading=reading, error=error, final_url=response.url)
        self.tally.note(visit, cause=str(answer.status), received=answer.body_bytes)
        yield visit
        for request in requests:
            yield request

    def worth_reading(self, asked: Asked, answer: Answer) -> bool:
        """Articles and documents with bytes not known from this address; error pages too: a block page says so in words."""
        if asked.pending.role in _LOOKS or answer.status == 304 or not answer.body_bytes:
            return False
        if 300 <= answer.status < 400 or answer.status in (404, 410):
            return False
        return asked.known is None or asked.known.payload != answer.payload or len(answer.exchanges) > 1

    def follow(self, asked: Asked, reading: Reading | None, base: str) -> list[scrapy.Request]:
        """Requests for the articles a page links to and, by setting, for its images, documents and style sheets."""
        if reading is None or asked.pending.role != "article":
            return []
        found = [Pending(url, "article", "link", base) for href in reading.outlinks if (url := absolute(base, href))]
        if self.plan.workspace.settings.evidence.requisites:
            found += [
                Pending(url, "document", "requisite", base)
                for link in reading.article.links
                if link.kind == "attachment" and link.url and (url := absolute(base, link.url))
            ]
            found += [
                Pending(url, "image", "requisite", base)
                for image in reading.article.images
                if (url := absolute(base, image.url))
            ]
            found += [Pending(url, "image", "requisite", base) for url in reading.logos]
            found += [Pending(url, "style", "requisite", base) for url in reading.styles]
        return [request for pending in found for request in self.ask(pending)]

    async def on_failure(self, failure: Failure) -> AsyncIterator[Visit]:
        """No answer: a visit all the same, with the reason and with whatever bytes came; none where nothing was asked."""
        request: scrapy.Request = failure.request
        if failure.check(Resting):
            return
        asked: Asked = request.meta["asked"]
        forbidden = failure.check(IgnoreRequest) and not failure.check(RobotsUnreachable)
        outcome: VisitOutcome = "robots" if forbidden else "no_answer"
        why = describe_failure(failure.value)
        visit = unanswered(self.portal, asked, outcome, why, tuple(request.meta.get("exchanges", ())))
        self.tally.note(visit, cause=why)
        yield visit


def shared_destinations(portal: Portal) -> frozenset[str]:
    """Urlkeys of pages that many addresses may be sent to: home, the languages' homes, sections."""
    languages = [portal.absolute(f"/{language}/") for language in portal.about.languages]
    sections = [portal.absolute(section.url) for section in portal.section]
    return frozenset(urlkey(url) for url in (portal.about.home, *languages, *sections))


def waiting(crawler: Crawler) -> int:
    """Requests in Scrapy's queue, from its own statistics."""
    stats = crawler.stats
    return int(stats.get_value("scheduler/enqueued", 0) - stats.get_value("scheduler/dequeued", 0))
