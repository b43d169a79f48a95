"""An archive of a given number of versions, grown crawl by crawl through the one write path; the same seed gives the same."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from archive.digests import textprint
from archive.ingest import GoneRule, Ingest, PortalRecord, RunStart
from archive.records import Article, Discovery, Exchange, Reading, RelatedLink, Sighting, StatedDate, Visit
from archive.workspace import Workspace
from tests.benchmarks.crawl.workload import sentence, vocabulary

PORTALS = (("ministry", "Ministry of Water"), ("council", "State Council"), ("agency", "News Agency"), ("region", "Region"))
SECTIONS = ("News", "Politics", "Economy", "Society", "International organisations", "Foreign press", "Culture", "Press")
LANGUAGES = ("en", "az", "ru")
CRAWLS = 48  # of each portal, a week apart
BATCH = 250
START = datetime(2025, 1, 6, 6, tzinfo=UTC)


class Growing:
    """One portal: each crawl brings new articles, edits known ones (some often) and takes a few down."""

    def __init__(self, workspace: Workspace, slug: str, name: str, versions: int) -> None:
        self.workspace, self.slug, self.home = workspace, slug, f"https://{slug}.example"
        self.record = PortalRecord(
            slug=slug,
            home=self.home + "/",
            name=name,
            tz="Asia/Baku",
            rules="r1",
            extractor="bench 1",
            definition=f'schema = 1\n[portal]\nid = "{slug}"\n',
            gone=GoneRule(visits=2, over=timedelta(0), at_once_over=timedelta(0)),
        )
        self._rng = random.Random(f"viewer {slug}")
        self._known: list[Article] = []
        self._versions = versions
        self._at = START

    def crawl(self, number: int) -> None:
        """The crawl of this number; all of them together make the versions asked for."""
        wanted = self._versions * (number + 1) // CRAWLS - self._versions * number // CRAWLS
        self._at = START + timedelta(days=7 * number, minutes=self._rng.randrange(600))
        ingest = Ingest(self.workspace)
        ingest.begin(self.record, RunStart(started_at=self._at))
        batch: list[Visit] = []
        for visit in self._visits(number, wanted):
            batch.append(visit)
            if len(batch) == BATCH:
                ingest.add(batch)
                batch = []
        ingest.add(batch)
        ingest.end("ok", [], {})

    def _visits(self, number: int, wanted: int) -> Iterator[Visit]:
        edits = wanted * 3 // 10 if number else 0
        fresh = [self._article(len(self._known) + at) for at in range(wanted - edits - (wanted // 100 if number else 0))]
        for section in SECTIONS:
            yield self._listing(section, [text for text in fresh if text.articleSection == section])
        for text in fresh:
            yield self._shows(text)
        for at in range(edits):
            # One article in ten edits is the portal's busiest page: timelines of a hundred versions exist.
            which = 0 if at % 200 == 0 else self._rng.randrange(len(self._known))
            self._known[which] = self._edited(self._known[which])
            yield self._shows(self._known[which])
        for _ in range(wanted // 100 if number else 0):
            url = self._known[self._rng.randrange(1, len(self._known))].url
            for _ in range(2):  # the second look confirms the first
                yield Visit(url, "article", self._tick(), "missing", (self._exchange(url, 404, b"<h1>gone</h1>"),))
        self._known += fresh

    def _article(self, number: int) -> Article:
        rng, lang = self._rng, LANGUAGES[number % 3]
        body = "\n\n".join(" ".join(sentence(rng, lang) for _ in range(rng.randint(2, 5))) for _ in range(rng.randint(2, 6)))
        day = (self._at - timedelta(days=rng.randrange(3))).date().isoformat()
        links = tuple(
            RelatedLink("related", f"{self.home}/{lang}/{rng.randrange(max(number, 1))}", "Related", None, None, lang)
            for _ in range(2)
        )
        return Article(
            url=f"{self.home}/{lang}/{number}",
            headline=" ".join(rng.choices(vocabulary(lang)[200:], k=8)).capitalize(),
            articleBody=body,
            inLanguage=lang,
            datePublished=StatedDate(day, day, "dateline", 0.9),
            articleSection=SECTIONS[number % len(SECTIONS)],
            links=links,
        )

    def _edited(self, text: Article) -> Article:
        words = text.articleBody.split(" ")
        words[self._rng.randrange(len(words))] = f"{self._rng.randrange(10, 9999)}"
        return replace(text, articleBody=" ".join(words))

    def _listing(self, section: str, shown: list[Article]) -> Visit:
        url = f"{self.home}/section/{SECTIONS.index(section)}"
        seen = tuple(Sighting(text.url, place, section, text.headline, None) for place, text in enumerate(shown))
        body = "\n".join(text.url for text in shown).encode()
        return Visit(
            url, "hub", self._tick(), "content", (self._exchange(url, 200, body),), Discovery("section"), sightings=seen
        )

    def _shows(self, text: Article) -> Visit:
        reading = Reading(text, "page", "r1", "bench 1", textprint(text))
        body = f"<html><h1>{text.headline}</h1><p>{text.articleBody}</p></html>".encode()
        return Visit(
            text.url,
            "article",
            self._tick(),
            "content",
            (self._exchange(text.url, 200, body),),
            Discovery("section", self.home),
            reading=reading,
            basis="read",
        )

    def _tick(self) -> datetime:
        self._at += timedelta(seconds=1)
        return self._at

    def _exchange(self, url: str, status: int, body: bytes) -> Exchange:
        path = url.removeprefix(self.home)
        request = f"GET {path} HTTP/1.1\r\nHost: {self.slug}.example\r\n\r\n".encode()
        head = f"HTTP/1.1 {status} .\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
        return Exchange(url, self._at, request, head.encode() + body, ip="192.0.2.7")


def grow(workspace: Workspace, versions: int) -> float:
    """Fill an empty archive; the seconds it took."""
    began = time.monotonic()
    portals = [Growing(workspace, slug, name, versions // len(PORTALS)) for slug, name in PORTALS]
    for number in range(CRAWLS):
        for portal in portals:
            portal.crawl(number)
    return time.monotonic() - began
