"""What is the headline? A cascade over what the page calls itself, less the site's own name.

JSON-LD headline, then a heading that also occurs in og:title or <title>, then og:title or <title> without the segments
that name the site or a section of it, then the first heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from lxml.etree import _Element
from lxml.html import HtmlElement

from crawler.extraction.outline import Line
from crawler.extraction.plain_text import clean, flat, text_of
from crawler.extraction.structured import Structured, text_value

# What divides a headline from the site's name in <title>: a bar, a dash, a guillemet, a dot. Spaces may be missing.
_SEPARATOR = re.compile(
    r"\s+[|–—·•»«›‹:~⋆*>/-]+\s+|\s*[|»«›‹]+\s*|\s*::\s*|(?<=\w)[_—](?=\w)|\s-(?=[A-ZÀ-Þ])|(?<=[^\x00-\u2e7f])[-_](?=[^\x00-\u2e7f])|(?<=\w): (?=[A-Z]{2,}\b)"
)
_NOT_HEADLINES = frozenset(
    [
        "navigation",
        "menu",
        "search",
        "suche",
        "home",
        "startseite",
        "aktuelles",
        "aktuelle",
        "news",
        "blog",
        "blogs",
        "press",
        "presse",
        "pressemitteilungen",
        "xəbərlər",
        "новости",
        "haberler",
        "actualités",
        "الأخبار",
        "contact",
        "kontakt",
        "welcome",
        "willkommen",
        "servicenavigation",
        "untitled",
    ]
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
    headings = {tag: [text for text in texts if 2 < len(text) <= MAX_LENGTH] for tag, texts in _headings(tree, lines).items()}
    common = {flat(line) for line in boilerplate} | site_names(stated, url) | _home_links(lines, url) | _NOT_HEADLINES
    element = tree.find(".//head/title")
    title = text_of(element) if element is not None else ""
    og = stated.first("og:title", "twitter:title") or ""
    named = [
        _stripped(value, common)
        for node in stated.articles()
        if (value := text_value(node.get("headline"))) and not value.endswith(("…", "..."))
    ]
    return _cascade(title, og, [value for value in named if value], headings, common) or None


def _headings(tree: HtmlElement, lines: list[Line]) -> dict[str, list[str]]:
    """Texts of the headings of each level, in page order; a heading broken over lines is one text."""
    texts: dict[str, list[str]] = {"h1": [], "h2": [], "h3": []}
    last: dict[str, _Element] = {}
    holders = {element for heading in tree.iter(*texts) for element in (heading, *heading)}
    for line in lines:
        if line.element not in holders:
            continue
        inner, outer = line.element, line.element.getparent()
        for element in (inner,) if outer is None or outer.tag == inner.tag else (inner, outer):
            tag = str(element.tag)
            if tag not in texts:
                continue
            if element is last.get(tag):
                texts[tag][-1] = f"{texts[tag][-1]} {line.text}"
            else:
                texts[tag].append(line.text)
            last[tag] = element
    return texts


def _home_links(lines: list[Line], url: str) -> set[str]:
    """Headings that are nothing but a link to the home page: the site's name."""
    host = urlsplit(url).netloc
    homes = {"/", "", f"http://{host}", f"https://{host}", f"http://{host}/", f"https://{host}/"}
    return {
        line.key
        for line in lines
        if line.tag in ("h1", "h2", "h3") and any((anchor.get("href") or "#").strip() in homes for anchor in line.anchors)
    }


def _cascade(title: str, og: str, named: list[str], headings: dict[str, list[str]], common: set[str]) -> str:
    said = [flat(og), *map(flat, named), flat(title)]
    plausible = {
        tag: [text for text in texts if len(flat(text)) > 3 and flat(text) not in common] for tag, texts in headings.items()
    }
    for text in plausible["h1"]:
        if flat(text) in said:
            return text
    if (inside := _longest_inside(plausible["h1"], title, og, said)) is not None:
        return inside
    for text in plausible["h1"]:
        if (shorter := _without_kicker(text, title, og, common)) != text:
            return shorter
    if named and flat(named[0]) not in common:
        return named[0]
    leading = [flat(_stripped(og, common)), flat(_leading(title, common))]
    for tag in ("h2", "h3"):
        for text in plausible[tag]:
            if flat(text) in leading:
                return text
    if len(plausible["h1"]) == 1:
        return plausible["h1"][0]
    for text in (og, title):
        if (stripped := _longest_segment(_stripped(text, common))) and flat(stripped) not in common:
            return stripped
    return next((text for tag in ("h1", "h2", "h3") for text in plausible[tag]), og or title)


def _longest_inside(headings: list[str], title: str, og: str, said: list[str]) -> str | None:
    """The heading that occurs in what the page calls itself; of several the longest, for section names are short."""
    whole = {flat(part) for source in (og, title) for part in segments(source)}
    found = [
        text for text in headings if any((key := flat(text)) in other for other in said) and (len(key) >= 12 or key in whole)
    ]
    return max(found, key=len) if found else None


def _without_kicker(heading: str, title: str, og: str, common: set[str]) -> str:
    """The heading less a kicker or day set before or after the headline inside it, as og:title or <title> shows."""
    for source in (og, title):
        stripped = _longest_segment(_stripped(source, common))
        key = flat(stripped)
        if 20 <= len(key) < len(flat(heading)) and key in flat(heading) and not stripped.endswith(("…", "...")):
            return stripped
    return heading


def _leading(title: str, common: set[str]) -> str:
    """The first segment of the title that does not name the site."""
    return next((part for part in segments(title) if flat(part) not in common), "")


def _longest_segment(title: str) -> str:
    """The segment that is more than twice as long as all others together; the title where none is."""
    parts = segments(title)
    longest = max(parts, key=len, default="")
    return longest if 2 * (len("".join(parts)) - len(longest)) < len(longest) else title


def _stripped(title: str, common: set[str]) -> str:
    """The title without the segments at its ends that name the site."""
    marks = list(_SEPARATOR.finditer(title))
    start, end = 0, len(title)
    while marks and (flat(title[marks[-1].end() : end]) in common or not flat(title[marks[-1].end() : end])):
        end = marks.pop().start()
    while marks and (flat(title[start : marks[0].start()]) in common or not flat(title[start : marks[0].start()])):
        start = marks.pop(0).end()
    return clean(title[start:end])
