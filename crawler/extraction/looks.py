"""What does a page need to look as it did when it is replayed? Its style sheets, and the pictures of its head."""

from __future__ import annotations

from collections.abc import Iterable

from lxml.etree import XPath
from lxml.html import HtmlElement

from crawler.extraction.links import absolute
from crawler.extraction.names import Leading

MOST = 20  # of either; a page that names more is not helped by them
_LOGOS = XPath(
    ".//img[@src][contains(@src, 'logo') or contains(@class, 'logo') or contains(@id, 'logo') or ancestor::header"
    " or ancestor::*[@id='header' or @id='logo' or contains(@class, 'logo')]]/@src"
)


def styles_of(leading: Leading, base: str) -> tuple[str, ...]:
    """The addresses of a page's style sheets for screens, in page order."""
    hrefs = (
        href
        for element, href in leading
        if element.tag == "link"
        and "stylesheet" in (element.get("rel") or "").lower().split()
        and (element.get("media") or "").strip().lower() not in ("print", "speech")
    )
    return _addresses(hrefs, base)


def logos_of(tree: HtmlElement, base: str) -> tuple[str, ...]:
    """The addresses of pictures that stand in a page's head or are called a logo, in page order."""
    return _addresses(map(str, _LOGOS(tree)), base)


def _addresses(hrefs: Iterable[str], base: str) -> tuple[str, ...]:
    found = dict.fromkeys(url for href in hrefs if (url := absolute(base, href)))
    return tuple(found)[:MOST]
