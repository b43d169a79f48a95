"""Which text stands in no paragraph? Given one, so that the body's search sees it.

`<p><div class=image>…</div> The minister said …</p>` is read by every HTML parser as an empty paragraph, the image, and
text that stands bare in their container (HTML Living Standard, 13.2.6.4.7: a div start tag closes an open p). The
extractor looks for paragraphs and loses such text, or cuts it at every link and emphasis.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element
from lxml.html import HtmlElement

_CONTAINERS = ("div", "article", "section", "main", "td")
_INLINE = {"a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "dfn", "em", "font", "i", "kbd", "mark", "q", "s", "samp"}
_INLINE |= {"small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"}
_BLOCKS = frozenset(
    ("p", "div", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "figure", "pre", "section")
)
MIN_TEXT = 20  # characters outside links: less is a label or a separator


def give_paragraphs(tree: HtmlElement) -> None:
    """Put runs of bare text and inline elements that stand beside paragraphs into paragraphs of their own, in place.

    A container without paragraphs, or one that divides its text by line breaks, is left as it is: there bare text is the
    rule, and the extractor knows that form.
    """
    for container in list(tree.iter(*_CONTAINERS)):
        tags = {child.tag for child in container}
        if "p" in tags and "br" not in tags and _has_bare_text(container):
            for run in list(_runs(container)):
                _wrap(container, *run)


def _has_bare_text(container: _Element) -> bool:
    return any(len((child.tail or "").strip()) >= 2 for child in container) or len((container.text or "").strip()) >= 2


def _runs(container: _Element) -> Iterator[tuple[_Element | None, list[_Element]]]:
    """(the block before, inline elements) of each run with enough text of its own."""
    before: _Element | None = None
    inline: list[_Element] = []
    bare = len((container.text or "").strip())
    for child in container:
        if child.tag in _INLINE and not any(inner.tag in _BLOCKS for inner in child.iter()):
            inline.append(child)
            bare += (0 if child.tag == "a" else len((child.text or "").strip())) + len((child.tail or "").strip())
            continue
        if bare >= MIN_TEXT:
            yield before, inline
        before, inline, bare = child, [], len((child.tail or "").strip())
    if bare >= MIN_TEXT:
        yield before, inline


def _wrap(container: _Element, before: _Element | None, inline: list[_Element]) -> None:
    paragraph = container.makeelement("p", {})
    if before is None:
        paragraph.text, container.text = container.text, None
        container.insert(0, paragraph)
    else:
        paragraph.text, before.tail = before.tail, None
        before.addnext(paragraph)
    paragraph.extend(inline)
