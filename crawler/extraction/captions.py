"""Which words belong to an image and not to the running text? Captions and credits, by the element that holds both."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.etree import _Element

from crawler.extraction.plain_text import text_of

_CAPTION = re.compile(r"caption|legend|bildunterschrift|figure-text|credit|copyright", re.IGNORECASE)
_HOLDER = re.compile(
    r"(?:^|[\s_-])(?:image|img|photo|picture|figure|thumb|thumbnail|foto|bild|media)(?:$|[\s_-])", re.IGNORECASE
)
_NO_CAPTION = ("ul", "ol", "table", "h1", "h2", "h3")  # what holds these is a box of its own
_TEXTUAL = ("p", "td", "li", "article", "section", "main", "body")
MAX_CAPTION = 400  # characters: a longer text beside an image is text


def caption_of(image: _Element, container: _Element | None) -> str | None:
    """The words that go with an image: its figcaption, what its wrapper calls a caption, or all a wrapper named after
    images holds besides it."""
    for node in image.iterancestors():
        if node is container:
            return None
        if node.tag == "figure":
            caption = node.find(".//figcaption")
            return (text_of(caption) or None) if caption is not None else None
        for child in node:
            if _CAPTION.search(child.get("class") or "") and (text := text_of(child)):
                return text
        if _HOLDER.search(f"{node.get('class') or ''} {node.get('id') or ''}"):
            return _alone_with(node)
        if node.tag in _TEXTUAL:
            return None
    return None


def captions_in(container: _Element | None) -> Iterator[str]:
    """The captions of all images of a part of the page."""
    for image in container.iter("img") if container is not None else ():
        if (text := caption_of(image, container)) is not None:
            yield text


def _alone_with(holder: _Element) -> str | None:
    """The text of a wrapper that holds one image and one short text."""
    if sum(1 for _ in holder.iter("img")) != 1 or any(True for _ in holder.iter(*_NO_CAPTION)):
        return None
    text = text_of(holder)
    return text if text and len(text) <= MAX_CAPTION else None
