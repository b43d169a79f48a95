"""What are the body's blocks, in reading order? trafilatura's simplified markup in, our blocks out; no text is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.etree import _Element

from archive.records import Block, BlockKind
from crawler.extraction.plain_text import clean

_KINDS: dict[str, BlockKind] = {"head": "heading", "quote": "quote", "list": "list", "table": "table"}
# Markdown that its site failed to turn into an image: no words of the publisher, and mended without a word changed.
_UNRENDERED_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_BREAKS = frozenset({"p", "item", "lb", "list", "table", "row", "quote", "code", "head", "div"})


def blocks_of(body: _Element | None) -> tuple[Block, ...]:
    """Paragraphs, headings, lists, tables and quotes of a body element; the text between them counts as paragraphs."""
    found = _walk(body) if body is not None else ()
    return tuple(block for block in found if not _UNRENDERED_IMAGE.fullmatch(block.text))


def _walk(body: _Element) -> Iterator[Block]:
    yield from _paragraphs(body.text)
    for element in body:
        kind = _KINDS.get(str(element.tag), "paragraph")
        if kind == "table":
            rows = [[_line(cell) for cell in row.iter("cell", "td", "th")] for row in element.iter("row", "tr")]
            text = "\n".join("\t".join(row) for row in rows if any(row))
            yield from [Block(kind, text)] if text else _paragraphs("".join(element.itertext()))
        elif kind == "list" or kind == "quote":
            text = "\n".join(line for line in _lines(element))
            yield from [Block(kind, text)] if text else []
        elif kind == "heading":
            yield from [Block(kind, text)] if (text := _line(element)) else []
        else:
            yield from (Block(kind, line) for line in _lines(element))
        yield from _paragraphs(element.tail)


def _paragraphs(text: str | None) -> Iterator[Block]:
    if text and (line := clean(text)):
        yield Block("paragraph", line)


def _line(element: _Element) -> str:
    return " ".join(_lines(element))


def _lines(element: _Element) -> list[str]:
    """The text of an element, one entry a line: a line break or a block inside ends a line."""
    lines: list[str] = []
    parts: list[str] = []

    def end_line() -> None:
        if line := clean("".join(parts)):
            lines.append(line)
        parts.clear()

    def walk(node: _Element) -> None:
        if node.text:
            parts.append(node.text)
        for child in node:
            breaks = child.tag in _BREAKS
            if breaks:
                end_line()
            walk(child)
            if breaks:
                end_line()
            if child.tail:
                parts.append(child.tail)

    walk(element)
    end_line()
    return lines
