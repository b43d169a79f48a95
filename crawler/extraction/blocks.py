"""What are the body's blocks, in reading order? trafilatura's simplified markup in, our blocks out."""

from __future__ import annotations

from lxml.etree import _Element

from archive.records import Block, BlockKind
from crawler.extraction.plain_text import clean, lines_of

_KINDS: dict[str, BlockKind] = {"head": "heading", "quote": "quote", "code": "paragraph", "p": "paragraph"}


def blocks_of(body: _Element | None) -> tuple[Block, ...]:
    """Paragraphs, headings, lists, tables and quotes of a body element."""
    blocks: list[Block] = []
    for element in body if body is not None else ():
        blocks.extend(_blocks(element))
    return tuple(blocks)


def _blocks(element: _Element) -> list[Block]:
    if element.tag == "list":
        items = [clean(" ".join(item.itertext())) for item in element.iter("item")]
        text = "\n".join(item for item in items if item)
        return [Block("list", text)] if text else []
    if element.tag == "table":
        rows = ("\t".join(clean(" ".join(cell.itertext())) for cell in row.iter("cell")) for row in element.iter("row"))
        text = "\n".join(row for row in rows if row.strip())
        return [Block("table", text)] if text else []
    kind = _KINDS.get(str(element.tag), "paragraph")
    return [Block(kind, line) for line in lines_of(element)]
