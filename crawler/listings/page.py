"""Which links of a listing page are articles, under which title and date?"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from crawler.listings.links import PageLink, ParsedPage, parse_page, words
from crawler.listings.listing import Candidate, Listing
from crawler.listings.pager import next_pages
from crawler.portal import Portal, Section

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_CONTAINERS = {"li", "article", "tr", "div", "td", "section", "dd", "dt", "p"}
_DATE = re.compile(
    r"(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}"
    r"|\d{1,2}\.?\s+[^\W\d_]{3,12}\.?,?\s+(?:19|20)\d\d|[^\W\d_]{3,12}\.?\s+\d{1,2},?\s+(?:19|20)\d\d)(?!\d)"
)
_LONG_ENOUGH = 20  # characters of a link's words that make it a headline rather than a label


def parse_listing(
    body: bytes, *, url: str, content_type: str | None = None, portal: Portal | None = None, section: Section | None = None
) -> Listing:
    """Articles in the order of the page. With [articles].url they are the links it matches; else links that look it."""
    return read_listing(parse_page(body, url=url, content_type=content_type), portal=portal, section=section)


def read_listing(page: ParsedPage, *, portal: Portal | None = None, section: Section | None = None) -> Listing:
    """The same from a page that is parsed already."""
    groups: dict[str, list[PageLink]] = {}
    for link in page.links:
        if link.url.rstrip("/") != page.url.rstrip("/") and _is_candidate(link, page, portal):
            groups.setdefault(link.url, []).append(link)
    candidates = tuple(
        Candidate(url, _title(links), _stated_date(links, groups), position)
        for position, (url, links) in enumerate(groups.items())
    )
    paginate = section.paginate if section is not None else None
    following = next_pages(page, paginate, shows_articles=bool(candidates))
    return Listing(candidates, tuple(item for item in following if item not in groups), page.warnings)


def _is_candidate(link: PageLink, page: ParsedPage, portal: Portal | None) -> bool:
    verdict = portal.is_article(link.url) if portal is not None else None
    if verdict is not None:
        return verdict
    return looks_like_article(link, page.url)


def looks_like_article(link: PageLink, page_url: str) -> bool:
    """Without a rule: on the same host, in the content, under words as long as a headline, not just a folder up."""
    there, here = urlsplit(link.url), urlsplit(page_url)
    if link.region == "frame" or there.netloc.removeprefix("www.") != here.netloc.removeprefix("www."):
        return False
    path = there.path.rstrip("/")
    if not path or here.path.startswith(path + "/") or re.search(r"/(?:tag|tags|category|author|page|search)/", there.path):
        return False
    return (
        len(link.text) >= _LONG_ENOUGH
        and " " in link.text
        and (re.search(r"\d|[^/]+[-_][^/]+", path + there.query) is not None)
    )


def _title(links: list[PageLink]) -> str | None:
    """The words of the link in or around a heading, else its longest words; "Read more" loses to both."""
    best = max(links, key=lambda link: (_heading(link.element), min(len(link.text), 300)))
    return best.text[:500] or None


def _heading(element: Any) -> bool:
    if element is None:
        return False
    if next(element.iter(*_HEADINGS), None) is not None:
        return True
    parent = element.getparent()
    return parent is not None and parent.tag in _HEADINGS


def _stated_date(links: list[PageLink], groups: dict[str, list[PageLink]]) -> str | None:
    element = next((link.element for link in links if link.element is not None), None)
    if element is None:
        return None
    box = _own_box(element, links[0].url, {id(link.element): url for url, group in groups.items() for link in group})
    stamp = next((node for node in box.iter("time") if node.get("datetime")), None)
    if stamp is not None:
        return str(stamp.get("datetime")).strip() or None
    match = _DATE.search(words(box)[:2000])
    return match[0] if match else None


def _own_box(element: Any, url: str, owners: dict[int, str]) -> Any:
    """The largest element around a link that holds no other article's link."""
    box = element
    for ancestor in element.iterancestors():
        if ancestor.tag not in _CONTAINERS or any(owners.get(id(node), url) != url for node in ancestor.iter("a")):
            if ancestor.tag in _CONTAINERS or ancestor.tag in {"body", "html", "main", "ul", "ol", "table", "tbody", "form"}:
                break
            continue
        box = ancestor
    return box
