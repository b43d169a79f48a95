"""What has been asked and answered so far: each address once, never more requests than allowed, robots.txt obeyed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urldefrag, urlsplit

from protego import Protego

from crawler.listings.links import ParsedPage, parse_page

MAX_ROBOTS = 500 * 1024  # bytes parsed (RFC 9309, 2.5)


@dataclass(frozen=True, slots=True)
class Fetched:
    """One answer as the explorer needs it. `body` is free of content coding; `status` 0: there was no answer."""

    url: str
    final_url: str
    status: int
    body: bytes = b""
    content_type: str | None = None
    error: str | None = None
    robots: bool = False  # not asked: robots.txt forbids it
    hops: int = 1  # requests it took, redirects and repeats counted

    @property
    def is_html(self) -> bool:
        """A page that can be looked at."""
        kind = (self.content_type or "").lower()
        head = self.body[:512].lstrip().lower()
        looks = head.startswith((b"<!doctype html", b"<html")) or b"<html" in head
        return self.status == 200 and bool(self.body) and ("html" in kind or (not kind and looks))


Fetch = Callable[[str], Awaitable[Fetched]]


class Asker:
    """Fetches each address once through `fetch`; None when the requests are used up. Pages are parsed once."""

    def __init__(self, fetch: Fetch, max_requests: int) -> None:
        self._fetch = fetch
        self.max_requests = max_requests
        self.requests = 1  # robots.txt: read here, and once more by the guard that obeys it
        self._known: dict[str, Fetched] = {}
        self._pages: dict[str, ParsedPage] = {}

    @property
    def left(self) -> int:
        """Requests that may still be made."""
        return self.max_requests - self.requests

    def seen(self, url: str) -> bool:
        """Whether the address was asked already."""
        return urldefrag(url).url in self._known

    async def get(self, url: str, *, again: bool = False) -> Fetched | None:
        """The answer; from memory where it was asked before, unless `again`."""
        url = urldefrag(url).url
        if url in self._known and not again:
            return self._known[url]
        if self.left <= 0:
            return None
        answer = await self._fetch(url)
        self.requests += answer.hops
        self._known[url] = answer
        self._known.setdefault(urldefrag(answer.final_url).url, answer)
        return answer

    async def page(self, url: str) -> ParsedPage | None:
        """The parsed page of an address, or None where there is no HTML page or no request left."""
        answer = await self.get(url)
        if answer is None or not answer.is_html:
            return None
        if answer.final_url not in self._pages:
            self._pages[answer.final_url] = parse_page(answer.body, url=answer.final_url, content_type=answer.content_type)
        return self._pages[answer.final_url]


@dataclass(frozen=True, slots=True)
class Robots:
    """What robots.txt says: whether it is there, its crawl-delay in seconds, and the sitemaps it names."""

    status: int
    crawl_delay: float | None = None
    sitemaps: tuple[str, ...] = ()
    error: str | None = None


async def ask_robots(asker: Asker, home: str) -> Robots:
    """Read robots.txt of the home page's host."""
    parts = urlsplit(home)
    answer = await asker.get(f"{parts.scheme}://{parts.netloc}/robots.txt")
    if answer is None or answer.status != 200:
        return Robots(answer.status, error=answer.error) if answer is not None else Robots(0)
    rules = Protego.parse(answer.body[:MAX_ROBOTS].decode("utf-8", "replace").removeprefix("\ufeff"))
    delay = rules.crawl_delay("onrecord")
    named = tuple(dict.fromkeys(url for url in rules.sitemaps if url.startswith(("http://", "https://"))))
    return Robots(200, float(delay) if delay is not None else None, named[:20])
