"""Which part of the page is the article's own text? trafilatura's precision mode, on a tree that is already parsed."""

from __future__ import annotations

import logging
import re
from copy import copy

from lxml.etree import XPath, _Element
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document, Extractor

# trafilatura reports every page without text as an error; here that is an answer.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


_BLOCKS = ("p", "div", "h1", "h2", "h3", "h4", "ul", "ol", "blockquote", "center")
_OF_IMAGES = re.compile(r"caption|figure|image|img|photo|picture|gallery|thumb|media", re.IGNORECASE)
_RUNNING_TEXT = 120  # characters from which a paragraph says more than what a picture shows
_ENOUGH = 250  # characters below which trafilatura asks the others in any case (MIN_EXTRACTED_SIZE)
# What makes it ask them because its answer looks unclean (its SANITIZED_XPATH).
_UNCLEAN = (
    "aside", "audio", "button", "fencedframe", "fieldset", "figure", "footer", "iframe", "input", "label", "link", "nav",
    "noindex", "noscript", "object", "option", "select", "source", "svg", "time",
)  # fmt: skip
MANY_TEXTS = 5000  # pieces of text on a page above which the others are not asked; the richest of 202 real pages has 1,817
_TEXTS = XPath("count(//text()[normalize-space()])")
_PLACE = "onrecord-place"  # an element of ours, where another was
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


def keep_long_captions(tree: HtmlElement) -> None:
    """Unname paragraphs that are called a caption but are running text, in place: trafilatura drops what bears that name."""
    for element in tree.iter("p"):
        parent = element.getparent()
        named = f"{element.get('class') or ''} {element.get('id') or ''}"
        if parent is None or parent.tag == "figure" or "caption" not in named.lower():
            continue
        around = f"{parent.get('class') or ''} {parent.get('id') or ''}"
        if not _OF_IMAGES.search(around) and len("".join(element.itertext())) >= _RUNNING_TEXT:
            element.attrib.pop("class", None)
            element.attrib.pop("id", None)


def body_element(tree: HtmlElement, url: str, words: int) -> tuple[_Element | None, bool]:
    """The body as trafilatura's simplified markup (p, head, list/item, table/row/cell, quote, code); None if it has none. And
    whether all was done to find it: the other readers' time grows with the square of a page's lines, hidden ones too.

    `words` counts the page's visible characters outside links. trafilatura weighs its answer against two other readers at
    three times its own cost; it is spared that where they could not win by its own rules (`compare_extraction`)."""
    found = _extracted(_without_navigation(tree), url, fast=True)
    if found is not None and _stands(found, words):
        return found, True
    bounded = int(_TEXTS(tree)) <= MANY_TEXTS
    return _extracted(tree, url, fast=not bounded), bounded


def _without_navigation(tree: HtmlElement) -> HtmlElement:
    """A copy without what the mark-up itself calls navigation: half of a page's elements, none of its text. What is left out
    is taken out of the tree for as long as the copy takes, for copying it would take longer than all the rest."""
    taken: list[tuple[_Element, _Element]] = []
    for element in list(tree.iter("nav", "footer")):
        parent = element.getparent()
        if parent is not None and not any(node.tag in ("nav", "footer") for node in element.iterancestors()):
            place = tree.makeelement(_PLACE)
            parent.replace(element, place)
            element.tail, place.tail = None, element.tail
            taken.append((element, place))
    clone = copy(tree)
    for element, place in taken:
        parent = place.getparent()
        if parent is not None:
            parent.replace(place, element)
            place.tail, element.tail = None, place.tail
    for place in list(clone.iter(_PLACE)):
        place.drop_tree()
    return clone


_OPTIONS = Extractor(precision=True, comments=False, tables=True, links=False)  # made once: it reads a file of settings


def _extracted(tree: HtmlElement, url: str, *, fast: bool) -> _Element | None:
    options = copy(_OPTIONS)
    options.url, options.fast = url, fast
    document = bare_extraction(tree, url=url, options=options)
    return document.body if isinstance(document, Document) else None


def _stands(body: _Element, words: int) -> bool:
    """Whether no other reader may replace this body: none can find twice its text, and it is in paragraphs and clean."""
    length = len(" ".join("".join(body.itertext()).split()))
    paragraphs = sum(1 for _ in body.iter("p"))
    return (
        length >= _ENOUGH
        and words <= 2 * length
        and 0 < paragraphs >= sum(1 for _ in body.iter("table"))
        and next(body.iter(*_UNCLEAN), None) is None
    )
