"""What do office files say? Text, spreadsheets and slides in their zipped XML, by paragraphs and rows, within bounds."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from lxml import etree
from lxml.etree import _Element

from archive.records import StatedDate
from crawler.extraction.document import MAX_TEXT, Document
from crawler.extraction.plain_text import clean

MAX_UNPACKED = 100_000_000  # bytes of the parts that are read
_TEXTS = ("word/document.xml", "content.xml")
_SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
_SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml")
_ABOUT = ("docProps/core.xml", "meta.xml")
# What stands in a paragraph and is not its text: what was struck out, codes of fields, remarks in the margin.
_UNSAID = frozenset({"delText", "instrText", "annotation", "tracked-changes", "note-citation"})
_SPACES = frozenset({"tab", "br", "cr", "s", "line-break", "noBreakHyphen"})


def read_office(body: bytes) -> Document:
    """docx, odt, ods, odp, xlsx, pptx. Never raises: what cannot be read is a document without text and a warning."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as bundle:
            return _read(bundle)
    except (zipfile.BadZipFile, etree.XMLSyntaxError, RuntimeError, OSError, ValueError, NotImplementedError) as error:
        return Document((), warnings=(f"document: the file is damaged ({type(error).__name__})",))


def _read(bundle: zipfile.ZipFile) -> Document:
    names = bundle.namelist()
    texts = [name for name in _TEXTS if name in names]
    sheets, slides = (_numbered(pattern, names) for pattern in (_SHEET, _SLIDE))
    strings = [name for name in ("xl/sharedStrings.xml",) if name in names]
    about = [name for name in _ABOUT if name in names]
    if not (texts or sheets or slides):
        return Document((), warnings=("document: an archive without text",))
    if sum(bundle.getinfo(name).file_size for name in (*texts, *sheets, *slides, *strings, *about)) > MAX_UNPACKED:
        return Document((), warnings=("document: unpacks to more than is read",))
    shared = [line for name in strings for line in _strings(bundle.read(name))]
    paragraphs: list[str] = []
    size = 0
    for name in (*texts, *slides, *sheets):
        xml = bundle.read(name)
        for line in _rows(xml, shared) if name in sheets else _paragraphs(xml):
            size += len(line)
            if size > MAX_TEXT:
                return Document(tuple(paragraphs), warnings=(f"document: only the first {MAX_TEXT:,} characters were read",))
            paragraphs.append(line)
    said = _about(bundle.read(about[0])) if about else {}
    return Document(
        tuple(paragraphs),
        said.get("title"),
        said.get("creator") or said.get("initial-creator"),
        _iso(said.get("created") or said.get("creation-date")),
        _iso(said.get("modified") or said.get("date")),
    )


def _numbered(pattern: re.Pattern[str], names: list[str]) -> list[str]:
    """Parts in the order of their numbers: sheet2 before sheet10."""
    found = [(int(match[1]), name) for name in names if (match := pattern.fullmatch(name))]
    return [name for _, name in sorted(found)]


def _elements(xml: bytes, events: tuple[str, ...] = ("end",)) -> etree.iterparse:
    return etree.iterparse(
        io.BytesIO(xml), events=events, resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )


def _name(element: _Element) -> str:
    return str(element.tag).rsplit("}", 1)[-1]


def _paragraphs(xml: bytes) -> Iterator[str]:
    unsaid = 0  # open elements that are not text
    for event, element in _elements(xml, ("start", "end")):
        name = _name(element)
        if name in _UNSAID:
            unsaid += 1 if event == "start" else -1
        elif event == "start" or name not in ("p", "h"):
            continue
        elif not unsaid and (line := _text(element)):
            yield line
        if event == "end":
            element.clear(keep_tail=True)


def _strings(xml: bytes) -> Iterator[str]:
    for _, element in _elements(xml):
        if _name(element) == "si":
            yield _text(element)
            element.clear()


def _rows(xml: bytes, shared: list[str]) -> Iterator[str]:
    """The rows of a sheet, cells divided by tabs, each with the value that is shown or was last computed."""
    for _, element in _elements(xml):
        if _name(element) != "row":
            continue
        cells = [_cell(cell, shared) for cell in element if _name(cell) == "c"]
        if any(cells):
            yield "\t".join(cells).rstrip("\t")
        element.clear()


def _cell(cell: _Element, shared: list[str]) -> str:
    parts = {_name(child): child for child in cell}
    if (value := parts.get("v")) is not None:
        text = clean(value.text)
        if cell.get("t") == "s":
            return shared[int(text)] if text.isdecimal() and int(text) < len(shared) else ""
        return text
    return _text(parts["is"]) if "is" in parts else ""


def _text(element: _Element) -> str:
    """The words of a paragraph; a tab or a break divides them."""
    parts: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            parts.append(" " if _name(node) in _SPACES else node.text or "")
        elif node is not element:
            parts.append(node.tail or "")
    return clean("".join(parts))


def _about(xml: bytes) -> dict[str, str]:
    return {_name(element): clean(element.text) for _, element in _elements(xml) if clean(element.text)}


def _iso(value: str | None) -> StatedDate | None:
    return StatedDate(value[:10], value, "meta", 0.6) if value and re.match(r"\d{4}-\d\d-\d\d", value) else None
