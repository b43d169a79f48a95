"""What the portal answers: a path of an edition -> status, headers and bytes; conditional requests per RFC 9110."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import parse_qs, urlsplit

from crawler.demo import feeds, files, pages
from crawler.demo.chance import stream
from crawler.demo.editions import Edition, Editions
from crawler.demo.furniture import dress
from crawler.demo.story import Story
from crawler.demo.vocabulary import LANGUAGES, vocabulary

_FILE = re.compile(r"/files/(photo|docs)/(?:annex-)?(\d+)(?:-\d+)?\.(?:png|pdf)")
FILES_SINCE = datetime(2018, 9, 1, 8)  # noqa: DTZ001 - local time of the portal
_SLOW = 0.25  # seconds
_STYLE = b"""body { font-family: serif; max-width: 62rem; margin: auto }
#header ul { display: flex; gap: 1rem; list-style: none; padding: 0 }
#wrap { display: flex; gap: 2rem } #left { flex: 3 } #right { flex: 1; font-size: 90% }
#footer { border-top: 1px solid; margin-top: 2rem } .photo { float: left; margin-right: 1rem }
"""


@dataclass(frozen=True, slots=True)
class Traits:
    """How an address answers, always the same way: with validators or live furniture, coded, chunked, slow."""

    etag: bool
    last_modified: bool
    gzip: bool
    chunked: bool
    delay: float

    @property
    def live(self) -> bool:
        """Pages without validators change at every fetch."""
        return not (self.etag or self.last_modified)


@dataclass(frozen=True, slots=True)
class Answer:
    """A response before framing; `chunked` bodies go out in chunks, the others with Content-Length."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    chunked: bool = False
    delay: float = 0.0


@dataclass
class Site:
    """The portal of one seed at one base address."""

    editions: Editions
    base: str
    _pages: dict[tuple[int, str], str] = field(default_factory=dict)

    def answer(self, edition: int, target: str, request: Mapping[str, str], fetch: int, now: datetime) -> Answer:
        """The answer to GET `target`; header names of `request` in lower case."""
        state = self.editions[edition]
        parts = urlsplit(target)
        path = parts.path
        if path in state.stories:
            return self._article(state, state.stories[path], request, fetch, now)
        if path in state.removed:
            return self._removed(state, path, fetch, now)
        if path == "/":
            return Answer(302, (("Location", f"{self.base}/en/"),))
        return self._fixed(state, path, request) or self._hub(state, path, parts.query, fetch, now)

    def traits(self, path: str) -> Traits:
        """How `path` answers."""
        chance = stream(self.editions.seed, "traits", path)
        both = chance.randrange(5)  # 0 both validators, 1 ETag, 2 Last-Modified, else neither
        return Traits(
            etag=both in (0, 1),
            last_modified=both in (0, 2),
            gzip=chance.random() < 0.5,
            chunked=chance.random() < 0.3,
            delay=_SLOW if chance.random() < 0.02 else 0.0,
        )

    def _article(self, state: Edition, story: Story, request: Mapping[str, str], fetch: int, now: datetime) -> Answer:
        traits = self.traits(story.path)
        key = (state.number, story.path)
        if key not in self._pages:
            self._pages[key] = pages.article(state, story, self.base, live=traits.live)
        html = dress(self._pages[key], state, story.lang, fetch, now, live=traits.live)
        coding = pages.charset(story.lang, story.section)
        in_header = coding == "utf-8" or not pages.declared_in_page(story.lang, story.section, story.number)
        media = f"text/html; charset={coding}" if in_header else "text/html"
        body = html.encode(coding, "xmlcharrefreplace")
        return _conditional(_coded(body, media, traits, request), body, traits, state.changed_at[story.path], request)

    def _removed(self, state: Edition, path: str, fetch: int, now: datetime) -> Answer:
        removed = state.removed[path]
        lang = removed.story.lang
        if removed.how == "moved":
            return Answer(301, (("Location", f"{self.base}{removed.to}"), ("Content-Type", "text/html")), b"<p>Moved</p>")
        if removed.how == "home":
            return Answer(302, (("Location", f"{self.base}/{lang}/"),))
        status = {"404": 404, "410": 410, "soft404": 200}[removed.how]
        return self._missing(state, lang, status, fetch, now, removed.story.section)

    def _missing(self, state: Edition, lang: str, status: int, fetch: int, now: datetime, section: str | None = None) -> Answer:
        return self._html(state, pages.missing(state, lang, section), lang, section, fetch, now, status)

    def _html(
        self, state: Edition, html: str, lang: str, section: str | None, fetch: int, now: datetime, status: int = 200
    ) -> Answer:
        coding = pages.charset(lang, section)
        body = dress(html, state, lang, fetch, now, live=True).encode(coding, "xmlcharrefreplace")
        return Answer(status, (("Content-Type", f"text/html; charset={coding}"),), body)

    def _hub(self, state: Edition, path: str, query: str, fetch: int, now: datetime) -> Answer:
        """Front pages and lists; anything else is not found."""
        lang, _, section = path.strip("/").partition("/")
        if lang in LANGUAGES and path == f"/{lang}/":
            return self._html(state, pages.home(state, lang), lang, None, fetch, now)
        if lang in LANGUAGES and section in vocabulary(lang).sections:
            page = parse_qs(query).get("page", ["1"])[0]
            html = pages.listing(state, lang, section, int(page)) if page.isdigit() else None
            if html is not None:
                return self._html(state, html, lang, section, fetch, now)
        return self._missing(state, lang if lang in LANGUAGES else "en", 404, fetch, now)

    def _fixed(self, state: Edition, path: str, request: Mapping[str, str]) -> Answer | None:
        """Feeds, sitemaps, robots.txt and files."""
        xml = self._xml(state, path)
        if xml is not None:
            return _coded(xml.encode(), "application/xml; charset=utf-8", replace(self.traits(path), delay=0.0), request)
        if path == "/robots.txt":
            return Answer(200, (("Content-Type", "text/plain"),), feeds.robots(self.base).encode())
        if path == "/css/style.css":
            return Answer(200, (("Content-Type", "text/css"),), _STYLE)
        if path == "/img/logo.png":
            return self._file(files.png("logo", 48, 48), "image/png", state, path, request)
        match = _FILE.fullmatch(path)
        if match is None:
            return None
        if match[1] == "photo":
            return self._file(files.png(path), "image/png", state, path, request)
        body = files.pdf(f"Annex to publication No. {match[2]}", self._annex(path, state.revisions.get(path, 0)))
        return self._file(body, "application/pdf", state, path, request)

    def _xml(self, state: Edition, path: str) -> str | None:
        if path == "/sitemap.xml":
            return feeds.sitemap_index(self.base)
        for lang in LANGUAGES:
            if path == f"/{lang}/rss.xml":
                return feeds.rss(state, lang, self.base)
            if path == f"/sitemap-{lang}.xml":
                return feeds.sitemap(state, lang, self.base)
        return None

    def _annex(self, path: str, revision: int) -> list[str]:
        """A table; each revision corrects one figure of it."""
        chance = stream(self.editions.seed, "annex", path)
        rows = [f"Item {n}: {chance.randint(100, 9999)} merin, {chance.randint(1, 90)} per cent" for n in range(1, 9)]
        for nth in range(revision):
            rows[nth] = f"Item {nth + 1}: {chance.randint(10_000, 99_999)} merin, {chance.randint(1, 90)} per cent"
        return ["Government of Velmara, Sarvend", "", *rows]

    def _file(self, body: bytes, media: str, state: Edition, path: str, request: Mapping[str, str]) -> Answer:
        traits = Traits(etag=True, last_modified=True, gzip=False, chunked=False, delay=0.0)
        changed = state.changed_at.get(path, FILES_SINCE)
        return _conditional(_coded(body, media, traits, request), body, traits, changed, request)


def _coded(body: bytes, media: str, traits: Traits, request: Mapping[str, str]) -> Answer:
    headers: tuple[tuple[str, str], ...] = (("Content-Type", media),)
    if traits.gzip and "gzip" in request.get("accept-encoding", ""):
        headers = (*headers, ("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding"))
        body = gzip.compress(body, 6, mtime=0)
    return Answer(200, headers, body, chunked=traits.chunked, delay=traits.delay)


def _conditional(answer: Answer, body: bytes, traits: Traits, changed: datetime, request: Mapping[str, str]) -> Answer:
    """Add the validators; 304 where the client's still hold (RFC 9110, 13.2.2: If-None-Match before If-Modified-Since)."""
    coded = "-gzip" if any(name == "Content-Encoding" for name, _ in answer.headers) else ""
    tag = f'"{hashlib.sha256(body).hexdigest()[:20]}{coded}"'
    at = changed.replace(tzinfo=UTC) - timedelta(hours=4)
    validators = (("ETag", tag),) if traits.etag else ()
    if traits.last_modified:
        validators = (*validators, ("Last-Modified", format_datetime(at, usegmt=True)))
    if _holds(tag if traits.etag else None, at if traits.last_modified else None, request):
        return replace(answer, status=304, headers=validators, body=b"", chunked=False)
    return replace(answer, headers=(*answer.headers, *validators))


def _holds(tag: str | None, at: datetime | None, request: Mapping[str, str]) -> bool:
    if "if-none-match" in request:
        named = {name.strip().removeprefix("W/") for name in request["if-none-match"].split(",")}
        return tag is not None and bool(named & {tag, "*"})
    if at is not None and "if-modified-since" in request:
        try:
            return at <= parsedate_to_datetime(request["if-modified-since"])
        except ValueError:
            return False
    return False
