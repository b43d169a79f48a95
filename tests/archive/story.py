"""A small portal told visit by visit: what its server answers, what a reader makes of it, at which time."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from archive.digests import textprint
from archive.ingest import GoneRule, Ingest, Ingested, PortalRecord, RunStart
from archive.records import Article, Discovery, Exchange, Image, Reading, RelatedLink, Role, Sighting, StatedDate, Visit
from archive.workspace import Workspace

HOME = "http://portal.example.az"
START = datetime(2026, 3, 1, 8, tzinfo=UTC)
REASONS = {200: "OK", 301: "Moved Permanently", 302: "Found", 304: "Not Modified", 404: "Not Found", 410: "Gone", 500: "Oops"}
BODY = (
    "Baku, 1 March 2026 – The minister said that 47 member states agreed to the resolution on water.\n\n"
    "The text was adopted by a vote in the council after three days of talks in the capital.\n\n"
    "The next meeting of the council is to take place in June, the ministry said in its statement."
)
OTHER_BODY = (
    "Farmers in the northern districts brought in a record harvest of hazelnuts, the agency for statistics reported.\n\n"
    "Exports to eleven countries rose, and new cold stores are being built near the railway line before autumn comes.\n\n"
    "Prices at the regional exchange remained stable throughout the season despite heavy rain during the picking weeks."
)


def article(path: str, body: str = BODY, headline: str = "47 member states agree", **fields: Any) -> Article:
    """An article at a path of the portal."""
    values: dict[str, Any] = {
        "inLanguage": "en",
        "datePublished": StatedDate("2026-03-01", "1 March 2026", "dateline", 0.9),
        **fields,
    }
    return Article(url=HOME + path, headline=headline, articleBody=body, **values)


def html(text: Article, furniture: str = "") -> bytes:
    """The page that shows an article."""
    return f"<html><h1>{text.headline}</h1><p>{text.articleBody}</p><aside>{furniture}</aside></html>".encode()


def answer(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """An HTTP answer as it goes over the wire."""
    lines = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body)), **(headers or {})}
    head = f"HTTP/1.1 {status} {REASONS[status]}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return head.encode() + b"\r\n" + body


class Portal:
    """Ingests the visits of one portal. Time stands still but for `later`."""

    def __init__(self, workspace: Workspace, *, rules: str = "r1", **fields: Any) -> None:
        self.workspace = workspace
        self.at = START
        self.record = PortalRecord(
            slug="example-az",
            home=HOME + "/",
            name="Example",
            tz="Asia/Baku",
            rules=rules,
            extractor="test 1",
            definition='schema = 1\n[portal]\nid = "example-az"\n',
            gone=fields.pop("gone", GoneRule(visits=2, over=timedelta(0), at_once_over=timedelta(0))),
            **fields,
        )
        self.ingest: Ingest | None = None

    def begin(self, **options: Any) -> Portal:
        """Begin a run (a crawl) now."""
        self.ingest = Ingest(self.workspace, **options)
        self.ingest.begin(self.record, RunStart(started_at=self.at))
        return self

    def end(self, outcome: Any = "ok") -> Any:
        """End it."""
        assert self.ingest is not None
        done = self.ingest.end(outcome, [], {})
        self.ingest = None
        return done

    def later(self, **delta: float) -> Portal:
        """Let time pass."""
        self.at += timedelta(**delta) if delta else timedelta(hours=1)
        return self

    def add(self, *visits: Visit) -> list[Ingested]:
        """One batch; a run is begun when none is open."""
        if self.ingest is None:
            self.begin()
        assert self.ingest is not None
        self.at += timedelta(seconds=1)
        return self.ingest.add(visits)

    def reading(self, text: Article, **fields: Any) -> Reading:
        """A reading under the portal's rules."""
        return Reading(text, fields.pop("kind", "page"), self.record.rules, "test 1", textprint(text), **fields)

    def exchange(self, path: str, raw: bytes, **fields: Any) -> Exchange:
        """One request and its answer, now."""
        request = f"GET {path} HTTP/1.1\r\nHost: portal.example.az\r\n\r\n".encode()
        return Exchange(HOME + path, self.at, request, raw, ip="192.0.2.7", **fields)

    def shows(self, text: Article, *, furniture: str = "", headers: Mapping[str, str] | None = None, **fields: Any) -> Visit:
        """A visit that finds an article."""
        path = text.url.removeprefix(HOME)
        exchange = self.exchange(path, answer(200, html(text, furniture), headers))
        values: dict[str, Any] = {
            "role": "article",
            "outcome": "content",
            "basis": "read",
            "discovery": Discovery("section", HOME + "/news"),
            "reading": self.reading(text),
            "exchanges": (exchange,),
            **fields,
        }
        return Visit(text.url, at=self.at, **values)

    def same(self, text: Article, *, furniture: str = "", **fields: Any) -> Visit:
        """A visit that finds the bytes it knows, and does not read them."""
        return replace(self.shows(text, furniture=furniture), **{"reading": None, "basis": "same_bytes", **fields})

    def missing(self, path: str, status: int = 404, **fields: Any) -> Visit:
        """A visit that finds nothing."""
        outcome = fields.pop("outcome", "gone" if status == 410 else "missing")
        exchange = self.exchange(path, answer(status, b"<h1>nothing here</h1>"))
        return Visit(HOME + path, "article", self.at, outcome, (exchange,), **fields)

    def redirects(self, path: str, text: Article, **fields: Any) -> Visit:
        """A visit that is sent on to an article."""
        target = text.url.removeprefix(HOME)
        hops = (
            self.exchange(path, answer(301, headers={"Location": text.url})),
            self.exchange(target, answer(200, html(text))),
        )
        values: dict[str, Any] = {"reading": self.reading(text), "basis": "read", "final_url": text.url, **fields}
        return Visit(HOME + path, "article", self.at, "redirect", hops, **values)

    def fails(self, path: str, error: str = "timeout", outcome: Any = "no_answer") -> Visit:
        """A visit without an answer."""
        return Visit(HOME + path, "article", self.at, outcome, error=error)

    def lists(self, path: str, *urls: str, section: str = "News") -> Visit:
        """A visit to a listing."""
        seen = tuple(Sighting(url, place, section, f"title of {url}", None) for place, url in enumerate(urls))
        exchange = self.exchange(
            path, answer(200, gzip.compress("\n".join(urls).encode(), mtime=0), {"Content-Encoding": "gzip"})
        )
        return Visit(HOME + path, "hub", self.at, "content", (exchange,), Discovery("section"), sightings=seen)


__all__ = ["BODY", "HOME", "OTHER_BODY", "START", "Image", "Portal", "RelatedLink", "Role", "answer", "article", "html"]
