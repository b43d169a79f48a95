"""Which addresses does the page name? Absolute http(s) addresses from the shared tree, in page order."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml.html import HtmlElement

from crawler.extraction.names import Leading

# What nearly every link of a portal is, and what joining leaves as it stands: a path from the root, without dot segments.
_ROOTED = re.compile(r"(?:/(?![/.])[\w.%~+,=@!-]*)+(?:\?[\w.%~+,=&/-]+)?")
_LINKS = ("a", "area")
# What such an href leads to depends on its page's host only: a path from the root, or a host ("//" and "http://" are neither).
_WHOLE = re.compile(r"/(?![/\s])|https?://[^/?#\s]")
_KNOWN = 16_384  # hrefs
_ASK = ""
MAX_OUTLINKS = 5_000


def base_of(tree: HtmlElement, url: str) -> str:
    """What relative addresses are relative to: `<base href>`, else the page's own address."""
    base = tree.find(".//base[@href]")
    if base is None:
        return url
    return absolute(url, base.get("href", "")) or url


@lru_cache(maxsize=8192)  # a page's links are asked for by several modules
def absolute(base: str, href: str | None) -> str | None:
    """An href as an absolute http(s) address without fragment; None for anything else (mailto:, javascript:, broken)."""
    href = (href or "").strip()
    if not href or href[0] == "#":
        return None
    if _ROOTED.fullmatch(href) and (origin := _origin(base)):
        return origin + href
    try:
        target = urldefrag(urljoin(base, href)).url
    except ValueError:
        return None
    return target if target.startswith(("http://", "https://")) else None


@lru_cache(maxsize=1024)
def _origin(base: str) -> str:
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") else ""


class Outlinks:
    """Which addresses of pages are wanted? A menu leads to the same ones on every page of a portal: what is known of an href
    as it is written is not asked again."""

    def __init__(self, wanted: Callable[[str], bool] = lambda url: True) -> None:
        self._wanted = wanted
        self._known: dict[tuple[str, str], str | None] = {}  # what a host's hrefs lead to, where it is wanted

    def of(self, leading: Leading, base: str) -> tuple[str, ...]:
        """Those that links of this page lead to, once each, in page order; at most MAX_OUTLINKS."""
        origin, known = _origin(base), self._known
        if len(known) > _KNOWN:
            known.clear()
        found: dict[str, None] = {}
        for element, href in leading:
            name = (origin, href)
            target = known.get(name, _ASK)
            if target is _ASK:
                target = absolute(base, href)
                target = target if target and self._wanted(target) else None
                if _WHOLE.match(href):
                    known[name] = target
            if target and target not in found and element.tag in _LINKS:
                found[target] = None
                if len(found) >= MAX_OUTLINKS:
                    break
        return tuple(found)
