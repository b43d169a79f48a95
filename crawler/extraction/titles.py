"""What is the headline? A cascade over what the page calls itself, less the site's own name.

JSON-LD headline, then a heading that also occurs in og:title or <title>, then og:title or <title> without the segments
that name the site or a section of it, then the first heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.extraction.outline import Line
from crawler.extraction.plain_text import clean, flat, text_of
from crawler.extraction.structured import Structured, text_value

# What divides a headline from the site's name in <title>: a bar, a dash, a guillemet, a dot. Spaces may be missing.
_SEPARATOR = re.compile(r"\s+[|–—·•»«›‹:~⋆*>/-]+\s+|\s*[|»«›‹]+\s*|\s*::\s*|(?<=\w)[_—](?=\w)|\s-(?=[A-ZÀ-Þ])")
_HEADINGS = ("h1", "h2", "h3")
_NOT_HEADLINES = frozenset(
    """navigation menu search suche home startseite aktuelles aktuelle news blog blogs press presse pressemitteilungen
    xəbərlər новости haberler actualités الأخبار contact kontakt welcome willkommen servicenavigation untitled""".split()
)
MAX_LENGTH = 400


def segments(title: str) -> list[str]:
    """A <title> cut at its separators."""
    return [part for part in (clean(part) for part in _SEPARATOR.split(title)) if part]


def site_names(stated: Structured, url: str) -> set[str]:
    """What the page itself calls its site, flattened: og:site_name, publisher, application name, host."""
    names = {
        flat(value)
        for name in ("og:site_name", "application-name", "apple-mobile-web-app-title")
        for value in stated.meta.get(name, ())
    }
    for node in stated.nodes:
        for key in ("publisher", "isPartOf"):
            names.add(flat(text_value(node.get(key))))
    for kind in ("WebSite", "Organization", "NewsMediaOrganization", "GovernmentOrganization"):
        names.update(flat(text_value(node)) for node in stated.typed(kind))
    host = urlsplit(url).hostname or ""
    names.update({flat(host), flat(host.removeprefix("www."))})
    names.update(flat(label) for label in host.split(".")[:-1] if len(label) > 3)
    return {name for name in names if name}


def headline(tree: HtmlElement, stated: Structured, lines: list[Line], url: str, boilerplate: Iterable[str] = ()) -> str | None:
    """The headline, or None where the page has no title of any kind. `boilerplate`: lines of most pages of the portal."""
    common = {flat(line) for line in boilerplate} | site_names(stated, url)
    element = tree.find(".//head/title")
    title = text_of(element) if element is not None else ""
    og = stated.first("og:title") or ""
    named = [
        value for node in stated.articles() if (value := text_value(node.get("headline"))) and not value.endswith(("…", "..."))
    ]
    headings = [(tag, text) for tag in _HEADINGS for text in _headings(lines, tag) if 2 < len(text) <= MAX_LENGTH]
    return _cascade(title, og, named, headings, common) or None


def _headings(lines: list[Line], tag: str) -> list[str]:
    """Texts of the headings of one level, in page order; a heading broken over lines is one text."""
    texts: list[str] = []
    last = None
    for line in lines:
        element = line.element
        if element.tag != tag:
            parent = element.getparent()
            if parent is None or parent.tag != tag:
                continue
            element = parent
        if element is last:
            texts[-1] = f"{texts[-1]} {line.text}"
        else:
            texts.append(line.text)
        last = element
    return texts


def _cascade(title: str, og: str, named: list[str], headings: list[tuple[str, str]], common: set[str]) -> str:
    said = [flat(og), flat(title)]
    for value in named:
        if flat(value) not in common and (
            any(flat(value) in other for other in said) or any(flat(value) == flat(text) for _, text in headings)
        ):
            return value
    for _, text in headings:
        key = flat(text)
        if (
            len(key) > 3
            and key not in common
            and any(
                key == other or (len(key) >= 12 and key in other) or _fills(key, source, common)
                for other, source in zip(said, (og, title), strict=True)
            )
        ):
            return text
    if named and flat(named[0]) not in common:
        return named[0]
    for text in (og, title):
        if stripped := _stripped(text, common):
            return stripped
    for _, text in headings:
        if flat(text) not in common and flat(text) not in _NOT_HEADLINES:
            return text
    return og or title


def _fills(key: str, source: str, common: set[str]) -> bool:
    """Whether a heading is one whole segment of the title."""
    return any(flat(part) == key for part in segments(source))


def _stripped(title: str, common: set[str]) -> str:
    """The title without the segments at its ends that name the site; the longest segment where nothing tells which."""
    parts = segments(title)
    if len(parts) < 2:
        return "" if flat(title) in common else title
    kept = list(_SEPARATOR.finditer(title))
    start, end = 0, len(title)
    while kept and flat(title[kept[-1].end() : end]) in common:
        end = kept.pop().start()
    while kept and flat(title[start : kept[0].start()]) in common:
        start = kept.pop(0).end()
    return clean(title[start:end])
