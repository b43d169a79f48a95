"""Which pages are listings of articles, in which languages, and how do they go on?"""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urljoin, urlsplit

from archive.urls import canonical_url
from crawler.discovery.asking import Asker
from crawler.discovery.evidence import Evidence
from crawler.discovery.languages import url_language
from crawler.discovery.naming import distinct_names
from crawler.discovery.proposal import FoundSection
from crawler.discovery.shapes import Pattern, shape_of
from crawler.listings.links import PageLink, ParsedPage, words
from crawler.listings.pager import next_pages
from crawler.portal import path_and_query

MIN_ARTICLES = 3
SISTERS = 3  # sections of one shape after which a menu link of that shape is believed


async def find_sections(
    asker: Asker,
    evidence: Evidence,
    hubs: dict[str, tuple[str, ParsedPage]],
    homes: dict[str, ParsedPage],
    front: ParsedPage,
    pattern: Pattern | None,
    languages: tuple[str, ...],
    unseen: list[PageLink],
) -> tuple[FoundSection, ...]:
    """Hubs that show at least three articles of their own; homes of other languages than the front page's where they
    list some; where a language has none, the folder its articles stand in; and menu links there was no request left for
    (`unseen`) whose addresses have the shape of sections."""
    if pattern is None:
        return ()
    frame = evidence.frame(languages)
    pages = dict(hubs)
    for code, home in homes.items():
        if home.url != front.url:
            pages.setdefault(home.url, (f"Home ({code})", home))
    taken = {frozenset(_own(front, pattern, frame))}  # what the front page lists is asked for anyway
    sections: dict[str, FoundSection] = {}

    def judge(name: str, page: ParsedPage) -> None:
        own = _own(page, pattern, frame)
        if len(own) >= MIN_ARTICLES and frozenset(own) not in taken and not matches(pattern, page.url):
            taken.add(frozenset(own))
            lang = url_language(page.url, languages)
            sections[page.url] = FoundSection(name, page.url, lang, len(own), pager_kind(page))

    for name, page in pages.values():
        judge(name, page)
    for url, name in _folders(evidence, pattern, set(sections), languages):
        folder = await asker.page(url) if asker.left > 6 else None
        if folder is not None and folder.url not in pages and evidence.is_ours(folder.url):
            evidence.add_page(folder)
            judge(_heading(folder) or name, folder)
    for link in _alike(unseen, sections, hubs, languages):
        sections[link.url] = FoundSection(
            link.text, link.url, url_language(link.url, languages), 0, "like its sisters", looked_at=False
        )
    names = distinct_names((section.name, section.lang) for section in sections.values())
    return tuple(
        FoundSection(name, s.url, s.lang, s.articles, s.pager, s.looked_at)
        for name, s in zip(names, sections.values(), strict=True)
    )


def matches(pattern: Pattern, url: str) -> bool:
    """Whether the rule calls an address an article."""
    path = path_and_query(url)
    return re.search(pattern.url, path) is not None and not any(re.search(rule, path) for rule in pattern.exclude)


def _own(page: ParsedPage, pattern: Pattern, frame: set[str]) -> set[str]:
    """Articles a page lists, without those that stand on every page."""
    return {url for link in page.links if matches(pattern, link.url) and (url := canonical_url(link.url)) not in frame}


def _alike(
    unseen: list[PageLink],
    sections: dict[str, FoundSection],
    hubs: dict[str, tuple[str, ParsedPage]],
    languages: tuple[str, ...],
) -> list[PageLink]:
    """Menu links whose address has a shape that nearly all pages looked at showed to be one of sections."""
    looked = Counter(shape_of(url, languages).holes() for url in hubs)
    good = Counter(shape_of(url, languages).holes() for url in sections if url in hubs)
    sure = {shape for shape, count in good.items() if count >= SISTERS and count >= 0.8 * looked[shape]}
    found = {link.url: link for link in reversed(unseen) if link.region == "frame" and link.url not in sections}
    return [link for link in found.values() if shape_of(link.url, languages).holes() in sure][::-1]


def pager_kind(page: ParsedPage) -> str | None:
    """How a listing goes on, in words; None where it does not."""
    following = next_pages(page, None, shows_articles=True)
    if not following:
        return None
    link = next((link for link in page.links if link.url == following[0]), None)
    if link is None or "next" in link.rel.split():
        return "rel=next"
    return "numbered pager" if link.text.strip(" []()").isdecimal() else f"link “{link.text[:30]}”"


def _folders(evidence: Evidence, pattern: Pattern, known: set[str], languages: tuple[str, ...]) -> list[tuple[str, str]]:
    """Folders above articles, for languages without a section: "/en/news/" for "/en/news/12/title"."""
    have = {url_language(url, languages) for url in known}
    counts: dict[str, int] = {}
    for url in evidence.seen:
        if re.search(pattern.url, path_and_query(url)) and url_language(url, languages) not in have:
            folder = urljoin(url.rstrip("/"), ".")
            if urlsplit(folder).path.strip("/"):
                counts[folder] = counts.get(folder, 0) + 1
    ordered = sorted(counts, key=lambda folder: -counts[folder])
    return [(folder, urlsplit(folder).path.strip("/").split("/")[-1]) for folder in ordered if counts[folder] >= MIN_ARTICLES][
        :3
    ]


def _heading(page: ParsedPage) -> str | None:
    node = next(page.root.iter("h1"), None) if page.root is not None else None
    text = words(node) if node is not None else ""
    return text if 2 < len(text) <= 60 else None
