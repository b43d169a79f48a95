"""Where on the page does the article stand, and what does it hold besides words? Its links, attachments and images."""

from __future__ import annotations

import re
from collections import Counter

from lxml.etree import _Element

from archive.records import Image, RelatedLink
from crawler.extraction.captions import caption_of
from crawler.extraction.links import absolute
from crawler.extraction.names import Leading
from crawler.extraction.outline import Line
from crawler.extraction.plain_text import clean, text_of

_DOCUMENT = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|od[tspg]|rtf|csv|zip|epub)(?:$|[?#;/])", re.IGNORECASE)
_ICON = re.compile(r"icon|logo|sprite|spacer|pixel|blank|avatar|flag|emoji|button|share|print|1x1|badge", re.IGNORECASE)
_LANGUAGE_NAMES = {
    "az": "az|aze|azərbaycan|azərbaycanca|azərbaycan dili", "en": "en|eng|english", "ru": "ru|rus|русский|на русском|рус", "de": "de|deutsch",
    "fr": "fr|fra|français", "tr": "tr|türkçe", "ar": "ar|العربية|عربي", "es": "es|español", "it": "it|italiano", "pl": "pl|polski",
    "uk": "ua|uk|українська|укр", "pt": "pt|português", "ka": "ka|ge|ქართული", "fa": "fa|فارسی", "zh": "zh|cn|中文|简体中文", "hy": "hy|am|հայերեն",
}  # fmt: skip
_NAMED = {name: code for code, names in _LANGUAGE_NAMES.items() for name in names.split("|")}
MAX_IMAGES = 100
MAX_BODY_LINKS = 500


def container_of(lines: list[Line], share: float = 0.9) -> _Element | None:
    """The smallest element that holds this share of these lines' text; None where there are none."""
    weights: Counter[_Element] = Counter()
    for line in lines:
        weights[line.element] += len(line.text)
    total = sum(weights.values())
    # Paragraphs share their parent mostly: what they weigh together goes up from there at once.
    above: Counter[_Element] = Counter()
    for element, weight in weights.items():
        if (parent := element.getparent()) is not None:
            above[parent] += weight
    for parent, weight in above.items():
        for node in (parent, *parent.iterancestors()):
            weights[node] += weight
    # Depth decides between an element and its only ancestor-with-the-same-text: the deepest wins.
    holders = [node for node, weight in weights.items() if weight >= share * total] if total else []
    return max(holders, key=lambda node: sum(1 for _ in node.iterancestors()), default=None)


def body_links(lines: list[Line], base: str) -> list[RelatedLink]:
    """Links in the running text: attachments where the address ends like a document, body links otherwise."""
    found: dict[str, RelatedLink] = {}
    for line in lines:
        for anchor in line.anchors:
            target = absolute(base, anchor.get("href"))
            title = text_of(anchor)
            if target and target not in found and title and len(found) < MAX_BODY_LINKS:
                found[target] = RelatedLink("attachment" if is_document(target) else "body", target, title)
    return list(found.values())


def is_document(url: str) -> bool:
    """Whether an address ends like a PDF, office or data file."""
    return _DOCUMENT.search(url) is not None


def attachments(container: _Element | None, base: str) -> list[RelatedLink]:
    """Documents linked from the article's container, also below or beside the running text."""
    found: dict[str, RelatedLink] = {}
    for anchor in container.iter("a") if container is not None else ():
        target = absolute(base, anchor.get("href"))
        if target and is_document(target) and target not in found and not _of_the_frame(anchor):
            found[target] = RelatedLink("attachment", target, text_of(anchor) or clean(anchor.get("title")) or None)
    return list(found.values())


def _of_the_frame(element: _Element) -> bool:
    return any(node.tag in ("nav", "header", "footer") for node in element.iterancestors())


def images(container: _Element | None, base: str) -> tuple[Image, ...]:
    """The container's images with their captions; icons, counters and logos left out."""
    found: dict[str, Image] = {}
    for element in container.iter("img") if container is not None else ():
        source = element.get("data-src") or element.get("data-original") or element.get("src") or ""
        target = None if source.startswith("data:") else absolute(base, source)
        if not target or target in found or _is_icon(element, source) or len(found) >= MAX_IMAGES:
            continue
        found[target] = Image(target, caption_of(element, container), clean(element.get("alt")) or None)
    return tuple(found.values())


def _is_icon(element: _Element, source: str) -> bool:
    sizes = [int(value) for name in ("width", "height") if (value := (element.get(name) or "").removesuffix("px")).isdecimal()]
    return (
        any(size < 48 for size in sizes)
        or _ICON.search(f"{source.rsplit('/', 1)[-1]} {element.get('class') or ''}") is not None
    )


def translations(leading: Leading, base: str, url: str, language: str | None) -> list[RelatedLink]:
    """The page's other languages: `<link rel=alternate hreflang>`, and links whose words are a language's name and which
    lead to a page, not to the home page of that language."""
    found: dict[str, RelatedLink] = {}
    for element, href in leading:
        if element.tag not in ("link", "a"):
            continue
        code = (element.get("hreflang") or "").lower().replace("_", "-")
        if element.tag == "link" and ("alternate" not in (element.get("rel") or "") or not code or code == "x-default"):
            continue
        if not code:
            words = element.text or text_of(element)
            code = _NAMED.get(words.strip().casefold(), "") if len(words) < 30 else ""
        target = absolute(base, href) if code else None
        if target is None or target == url or (element.tag == "a" and target.rstrip("/").count("/") <= 3):
            continue
        primary = code.split("-")[0]
        if primary and primary != language and target not in found:
            found[target] = RelatedLink("translation", target, lang=primary)
    return list(found.values())
