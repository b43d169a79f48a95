"""PURE: exchanges of the past, oldest first, as visits of a portal: redirect chains joined, roles and outcomes told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

from archive.message import Message, decoded, parse_response
from archive.records import Discovery, Exchange, Origin, Reading, Role, Visit
from archive.urls import canonical_url, urlkey
from crawler.extraction import read
from crawler.outcomes import classify
from crawler.portal import Portal

CHAIN_WITHIN = timedelta(seconds=60)  # the next hop of a redirect follows this soon, or was not fetched for its sake
_DOCUMENTS = ("application/pdf", "application/msword", "application/vnd.", "application/rtf")
_PAGES = ("text/html", "application/xhtml+xml")
_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass
class Past:
    """Turns exchanges into visits. `skipped` counts what belongs to no page of the portal, by reason."""

    portal: Portal
    origin: Origin
    source: str
    limit: int
    shared: frozenset[str] = frozenset()
    skipped: dict[str, int] = field(default_factory=dict)

    def visits(self, exchanges: Iterable[Exchange]) -> Iterator[Visit]:
        """Visits in order of time. A chain is told when it has ended."""
        waiting: dict[str, list[Exchange]] = {}
        for exchange in exchanges:
            for key in [key for key, chain in waiting.items() if exchange.at - chain[-1].at > CHAIN_WITHIN]:
                yield from self._visit(waiting.pop(key))
            chain = [*waiting.pop(_key(exchange.url), []), exchange]
            message = parse_response(exchange.response)
            target = urljoin(exchange.url, message.location or "")
            if message.status in _REDIRECTS and message.location and len(chain) < 20 and _key(target) not in waiting:
                waiting[_key(target)] = chain
            else:
                yield from self._visit(chain)
        for chain in waiting.values():
            yield from self._visit(chain)

    def _visit(self, chain: list[Exchange]) -> Iterator[Visit]:
        asked, last = chain[0].url, chain[-1]
        message = parse_response(last.response)
        role = self._role(asked, message)
        if role is None:
            return
        reading = self._reading(role, last, message)
        outcome = classify(
            status=message.status,
            asked=asked,
            final=last.url,
            kind=reading.kind if reading else None,
            shared=self.shared,
            headers={name.lower(): value for name, value in message.headers},
            title=(reading.article.headline or "") if reading else "",
            length=len(message.entity),
            missing=self.portal.gone.confirm.statuses,
        )
        yield Visit(
            url=asked,
            role=role,
            at=chain[0].at,
            outcome=outcome,
            exchanges=tuple(chain),
            discovery=Discovery(self.origin, self.source),
            reading=reading,
            origin=self.origin,
            identity=self.portal.identity_of(asked) if role == "article" else None,
            basis="read" if reading else "none",
            final_url=last.url if last.url != asked else None,
        )

    def _reading(self, role: Role, exchange: Exchange, message: Message) -> Reading | None:
        if role not in ("article", "document") or message.status in (304, 404, 410) or 300 <= message.status < 400:
            return None
        body = decoded(message, self.limit).body
        if not body:
            return None
        return read(body, url=exchange.url, content_type=message.header("Content-Type"), portal=self.portal, at=exchange.at)

    def _role(self, url: str, message: Message) -> Role | None:
        if not self.portal.covers(url):
            self._skip("another host")
            return None
        media = message.media or ""
        if urlsplit(url).path == "/robots.txt":
            return "robots"
        if urlkey(url) in self.shared or urlkey(url) in self._hubs():
            return "hub"
        if media.startswith("image/"):
            return "image"
        if media == "text/css":
            return "style"
        if media.startswith(_DOCUMENTS):
            return "document"
        article = self.portal.is_article(url)
        if article or (article is None and (media.startswith(_PAGES) or message.status >= 300)):
            return "article"
        self._skip(f"no article ({media or 'no media type'})")
        return None

    def _hubs(self) -> set[str]:
        discover = self.portal.discover
        return {urlkey(self.portal.absolute(item)) for item in (*discover.feeds, *discover.sitemaps)}

    def _skip(self, why: str) -> None:
        self.skipped[why] = self.skipped.get(why, 0) + 1


def _key(url: str) -> str:
    try:
        return canonical_url(url)
    except ValueError:
        return url
