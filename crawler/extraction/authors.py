"""Who signed it? JSON-LD author, meta author, then an element that the mark-up calls author or byline."""

from __future__ import annotations

import re
from typing import Any

from lxml.html import HtmlElement

from crawler.extraction.outline import Line
from crawler.extraction.plain_text import clean, flat, text_of
from crawler.extraction.structured import Structured

_META = ("author", "article:author", "dc.creator", "dcterms.creator", "dc:creator", "parsely-author", "sailthru.author", "citation_author",
         "authors", "byl", "article:author_name", "creator", "rbauthors", "cxenseparse:author", "twitter:data1")  # fmt: skip
_SPLIT = re.compile(r"\s*(?:;|\||,(?!\s*(?:Jr|Sr|PhD|MD|Ph\.D)\b)|\s&\s|/|\s(?:and|und|et|y|e|och|og|en|и|və|ve)\s)\s*")
_BY = re.compile(
    r"^(?:posted |posts |written |story |reported |published |submitted )?(?:by|von|par|por|di|av|af|door|autor(?:in)?|author|автор|müəllif|yazan|przez|oleh)\b\s*:?\s*",
    re.IGNORECASE,
)
_ENDS_BY = re.compile(r"\b(?:by|von|par|por|di|автор)\s+(?=[A-ZÀ-ÞА-Я])")
_LABELLED = re.compile(r"(?:作者|责任编辑|记者|编辑|記者|文|글|기자)\s*[:：]\s*([\u3400-\u9fff\uac00-\ud7a3]{2,4})")
_TAIL = re.compile(
    r"\s*(?:[|•·–—]\s|\s-\s|\bon\b|\bam\b|\bvom\b|\d{1,2}[.:/ ]|\bpublished\b|\bupdated\b|@|\bfollow\b).*$", re.IGNORECASE
)
_AUTHOR_CLASS = re.compile(
    r"(?:^|[\s_-])(?:author|byline|autor|auteur|writer|posted-by|submitted)(?:s|in)?(?:$|[\s_-](?!box|bio|image|avatar|social))|author-?name|authorName|AuthorName",
    re.IGNORECASE,
)
_NOBODY = frozenset(
    [
        "admin",
        "administrator",
        "webmaster",
        "redaktion",
        "editor",
        "author",
        "autor",
        "anonymous",
        "guest",
        "root",
        "user",
        "staff",
        "unknown",
        "null",
        "none",
    ]
)
_MAX_AUTHORS = 20


def authors_of(tree: HtmlElement, stated: Structured, near: list[Line], common: set[str]) -> tuple[str, ...]:
    """The authors' names as written; empty where nobody signed. `near`: the lines about headline and start of the text;
    `common`: names of the site, which only JSON-LD may give as author."""
    for values, allowed in ((_json(stated), True), (_metas(stated), False), (_marked(tree), False), (_bylines(near), False)):
        names: dict[str, str] = {}
        for value in values:
            for name in _SPLIT.split(_BY.sub("", clean(value))):
                name = name.strip(" ,.:-–")
                if _is_name(name) and (allowed or flat(name) not in common):
                    names.setdefault(flat(name), name)
        if names:
            return tuple(names.values())[:_MAX_AUTHORS]
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


def _json(stated: Structured) -> list[str]:
    found: list[str] = []
    people = {node["@id"]: node for node in stated.nodes if isinstance(node.get("@id"), str)}
    for node in stated.articles():
        for key in ("author", "creator"):
            _names(node.get(key), people, found)
        if found:
            break
    return found


def _names(value: Any, people: dict[str, Any], found: list[str]) -> None:
    if isinstance(value, str):
        found.append(value)
    elif isinstance(value, list):
        for item in value[:_MAX_AUTHORS]:
            _names(item, people, found)
    elif isinstance(value, dict):
        if "name" not in value and isinstance(value.get("@id"), str):
            value = people.get(value["@id"], {})
        _names_of_thing(value.get("name"), found)


def _names_of_thing(name: Any, found: list[str]) -> None:
    for item in name if isinstance(name, list) else [name]:
        if isinstance(item, str):
            found.append(item)


def _metas(stated: Structured) -> list[str]:
    return [value for name in _META for value in stated.meta.get(name, ()) if " " in value]


def _marked(tree: HtmlElement) -> list[str]:
    """Elements the mark-up names: rel=author, itemprop=author, class author or byline."""
    marked: list[str] = []
    for element in tree.iter("a", "span", "div", "p", "address", "strong", "em", "h3", "h4", "li", "cite", "b"):
        if element.get("rel") == "author" or "author" in (element.get("itemprop") or ""):
            pass
        elif not _AUTHOR_CLASS.search(element.get("class") or ""):
            continue
        name = element.find(".//*[@itemprop='name']")
        text = text_of(name if name is not None else element)
        if 2 < len(text) < 120:
            marked.append(_TAIL.sub("", _BY.sub("", text)))
            break
    return marked


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
            if 2 <= len(rest.split()) <= 5 and rest[:1].isupper():
                return [rest]
    return []
