"""Where on the portal does the page stand? The breadcrumb, and the section it names."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml.etree import _Element
from lxml.html import HtmlElement

from crawler.extraction.css import selector
from crawler.extraction.names import Names
from crawler.extraction.outline import Line
from crawler.extraction.plain_text import clean, flat, text_of
from crawler.extraction.structured import Structured, text_value
from crawler.portal import BreadcrumbRule

_MARKED = re.compile(
    r"bread-?_?crumb|(?:^|[\s_-])crumbs?(?:$|[\s_-])|brotkr|fil-?d-?ariane|rootline|pathway|you-?are-?here|navpath",
    re.IGNORECASE,
)
_TAGS = ("nav", "div", "ul", "ol", "p", "span", "section", "td")
_HERE = re.compile(
    r"^(?:you are (?:here|in|currently)|sie (?:sind|befinden sich)(?: hier)?|vous [êe]tes ici|siz buradasınız|buradasınız|siz burdasınız|siz buradasiniz|"
    r"вы (?:здесь|находитесь(?: здесь)?)|ви (?:тут|знаходитесь)|usted está aquí|está aquí|você está aqui|estás aquí|ti trovi in|sei in|jesteś tutaj|"
    r"du är här|du er her|olet tässä|u bent hier|أنت هنا|navigation path|standort|path)\s*[:：]\s*",
    re.IGNORECASE,
)
_HOME = frozenset(
    [
        "home",
        "homepage",
        "mainpage",
        "main",
        "startseite",
        "start",
        "accueil",
        "anasayfa",
        "anasəhifə",
        "əsassəhifə",
        "главная",
        "главнаястраница",
        "головна",
        "inicio",
        "início",
        "home",
        "page",
        "hjem",
        "hem",
        "etusivu",
        "stronagłówna",
        "strona",
        "główna",
        "الرئيسية",
        "الصفحةالرئيسية",
        "portal",
        "домой",
    ]
)
_DIVIDERS = re.compile(r"\s*(?:»+|›+|>+|→|/|\||::|\\|•|·|«+|‹+)\s*")


def breadcrumbs(
    tree: HtmlElement, names: Names, stated: Structured, lines: list[Line], rule: BreadcrumbRule
) -> tuple[str, ...]:
    """The steps from the home page to this page, as the page shows them; empty where it shows none."""
    if rule.selector:
        found = selector(rule.selector)(tree)
        return _steps(found[0], rule.split) if found else ()
    if rule.text_after:
        return _after_words(lines, re.compile(rf"^{re.escape(rule.text_after)}\s*"), rule.split)
    return _listed(stated) or _marked(names) or _after_words(lines, _HERE, None)


def section_of(crumbs: tuple[str, ...], headline: str | None, stated: Structured) -> str | None:
    """The section: what JSON-LD or article:section says, else the last step that is neither home nor the page itself."""
    for crumb in reversed(crumbs):
        key = flat(crumb)
        if (
            key
            and key not in _HOME
            and key != flat(headline)
            and not (headline and len(key) > 20 and flat(headline).startswith(key))
        ):
            return crumb
    for node in stated.articles():
        if section := text_value(node.get("articleSection")):
            return section
    return stated.first("article:section", "og:article:section", "section")


def _listed(stated: Structured) -> tuple[str, ...]:
    for node in stated.typed("BreadcrumbList"):
        items = node.get("itemListElement")
        if isinstance(items, list):
            named = [
                (item.get("position", number), text_value(item.get("name")) or text_value(item.get("item")))
                for number, item in enumerate(items)
                if isinstance(item, dict)
            ]
            steps = tuple(name for _, name in named if name and "://" not in name)
            if steps:
                return steps
    return ()


def _marked(names: Names) -> tuple[str, ...]:
    for element in names.elements(_CALLED, _TAGS):
        if steps := _steps(element, None):
            return steps
    return ()


@lru_cache(maxsize=4096)  # a portal's classes are few
def _names_crumbs(name: str) -> bool:
    return _MARKED.search(name) is not None


_CALLED = dict.fromkeys(("class", "id", "aria-label", "itemtype"), _names_crumbs)


def _after_words(lines: list[Line], words: re.Pattern[str], split: str | None) -> tuple[str, ...]:
    for line in lines:
        if len(line.text) < 400 and (match := words.match(line.text)):
            rest = line.text[match.end() :]
            if rest:
                return _cut(rest, split)
            following = lines[line.index + 1 : line.index + 8]
            return tuple(
                item.text for item in following if item.anchors and item.element.getparent() is following[0].element.getparent()
            )
    return ()


def _steps(element: _Element, split: str | None) -> tuple[str, ...]:
    """The steps of a breadcrumb element: its list items, else its text cut at the dividers."""
    items = [item for item in element.iter("li") if item.find(".//li") is None]
    if len(items) > 1:
        steps = tuple(step for item in items if (step := _DIVIDERS.sub("", _HERE.sub("", text_of(item)))))
    else:
        steps = _cut(clean(" ".join(part for part in _HERE.sub("", text_of(element)).split("\n"))), split)
        anchors = [text_of(anchor) for anchor in element.iter("a")]
        if len(steps) <= 1 and len(anchors) > 1:
            steps = tuple(anchor for anchor in anchors if anchor)
    return steps if 0 < len(steps) <= 12 and all(len(step) <= 300 for step in steps) else ()


def _cut(text: str, split: str | None) -> tuple[str, ...]:
    parts = text.split(split) if split else _DIVIDERS.split(text)
    return tuple(step for part in parts if (step := clean(part).strip(" »›>|")))
