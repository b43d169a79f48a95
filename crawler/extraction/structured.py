"""What does the page say about itself to machines? JSON-LD (schema.org), meta elements and microdata, unjudged."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field
from typing import Any

from lxml.html import HtmlElement

from crawler.extraction.plain_text import clean

Node = dict[str, Any]
_ARTICLE = re.compile(r"(?:Article|BlogPosting|Report|SocialMediaPosting|PressRelease|GovernmentAnnouncement)$|^Posting$")
_MAX_SCRIPT = 2_000_000
_MAX_NODES = 2_000
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_CDATA = re.compile(r"^\s*(?:/[/*])?\s*<!\[CDATA\[\s*(?:\*/)?|(?:/[/*])?\s*\]\]>\s*(?:\*/)?\s*$|^\s*<!--|-->\s*$")


@dataclass(frozen=True, slots=True)
class Structured:
    """Statements of the page: JSON-LD nodes in page order, meta values by lower-case name, first value first."""

    nodes: tuple[Node, ...] = ()
    meta: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def first(self, *names: str) -> str | None:
        """The first value of the first of these meta names that has one."""
        return next((self.meta[name][0] for name in names if name in self.meta), None)

    def articles(self) -> tuple[Node, ...]:
        """JSON-LD nodes that describe an article."""
        return tuple(node for node in self.nodes if _is_article(node))

    def typed(self, name: str) -> tuple[Node, ...]:
        """JSON-LD nodes of a type."""
        return tuple(node for node in self.nodes if name in types_of(node))


def types_of(node: Node) -> tuple[str, ...]:
    """The schema.org types of a node, without namespace."""
    found = node.get("@type", ())
    names = [found] if isinstance(found, str) else found if isinstance(found, list) else []
    return tuple(str(name).rsplit("/", 1)[-1] for name in names)


def _is_article(node: Node) -> bool:
    return any(_ARTICLE.search(name) for name in types_of(node))


def text_value(value: Any) -> str | None:
    """A JSON-LD value as text: a string, the name of a thing, or the first of a list."""
    if isinstance(value, list):
        return next((text for item in value if (text := text_value(item))), None)
    if isinstance(value, dict):
        return text_value(value.get("name") or value.get("@value"))
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return clean(html.unescape(str(value))) or None
    return None


def structured(tree: HtmlElement) -> Structured:
    """Collect the statements; broken JSON is mended where that is safe, else passed over."""
    nodes: list[Node] = []
    for script in tree.iter("script"):
        kind = (script.get("type") or "").lower()
        if "ld+json" in kind and script.text:
            _flatten(_parse(script.text), nodes, 0)
    meta: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = clean(element.get("content"))
        if not content:
            continue
        for attribute in ("property", "name", "itemprop"):
            for name in (element.get(attribute) or "").lower().split():
                meta.setdefault(name, []).append(content)
    return Structured(tuple(nodes), {name: tuple(values) for name, values in meta.items()})


def _parse(text: str) -> Any:
    if len(text) > _MAX_SCRIPT:
        return None
    text = _CDATA.sub("", text)
    for attempt in (text, _TRAILING_COMMA.sub("", text).strip().rstrip(";")):
        try:
            return json.loads(attempt, strict=False)
        except (json.JSONDecodeError, RecursionError):
            continue
    return None


def _flatten(value: Any, nodes: list[Node], depth: int) -> None:
    """Lists and @graph opened; things nested in a page (mainEntity) too, people and publishers not."""
    if depth > 6 or len(nodes) >= _MAX_NODES:
        return
    if isinstance(value, list):
        for item in value:
            _flatten(item, nodes, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            nodes.append(value)
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "breadcrumb"):
            if isinstance(value.get(key), dict | list):
                _flatten(value[key], nodes, depth + 1)
