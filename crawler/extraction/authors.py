"""Who signed it? JSON-LD author, meta author, then an element that the mark-up calls author or byline."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from lxml.html import HtmlElement

from crawler.extraction.names import Names
from crawler.extraction.outline import Line
from crawler.extraction.plain_text import clean, flat, text_of
from crawler.extraction.structured import Structured, types_of

_META = ("author", "article:author", "dc.creator", "dcterms.creator", "dc:creator", "parsely-author", "sailthru.author", "citation_author",
         "authors", "byl", "article:author_name", "creator", "rbauthors", "cxenseparse:author", "twitter:data1")  # fmt: skip
_SPLIT = re.compile(r"\s*(?:;|\||,(?!\s*(?:Jr|Sr|PhD|MD|Ph\.D)\b)|\s&\s|/|\s(?:and|und|et|y|e|och|og|en|и|və|ve)\s)\s*")
_BY = re.compile(
    r"^(?:posted |posts |written |story |reported |published |submitted )?(?:by|von|par|por|di|av|af|door|autor(?:in)?|author|автор|müəllif|yazan|przez|oleh)\b\s*:?\s*",
    re.IGNORECASE,
)
_ENDS_BY = re.compile(r"\b(?:by|von|par|por|di|автор)\s+(?=\w)")
_SUBMITTED = re.compile(r"\b(?:submitted|posted|written|published|geschrieben|erstellt) (?:by|von)\b", re.IGNORECASE)
_LABELLED = re.compile(r"(?:作者|责任编辑|记者|编辑|記者|文|글|기자)\s*[:：]\s*([\u3400-\u9fff\uac00-\ud7a3]{2,4})")
_TAIL = re.compile(
    r"\s*(?:[|•·–—]\s|\s-\s|\bon\b|\bam\b|\bvom\b|\d{1,2}[.:/ ]|\bpublished\b|\bupdated\b|@|\bfollow\b).*$", re.IGNORECASE
)
_AUTHOR_CLASS = re.compile(
    r"(?:^|[\s_-])(?:author|byline|autor|auteur|writer|posted-by|submitted)(?:s|in)?(?:$|[\s_-](?!box|bio|image|avatar|social))|author-?name|authorName|AuthorName",
    re.IGNORECASE,
)
_TAGS = ("a", "span", "div", "p", "address", "strong", "em", "h3", "h4", "li", "cite", "b")
_NOBODY = frozenset(
    {"admin", "administrator", "webmaster", "author", "autor", "anonymous", "guest", "root", "user", "unknown", "null", "none"}
)
_PARTICLES = frozenset(
    ["al", "bin", "da", "de", "del", "della", "den", "der", "di", "dos", "du", "el", "ibn", "la", "le", "ter", "van", "von"]
)
_ACRONYM = 4  # letters: CEO, CIO, MP
_MAX_AUTHORS = 20


def authors_of(
    names: Names, stated: Structured, near: list[Line], common: set[str], headline: str | None = None
) -> tuple[str, ...]:
    """The authors' names as written; empty where nobody signed. `near`: the lines about headline and start of the text;
    `common`: names of the site, which sign only where nobody else does."""
    people, bodies = _json(stated)
    lines = [line for line in near if flat(line.text) != flat(headline)]
    for values, allowed in (
        (people, False),
        (_metas(stated), False),
        (_marked(names), False),
        (_bylines(lines), False),
        (bodies, True),
        (people, True),
    ):
        signed: dict[str, str] = {}
        for value in values:
            for place, name in enumerate(_SPLIT.split(_BY.sub("", clean(value)))):
                name = name.strip(" ,.:-–")
                if _is_name(name) and (allowed or flat(name) not in common) and not (place and _is_office(name)):
                    signed.setdefault(flat(name), name)
        if signed:
            return tuple(signed.values())[:_MAX_AUTHORS]
    return ()


def _is_name(name: str) -> bool:
    return (
        2 < len(name) <= 60
        and name.lower() not in _NOBODY
        and not any(char.isdigit() for char in name)
        and "://" not in name
        and "@" not in name
        and len(name.split()) <= 6
    )


def _is_office(name: str) -> bool:
    """Whether what follows a name is what its bearer does: "Max Neuvians, développeur", "Aaron Snow, CEO"."""
    first = name.split()[0]
    return (first[0].islower() and first not in _PARTICLES) or (name.isupper() and name.isascii() and len(name) <= _ACRONYM)


def _json(stated: Structured) -> tuple[list[str], list[str]]:
    """The people and the bodies that JSON-LD names as authors."""
    people: list[str] = []
    bodies: list[str] = []
    known = {node["@id"]: node for node in stated.nodes if isinstance(node.get("@id"), str)}
    for node in (*stated.articles(), *stated.typed("Recipe")):
        for key in ("author", "creator"):
            _names(node.get(key), known, people, bodies)
        if people or bodies:
            break
    return people, bodies


def _names(value: Any, known: dict[str, Any], people: list[str], bodies: list[str]) -> None:
    if isinstance(value, str):
        people.append(value)
    elif isinstance(value, list):
        for item in value[:_MAX_AUTHORS]:
            _names(item, known, people, bodies)
    elif isinstance(value, dict):
        if "name" not in value and isinstance(value.get("@id"), str):
            value = known.get(value["@id"], {})
        found = bodies if any("Organization" in kind for kind in types_of(value)) else people
        name = value.get("name")
        found.extend(item for item in (name if isinstance(name, list) else [name]) if isinstance(item, str))


def _metas(stated: Structured) -> list[str]:
    return [value for name in _META for value in stated.meta.get(name, ()) if " " in value and "://" not in value]


def _marked(names: Names) -> list[str]:
    """Elements the mark-up names: rel=author, itemprop=author, class author or byline."""
    for element in names.elements(_CALLED, _TAGS):
        found = [name for each in _several(element) if 2 < len(name := _name_in(each)) < 120]
        if found:
            return found
    return []


@lru_cache(maxsize=4096)  # a portal's classes are few
def _names_author(name: str) -> bool:
    return _AUTHOR_CLASS.search(name) is not None


_CALLED: dict[str, Callable[[str], bool]] = {
    "rel": lambda value: value == "author",
    "itemprop": lambda value: "author" in value,
    "class": _names_author,
}


def _several(element: HtmlElement) -> list[HtmlElement]:
    """The links of a list of authors, one by one: `<div class=authors><a>One</a><a>Other</a></div>`, or the first's like
    beside it."""
    if element.tag == "a":
        beside = [each for each in element.getparent() if each.tag == "a" and each.get("class") == element.get("class")]
        return [each for each in beside if each.get("rel") == element.get("rel")]
    links = [each for each in element.iter("a") if text_of(each)]
    alone = sum(len(text_of(each)) for each in links) > 0.8 * len(text_of(element))
    return links if len(links) > 1 and alone else [element]


def _name_in(element: HtmlElement) -> str:
    name = element.find(".//*[@itemprop='name']")
    return _TAIL.sub("", _BY.sub("", text_of(name if name is not None else element)))


def _bylines(near: list[Line]) -> list[str]:
    """A short line "By Name Surname", "Author: Name", or a date line that ends in "by Name"."""
    for line in near:
        if len(line.text) > 160:
            continue
        if match := _LABELLED.search(line.text):
            return [match[1]]
        match = _BY.match(line.text) or (_ENDS_BY.search(line.text) if any(char.isdigit() for char in line.text) else None)
        if match:
            rest = _TAIL.sub("", line.text[match.end() :])
            named = 2 <= len(rest.split()) <= 5 and rest[:1].isupper()
            if named or (len(rest.split()) == 1 and _SUBMITTED.search(line.text)):
                return [rest]
    return []
