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


def body_element(tree: HtmlElement, url: str) -> _Element | None:
    """The body as trafilatura's simplified markup (p, head, list/item, table/row/cell, quote, code); None if it has none."""
    options = Extractor(precision=True, comments=False, tables=True, links=False, url=url)
    document = bare_extraction(tree, url=url, options=options)
    return document.body if document is not None else None
