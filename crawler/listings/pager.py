"""Where does a listing go on? rel=next, a link that says so, or a numbered pager."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from cssselect import SelectorError

from crawler.listings.links import PageLink, ParsedPage, absolute_link
from crawler.portal import Paginate

_NEXT_WORDS = re.compile(
    r"^(?:[›»>→]+|(?:next|next page|older|older posts|older entries|more news|suivante?|"
    r"page suivante|siguiente|seguinte|próxima|"
    r"weiter|nächste(?: seite)?|successiv[ao]|volgende|następna|další|далее|вперед|вперёд|следующая|следующая страница|"
    r"наступна|növbəti|növbəti səhifə|irəli|sonraki|sonraki sayfa|keyingi|келесі|التالي|下一页|次へ)\s*[›»>→]*)$",
    re.IGNORECASE,
)
_NEXT_CLASS = re.compile(r"(?<![a-z])next(?![a-z])", re.IGNORECASE)
_CURRENT = re.compile(r"(?<![a-z])(?:active|current|selected)(?![a-z])", re.IGNORECASE)


def next_pages(page: ParsedPage, paginate: Paginate | None, *, shows_articles: bool) -> tuple[str, ...]:
    """At most one address in practice; none at the end, and none by counting where the page shows no article."""
    if paginate is not None and paginate.next is not None:
        return _distinct(page, _selected(page, paginate.next))
    if paginate is not None and paginate.param is not None:
        return (_counted_up(page.url, paginate.param, paginate.start),) if shows_articles else ()
    declared = [link.url for link in page.links if "next" in link.rel.split()]
    if page.root is not None:
        declared += [
            url for href in page.root.xpath("//link[@rel='next']/@href") if (url := absolute_link(page.url, str(href)))
        ]
    return (
        _distinct(page, declared[:1])
        or _distinct(page, _numbered(page))
        or _distinct(page, [link.url for link in page.links if _says_next(link)][:1])
    )


def _selected(page: ParsedPage, selector: str) -> list[str]:
    if page.root is None:
        return []
    try:
        hits = page.root.cssselect(selector)
    except SelectorError:  # a pseudo-class lxml cannot follow; the syntax was checked with the portal file
        return []
    links = {id(link.element): link.url for link in page.links}
    return [links[id(node)] for hit in hits for node in hit.iter("a") if id(node) in links][:1]


def _counted_up(url: str, param: str, start: int) -> str:
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    now = next((int(value) for key, value in query if key == param and value.isdecimal()), start)
    query = [(key, value) for key, value in query if key != param] + [(param, str(now + 1))]
    return urlunsplit(parts._replace(query=urlencode(query)))


def _says_next(link: PageLink) -> bool:
    if _NEXT_WORDS.match(link.text.strip()):
        return True
    node = link.element
    if node is None or len(link.text) > 30:
        return False
    own = f"{node.get('class') or ''} {node.get('id') or ''}"
    parent = node.getparent()
    return bool(_NEXT_CLASS.search(own) or (parent is not None and _NEXT_CLASS.search(parent.get("class") or "")))


def _numbered(page: ParsedPage) -> list[str]:
    """The page after this one in a pager: two or more links whose words are numbers and whose addresses differ in them."""
    numbered: dict[int, PageLink] = {}
    for link in page.links:
        label = link.text.strip(" []()")
        if label.isdecimal() and 0 < int(label) < 100_000 and _same_listing(link.url, page.url):
            numbered.setdefault(int(label), link)
    if not numbered or (len(numbered) == 1 and 2 not in numbered):
        return []
    now = _current(page, numbered)
    later = [number for number in numbered if number > now]
    return [numbered[min(later)].url] if later and min(later) == now + 1 else []


def _current(page: ParsedPage, numbered: dict[int, PageLink]) -> int:
    """The number of this page: of the link to itself, of the one marked as current, of the one printed without a link."""
    for number, link in numbered.items():
        own = link.url.rstrip("/") == page.url.rstrip("/")
        marked = link.element is not None and any(
            node is not None and (_CURRENT.search(node.get("class") or "") or node.get("aria-current"))
            for node in (link.element, link.element.getparent())
        )
        if own or marked:
            return number
    return _printed(numbered) or 1


def _printed(numbered: dict[int, PageLink]) -> int | None:
    elements = [link.element for link in numbered.values()]
    if any(element is None for element in elements):
        return None
    box = elements[0].getparent()
    while box is not None and not all(element in set(box.iter("a")) for element in elements):
        box = box.getparent()
    texts = box.xpath(".//text()[not(ancestor::a)]") if box is not None else []
    bare = [int(text.strip(" []()|·")) for text in map(str, texts) if re.fullmatch(r"[\s\[\]()|·]*\d{1,4}[\s\[\]()|·]*", text)]
    return next((number for number in bare if number not in numbered and {number - 1, number + 1} & set(numbered)), None)


def _same_listing(url: str, listing: str) -> bool:
    """Same host, and the same first path segment or the same path: a pager stays in its listing."""
    ours, theirs = urlsplit(listing), urlsplit(url)
    first = [segment for segment in ours.path.split("/") if segment][:1]
    return ours.netloc == theirs.netloc and (
        ours.path == theirs.path or first == [segment for segment in theirs.path.split("/") if segment][:1] or not first
    )


def _distinct(page: ParsedPage, urls: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(url for url in urls if url.rstrip("/") != page.url.rstrip("/")))
