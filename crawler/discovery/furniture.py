"""Which lines and elements are furniture? Text on nearly every sample, or that differs on two fetches of one page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from crawler.discovery.proposal import Found, Sample
from crawler.discovery.shapes import escaped
from crawler.listings.links import ParsedPage

_SHARE = 0.8
_MOST = 0.2  # of the bodies' characters
_MAX_LINES, _MAX_SELECTORS = 20, 10
_SKIP = {"script", "style", "noscript", "template", "head", "title"}
_NAME = re.compile(r"^[a-zA-Z_][\w-]*$")


def repeated_lines(samples: Sequence[Sample]) -> tuple[Found[str], ...]:
    """Short lines of article bodies that stand on at least 80 % of the samples (of 4 or more), as anchored expressions
    with their numbers left open. Where they make up much of the bodies they are the bodies, not furniture."""
    if len(samples) < 4:
        return ()
    counts = Counter(line for sample in samples for line in set(_folded_lines(sample.reading.article.articleBody)))
    common = [(line, hits) for line, hits in counts.items() if hits >= _SHARE * len(samples)]
    whole = sum(len(sample.reading.article.articleBody) for sample in samples)
    if sum(len(line) * hits for line, hits in common) > _MOST * whole:
        return ()
    return tuple(
        Found("^" + escaped(line).replace("0", r"\d+") + "$", "same text", hits, len(samples))
        for line, hits in common[:_MAX_LINES]
    )


def _folded_lines(body: str) -> Iterator[str]:
    for line in body.splitlines():
        text = " ".join(line.split())
        if 1 < len(text) <= 80:
            yield re.sub(r"\d+", "0", text)


def volatile_selectors(first: ParsedPage, second: ParsedPage) -> tuple[Found[str], ...]:
    """CSS selectors of the elements whose text differs although the page was fetched twice in a row."""
    if first.root is None or second.root is None:
        return ()
    before, after = dict(_texts(first.root)), dict(_texts(second.root))
    nodes = dict(_leaves(second.root))
    changed = [path for path, text in after.items() if path in before and before[path] != text]
    selectors = Counter(selector for path in changed if (selector := _selector(nodes[path])))
    return tuple(Found(name, "differs on two fetches of one page") for name, _ in selectors.most_common(_MAX_SELECTORS))


def _leaves(root: Any) -> Iterator[tuple[str, Any]]:
    tree = root.getroottree()
    for node in root.iter():
        if isinstance(node.tag, str) and node.tag not in _SKIP and any((text or "").strip() for text in node.xpath("./text()")):
            yield tree.getpath(node), node


def _texts(root: Any) -> Iterator[tuple[str, str]]:
    for path, node in _leaves(root):
        yield path, " ".join(" ".join(node.xpath("./text()")).split())


def _selector(node: Any) -> str | None:
    """The nearest id or class, from the element outwards, that names no more than a small part of the page."""
    everything = len(" ".join(node.getroottree().getroot().itertext()))
    for element in (node, *node.iterancestors()):
        if element.tag in {"body", "html", "main", "article"} or len(" ".join(element.itertext())) > max(200, everything // 10):
            return None
        if _NAME.match(element.get("id") or ""):
            return f"#{element.get('id')}"
        name = next((word for word in (element.get("class") or "").split() if _NAME.match(word)), None)
        if name:
            return f".{name}"
    return None
