"""Which links of a home page may lead to listings, and which of them first?"""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urlsplit

from archive.urls import canonical_url
from crawler.discovery.evidence import Evidence, menu_links
from crawler.listings.links import PageLink, ParsedPage

MAX_LINKS = 1000  # of one page that are weighed
# Words that name a listing of news, in the languages of many governments; matched in the link's words and address.
_NEWS = re.compile(
    r"news|press|media|blog|stor(?:y|ies)|article|release|statement|speech|announce|publication|analy[st]|interview|update|bulletin|"
    r"actualit|nouvelle|communiqu|discours|aktuell|meldung|nachricht|mitteilung|noticia|comunicad|prensa|notizi|comunicat|imprensa|"
    r"nieuws|nyheter|nyhed|uutis|aktualno|wiadomo|zpráv|správ|hírek|știri|новин|новост|пресс|публикац|сообщен|заявлен|выступлен|"
    r"xəbər|xeber|mətbuat|metbuat|bəyanat|təhlil|haber|basın|duyuru|янгилик|yangilik|жаңалық|أخبار|بيان|新闻|公告|ニュース|חדשות|νέα",
    re.IGNORECASE,
)
_NEVER = re.compile(
    r"log[-_]?in|sign[-_]?(?:in|up)|logout|register|search|contact|privacy|terms|cookie|sitemap|site[-_]map|accessib|disclaimer|"
    r"imprint|impressum|legal|copyright|subscribe|newsletter|feedback|print|share|cart|faq|help|jobs?\b|vacanc|career|"
    r"wp-(?:admin|login|json)|calendar|javascript|careers",
    re.IGNORECASE,
)


def section_candidates(home: ParsedPage, evidence: Evidence, languages: dict[str, str]) -> list[PageLink]:
    """Links to look at, the most promising first: named like news, above many headlines, in the menu before the footer."""
    homes = {_key(url) for url in (home.url, *languages.values())}
    found: dict[str, tuple[float, PageLink]] = {}
    links = menu_links(home)[:MAX_LINKS]
    headlines = _headlines_below(evidence)
    for position, link in enumerate(links):
        key = _key(link.url)
        if not evidence.is_ours(link.url) or key in homes or not urlsplit(link.url).path.strip("/") + urlsplit(link.url).query:
            continue
        score = _promise(link, headlines) - 0.5 * position / len(links)
        if key not in found or score > found[key][0]:
            found[key] = (score, link)
    return [link for score, link in sorted(found.values(), key=lambda pair: -pair[0]) if score > -2]


def _headlines_below(evidence: Evidence) -> Counter[str]:
    """How many addresses that may be articles stand below each folder."""
    counts: Counter[str] = Counter()
    for seen in evidence.seen.values():
        if seen.weight >= 1:
            folders = [segment for segment in urlsplit(seen.url).path.split("/") if segment][:-1]
            counts.update("/" + "/".join(folders[: depth + 1]) for depth in range(len(folders)))
    return counts


def _promise(link: PageLink, headlines: Counter[str]) -> float:
    score = 1.0 if link.region == "frame" else 0.0
    address = urlsplit(link.url).path
    if _NEWS.search(link.text) or _NEWS.search(address):
        score += 2.0
    if _NEVER.search(link.text) or _NEVER.search(address):
        score -= 3.0
    score += min(headlines[address.rstrip("/")], 5) * 0.4
    if (element := link.element) is not None:
        score -= 1.5 if any(node.tag == "footer" for node in element.iterancestors()) else 0.0
    return score - 0.2 * max(0, address.strip("/").count("/") - 2)


def _key(url: str) -> str:
    return canonical_url(url).rstrip("/")
