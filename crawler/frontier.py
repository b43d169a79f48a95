"""Which addresses a crawl asks, each once: on the portal's own hosts, no page twice, traps bounded."""

from __future__ import annotations

import hashlib
from collections import Counter
from urllib.parse import urljoin

from archive.urls import canonical_url, urlkey
from crawler.portal import Portal
from crawler.traps import TrapGuard

MAX_ARTICLES, MAX_SUSPICIOUS = 2_000_000, 50_000  # addresses of one pattern


class Frontier:
    """Says yes once to every address worth asking. Keeps eight bytes an address, so that a large portal stays small."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._seen: set[int] = set()
        self._hubs = TrapGuard()
        # What the portal file calls an article may be as many as the portal has; suspicious shapes sooner.
        self._articles = TrapGuard(plain=MAX_ARTICLES, suspicious=MAX_SUSPICIOUS)

    @property
    def cut(self) -> Counter[str]:
        """URL patterns that grew without end, with how many of their addresses were not asked."""
        return self._hubs.cut + self._articles.cut

    def claim(self, url: str, *, known: bool = False) -> bool:
        """True the first time an address of the portal is offered; a known page has passed the trap bounds before."""
        if not self._portal.covers(url):
            return False
        name = self._portal.identity_of(url) or urlkey(url)
        mark = int.from_bytes(hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest())
        guard = self._articles if self._portal.is_article(url) else self._hubs
        if mark in self._seen or not (known or guard.admit(url)):
            return False
        self._seen.add(mark)
        return True


def absolute(base: str, href: str) -> str | None:
    """The canonical form of a link found on a page; None for what is no http(s) address."""
    try:
        return canonical_url(urljoin(base, href))
    except ValueError:
        return None
