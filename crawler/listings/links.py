"""Which links does a page hold, and where on it do they stand: in its frame (menus, footer) or in its content?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Literal
from urllib.parse import urldefrag, urljoin

import lxml.etree
import lxml.html
from w3lib.encoding import html_to_unicode

Region = Literal["frame", "content"]

MAX_LINKS = 20_000
_FRAME_TAGS = {"nav", "footer", "header"}
_FRAME_ROLES = {"navigation", "banner", "contentinfo", "menu", "menubar", "search"}
_FRAME_WORDS = re.compile(
    r"(?<![\w-])(?:(?:main|top|site|primary|secondary|sub|mega|mobile|side|left|right|footer|header|lang\w*|cds|wb|global)[-_]?)?"
    r"(?:nav|navbar|navigation|menu|submenu|topbar|breadcrumbs?|masthead|footer|social|share)(?:[-_]?(?:links?|bar|list|wrapper|container))?(?![\w-])",
    re.IGNORECASE,
)
_ANCHOR = re.compile(r"<a\s", re.IGNORECASE)
_CONTENT_TAGS = {"main", "article", "body", "html"}


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link: absolute http(s) address without fragment, its words, where it stands, and its element."""

    url: str
    text: str
    region: Region
    rel: str = ""
    lang: str = ""
    element: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """A page as far as links go. `root` is None where the page could not be parsed as a tree."""

    url: str
    root: Any
    links: tuple[PageLink, ...]
    warnings: tuple[str, ...] = ()


def parse_page(body: bytes, *, url: str, content_type: str | None = None) -> ParsedPage:
    """Parse once. A page nested deeper than the parser goes keeps its links, without their places, and a warning."""
    _, text = html_to_unicode(content_type, body)
    text = text.replace("\0", "")
    try:
        root = lxml.html.document_fromstring(_without_declaration(text), parser=lxml.html.HTMLParser(huge_tree=True))
    except (lxml.etree.LxmlError, ValueError):
        root = None
    links = tuple(_tree_links(root, url)) if root is not None else ()
    if 2 * len(links) < min(len(_ANCHOR.findall(text)), MAX_LINKS):  # most may be anchors without an address: look closer
        flat = _flat_links(text, url)
        if 2 * len(links) < len(flat):
            return ParsedPage(url, root, tuple(flat), (f"{url}: nested too deeply; its links are read without their places",))
    return ParsedPage(url, root, links)


def words(element: Any) -> str:
    """The visible words of an element, spaces folded."""
    return " ".join(" ".join(str(piece) for piece in element.itertext() if piece).split())


def _without_declaration(text: str) -> str:
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text[:512]) + text[512:] or "<html></html>"


def _tree_links(root: Any, url: str) -> Iterator[PageLink]:
    bases = root.xpath("//base/@href")
    base = urljoin(url, str(bases[0]).strip()) if bases else url
    places: dict[Any, Region] = {}
    for count, element in enumerate(root.iter("a", "area")):
        if count >= MAX_LINKS:
            return
        target = absolute_link(base, element.get("href"))
        if target:
            yield PageLink(
                target,
                _label(element),
                _region(element, places),
                (element.get("rel") or "").lower(),
                element.get("hreflang") or element.get("lang") or "",
                element,
            )


def _label(element: Any) -> str:
    label = words(element) or element.get("aria-label") or element.get("title") or next(iter(element.xpath(".//img/@alt")), "")
    return " ".join(str(label).split())


def _region(element: Any, places: dict[Any, Region]) -> Region:
    """Where an element stands; decided once an ancestor, from the outside in, nearest sign wins."""
    trail = []
    node: Any = element.getparent()
    while node is not None and node not in places:
        trail.append(node)
        node = node.getparent()
    region: Region = places[node] if node is not None else "content"
    for ancestor in reversed(trail):
        region = _sign(ancestor, region)
        places[ancestor] = region
    return region


def _sign(element: Any, outer: Region) -> Region:
    tag = element.tag if isinstance(element.tag, str) else ""
    role = (element.get("role") or "").lower()
    if tag in _CONTENT_TAGS or role == "main":
        return "content"
    if role in _FRAME_ROLES or tag == "nav":
        return "frame"
    if tag in _FRAME_TAGS:  # the header of a post is content, the header of the page is not
        inside = any(parent.tag in {"article", "main", "li", "section"} for parent in element.iterancestors())
        return outer if inside else "frame"
    if _FRAME_WORDS.search(f"{element.get('id') or ''} {element.get('class') or ''}"):
        return "frame"
    return outer


def absolute_link(base: str, href: str | None) -> str | None:
    """The absolute http(s) address without fragment, or None for every other kind of link and for broken ones."""
    raw = re.sub(r"[\t\r\n]", "", href or "").strip()
    if not raw or raw.startswith("#"):
        return None
    try:
        target = urldefrag(urljoin(base, raw)).url
    except ValueError:
        return None
    return target if target.startswith(("http://", "https://")) and len(target) <= 2083 else None


def refresh_target(page: ParsedPage) -> str | None:
    """Where <meta http-equiv=refresh> leads within five seconds, if it leads to another page."""
    if page.root is None:
        return None
    for content in page.root.xpath("//meta[translate(@http-equiv, 'REFSH', 'refsh') = 'refresh']/@content"):
        match = re.match(r"\s*(\d+)[\s;,]+url\s*=\s*[\"']?([^\"']+)", str(content), re.IGNORECASE)
        target = absolute_link(page.url, match[2]) if match and int(match[1]) <= 5 else None
        if target and target != page.url:
            return target
    return None


class _Scanner(HTMLParser):
    """Links of a page as a flat stream of tags, for what is too deep for a tree."""

    def __init__(self, base: str) -> None:
        super().__init__(convert_charrefs=True)
        self.base = base
        self.found: list[tuple[str, list[str]]] = []
        self.open: list[str] | None = None  # the words of the link the stream is in

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "base" and values.get("href"):
            self.base = urljoin(self.base, str(values["href"]))
        elif tag == "a" and len(self.found) < MAX_LINKS:
            target = absolute_link(self.base, values.get("href"))
            self.open = [] if target else None
            if target and self.open is not None:
                self.found.append((target, self.open))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self.open = None

    def handle_data(self, data: str) -> None:
        if self.open is not None and len(self.open) < 50:
            self.open.append(data)


def _flat_links(text: str, url: str) -> list[PageLink]:
    scanner = _Scanner(url)
    scanner.feed(text)
    return [PageLink(target, " ".join(" ".join(pieces).split()), "content") for target, pieces in scanner.found]
