"""Which pages are listings of articles, in which languages, and how do they go on?"""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from archive.urls import canonical_url
from crawler.discovery.asking import Asker
from crawler.discovery.evidence import Evidence
from crawler.discovery.languages import url_language
from crawler.discovery.naming import distinct_names
from crawler.discovery.proposal import FoundSection
from crawler.discovery.shapes import Pattern
from crawler.listings.links import ParsedPage, words
from crawler.listings.pager import next_pages
from crawler.portal import path_and_query

MIN_ARTICLES = 3


async def find_sections(
    asker: Asker,
    evidence: Evidence,
    hubs: dict[str, tuple[str, ParsedPage]],
    homes: dict[str, ParsedPage],
    front: ParsedPage,
    pattern: Pattern | None,
    languages: tuple[str, ...],
) -> tuple[FoundSection, ...]:
    """Hubs that show at least three articles of their own; homes of other languages than the front page's where they
    list some; and, where a language has none, the folder its articles stand in."""
    if pattern is None:
        return ()
    frame = evidence.frame(languages)
    pages = dict(hubs)
    for code, page in homes.items():
        if page.url != front.url:
            pages.setdefault(page.url, (f"Home ({code})", page))
    found = {url: _judge(name, page, pattern, frame, languages) for url, (name, page) in pages.items()}
    sections = {url: section for url, section in found.items() if section is not None}
    for url, name in _folders(evidence, pattern, set(sections), languages):
        if asker.left <= 6:
            break
        folder = await asker.page(url)
        if folder is not None and folder.url not in sections and evidence.is_ours(folder.url):
            evidence.add_page(folder)
            if (section := _judge(_heading(folder) or name, folder, pattern, frame, languages)) is not None:
                sections[folder.url] = section
    names = distinct_names((section.name, section.lang) for section in sections.values())
    return tuple(
        FoundSection(name, s.url, s.lang, s.articles, s.pager, s.looked_at)
        for name, s in zip(names, sections.values(), strict=True)
    )


def _judge(name: str, page: ParsedPage, pattern: Pattern, frame: set[str], languages: tuple[str, ...]) -> FoundSection | None:
    if re.search(pattern.url, path_and_query(page.url)) and not any(
        re.search(x, path_and_query(page.url)) for x in pattern.exclude
    ):
        return None
    shown = {canonical_url(link.url) for link in page.links if re.search(pattern.url, path_and_query(link.url))}
    own = {
        url for url in shown if url not in frame and not any(re.search(rule, path_and_query(url)) for rule in pattern.exclude)
    }
    if len(own) < MIN_ARTICLES:
        return None
    return FoundSection(name, page.url, url_language(page.url, languages), len(own), pager_kind(page))


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
