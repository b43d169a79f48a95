"""Which languages does the portal speak, and where does each begin?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

from babel import Locale, UnknownLocaleError

from crawler.listings.links import PageLink, ParsedPage, absolute_link, words

_ARGUMENTS = {"lang", "language", "locale", "l", "lng", "hl"}


@lru_cache(maxsize=2000)
def language_code(tag: str) -> str | None:
    """The primary subtag of a language tag in lower case, or None for what is no known language ("x-default", "page")."""
    code = re.split(r"[-_]", tag.strip().lower())[0]
    if not re.fullmatch(r"[a-z]{2,3}", code):
        return None
    try:
        Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return None
    return code


def stated_language(page: ParsedPage) -> str | None:
    """What <html lang>, xml:lang, Content-Language or og:locale says."""
    if page.root is None:
        return None
    for path in (
        "/html/@lang",
        "/html/@*[name()='xml:lang']",
        "//meta[translate(@http-equiv, 'CL', 'cl')='content-language']/@content",
        "//meta[@property='og:locale']/@content",
    ):
        for value in page.root.xpath(path):
            if code := language_code(str(value)):
                return code
    return None


def detected_language(page: ParsedPage) -> str | None:
    """What the words of the page say; None where there are too few."""
    if page.root is None:
        return None
    text = " ".join(words(node) for node in page.root.iter("p", "h1", "h2", "h3", "a", "td"))[:5000]
    if len(text) < 100:
        return None
    import py3langid  # a model of some megabytes, loaded only here

    return language_code(py3langid.classify(text)[0])


def language_of(page: ParsedPage) -> str | None:
    """The stated language, else the detected one."""
    return stated_language(page) or detected_language(page)


def language_homes(page: ParsedPage) -> dict[str, str]:
    """Where the other languages begin, by code: hreflang alternates, links that carry a language, links to /xx/ or ?lang=xx."""
    found: dict[str, str] = {}
    if page.root is not None:
        for node in page.root.xpath("//link[@rel='alternate'][@hreflang][@href]"):
            if (code := language_code(node.get("hreflang"))) and (url := _joined(page, node.get("href"))):
                found.setdefault(code, url)
    for link in page.links:
        if _same_site(link.url, page.url) and (code := _language_of_link(link)):
            found.setdefault(code, link.url)
    return found


def url_language(url: str, languages: Iterable[str]) -> str | None:
    """The language an address names by folder or argument."""
    parts = urlsplit(url)
    known = set(languages)
    first = [segment.lower() for segment in parts.path.split("/") if segment][:2]
    values = [value.lower() for name, value in parse_qsl(parts.query) if name.lower() in _ARGUMENTS]
    return next((value for value in (*first, *values) if value in known), None)


def _language_of_link(link: PageLink) -> str | None:
    label = link.text.strip()
    if link.lang and len(label) <= 30 and (code := language_code(link.lang)):
        return code
    parts = urlsplit(link.url)
    segments = [segment for segment in parts.path.split("/") if segment]
    if len(segments) == 1 and len(segments[0]) == 2 and not parts.query:
        return language_code(segments[0])
    values = [value for name, value in parse_qsl(parts.query) if name.lower() in _ARGUMENTS and len(value) == 2]
    if values and len(segments) <= 1:
        return language_code(values[0])
    return language_code(label) if len(label) == 2 and label.isalpha() and label.upper() == label else None


def _same_site(url: str, other: str) -> bool:
    return urlsplit(url).netloc.removeprefix("www.") == urlsplit(other).netloc.removeprefix("www.")


def _joined(page: ParsedPage, href: str | None) -> str | None:
    url = absolute_link(page.url, href)
    return url if url and _same_site(url, page.url) else None
