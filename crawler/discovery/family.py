"""Which content management system made these pages? Its generator tag, or folders that only it has."""

from __future__ import annotations

from collections.abc import Iterable

from crawler import families
from crawler.discovery.proposal import Found
from crawler.listings.links import ParsedPage


def recognise(pages: Iterable[ParsedPage]) -> Found[str] | None:
    """The family most pages show a sign of, or None."""
    for page in pages:
        if page.root is None:
            continue
        generator = " ".join(str(value) for value in page.root.xpath("//meta[@name='generator']/@content"))
        used = " ".join(str(value) for value in page.root.xpath("//script/@src | //link/@href | //img/@src"))
        if (found := families.recognise(generator, used)) is not None:
            return Found(found[0].id, found[1])
    return None
