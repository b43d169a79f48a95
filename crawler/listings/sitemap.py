"""What does a sitemap name? XML sitemaps and indexes through Scrapy's reader, and the one-address-a-line text form."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urldefrag, urljoin

import lxml.etree

from crawler.listings.listing import Candidate, Listing
from crawler.listings.unpacking import unpacked_xml
from crawler.portal import Portal

MAX_URLS = 50_000  # sitemaps.org: so many in one file
MAX_CHILDREN = 1000


def parse_sitemap(body: bytes, *, url: str, portal: Portal | None = None) -> Listing:
    """Addresses with their lastmod (a hint, never a reason not to ask); an index's sitemaps are `next_urls`.

    With a portal, addresses that are no article of it by [articles] are left out; hreflang alternates count as named.
    """
    from scrapy.utils.sitemap import Sitemap

    xml, refused = unpacked_xml(body)
    if refused:
        return Listing(warnings=(f"sitemap {url} refused: {refused}",))
    if xml.lstrip()[:8].lower().startswith((b"http://", b"https://")):
        lines = xml.decode("utf-8", "replace").split()
        return Listing(_candidates(((line, None) for line in lines), url, portal))
    try:
        sitemap = Sitemap(xml)
        rows = [(str(row["loc"]), row.get("lastmod") or None, row.get("alternate", ())) for row in sitemap]
    except (lxml.etree.XMLSyntaxError, StopIteration) as error:
        return Listing(warnings=(f"sitemap {url} is not XML: {error or 'empty'}",))
    if sitemap.type == "sitemapindex":
        children = [child for loc, _, _ in rows[:MAX_CHILDREN] if (child := _absolute(loc, url))]
        return Listing(next_urls=tuple(dict.fromkeys(children)))
    if sitemap.type != "urlset":
        return Listing(warnings=(f"sitemap {url} is not a sitemap: its root is <{sitemap.type}>",))
    pairs: list[tuple[str, str | None]] = [(loc, lastmod) for loc, lastmod, _ in rows]
    pairs += [(address, None) for _, _, alternates in rows for address in alternates]
    warnings = (f"sitemap {url} names more than {MAX_URLS} addresses; the rest is not read",) if len(rows) > MAX_URLS else ()
    return Listing(_candidates(pairs, url, portal), warnings=warnings)


def _candidates(pairs: Iterable[tuple[str, str | None]], base: str, portal: Portal | None) -> tuple[Candidate, ...]:
    found: dict[str, Candidate] = {}
    for raw, lastmod in pairs:
        address = _absolute(raw, base)
        if address and address not in found and (portal is None or portal.is_article(address) is not False):
            found[address] = Candidate(address, None, lastmod, len(found))
            if len(found) >= MAX_URLS:
                break
    return tuple(found.values())


def _absolute(raw: str, base: str) -> str | None:
    try:
        address = urldefrag(urljoin(base, raw.strip())).url
    except ValueError:
        return None
    return address if address.startswith(("http://", "https://")) else None
