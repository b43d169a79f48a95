"""Which part of the page is the article's own text? trafilatura's precision mode, on a tree that is already parsed."""

from __future__ import annotations

import logging

from lxml.etree import _Element
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Extractor

# trafilatura reports every page without text as an error; here that is an answer.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


_BLOCKS = ("p", "div", "h1", "h2", "h3", "h4", "ul", "ol", "blockquote", "center")
_MANY = 3  # blocks in one cell from which a table is a frame for a page and not a table


def open_layout_tables(tree: HtmlElement) -> None:
    """Turn tables that only place the parts of a page into plain containers, in place: old pages stand in tables whole."""
    for table in list(tree.iter("table")):
        cells = [cell for cell in table.iter("td", "th") if next(cell.iterancestors("table"), None) is table]
        if any(cell.find(".//table") is not None or sum(1 for _ in cell.iterchildren(*_BLOCKS)) >= _MANY for cell in cells):
            rows = [
                row for row in table.iter("tbody", "thead", "tfoot", "tr") if next(row.iterancestors("table"), None) is table
            ]
            for element in (table, *rows, *cells):
                element.tag = "div"


def body_element(tree: HtmlElement, url: str) -> _Element | None:
    """The body as trafilatura's simplified markup (p, head, list/item, table/row/cell, quote, code); None if it has none."""
    options = Extractor(precision=True, comments=False, tables=True, links=False, url=url)
    document = bare_extraction(tree, url=url, options=options)
    return document.body if document is not None else None
