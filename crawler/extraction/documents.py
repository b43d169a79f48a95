"""What do a PDF, an office file or plain text say? Their words as paragraphs, so that they can be searched and compared."""

from __future__ import annotations

import io
import logging
import re
from typing import Any

from archive.records import StatedDate
from crawler.extraction.decoding import decode, is_binary
from crawler.extraction.document import MAX_TEXT, Document
from crawler.extraction.office import read_office
from crawler.extraction.plain_text import clean

logging.getLogger("pypdf").setLevel(logging.CRITICAL)

MAX_PAGES = 500
_PDF_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)")


def kind_of_document(body: bytes, content_type: str | None) -> str | None:
    """pdf, office, text or binary by the first bytes, whatever the header says; None for HTML and XML."""
    start = body[:1024].lstrip()
    if b"%PDF-" in body[:1024]:
        return "pdf"
    if start.startswith(b"PK\x03\x04"):
        return "office"
    media = (content_type or "").split(";")[0].strip().lower()
    if media == "text/plain" and not start.startswith(b"<"):
        return "text"
    if start.startswith(
        (b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"{\\rtf", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")
    ):
        return "binary"
    if media.startswith(("image/", "audio/", "video/", "font/")) or is_binary(body):
        return "binary"
    return None


def read_document(body: bytes, kind: str, content_type: str | None) -> Document:
    """The document's text; never raises: what cannot be read is a document without text and a warning."""
    if kind == "pdf":
        return _pdf(body)
    if kind == "office":
        return read_office(body)
    if kind == "text":
        decoded = decode(body, content_type)
        parts = re.split(r"\n\s*\n", decoded.text[:MAX_TEXT])
        return Document(tuple(part for part in map(clean, parts) if part), warnings=decoded.warnings)
    return Document((), warnings=("document: not a kind whose text is read",))


def _pdf(body: bytes) -> Document:
    from pypdf import PdfReader  # costs 0.1 s; most portals never need it

    paragraphs: list[str] = []
    warnings: list[str] = []
    try:
        reader = PdfReader(io.BytesIO(body), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            return Document((), warnings=("document: the PDF is encrypted",))
        size = 0
        for number, page in enumerate(reader.pages):
            if number >= MAX_PAGES or size > MAX_TEXT:
                warnings.append(f"document: only the first {number} of {len(reader.pages)} pages were read")
                break
            text = page.extract_text()
            size += len(text)
            paragraphs.extend(_pdf_paragraphs(text))
        about: dict[str, Any] = dict(reader.metadata or {})
    except Exception as error:  # noqa: BLE001 - pypdf raises anything on a broken file; the bytes are kept all the same
        return Document(tuple(paragraphs), warnings=(*warnings, f"document: the PDF is damaged ({type(error).__name__})"))
    if not paragraphs:
        warnings.append("document: the PDF holds no text (scanned?)")
    return Document(
        tuple(paragraphs),
        clean(str(about.get("/Title") or "")) or None,
        clean(str(about.get("/Author") or "")) or None,
        _pdf_date(about.get("/CreationDate")),
        _pdf_date(about.get("/ModDate")),
        tuple(warnings),
    )


def _pdf_paragraphs(text: str) -> list[str]:
    """Lines joined to paragraphs: a blank line, or a short line that ends a sentence, ends one; hyphens at line ends join."""
    paragraphs: list[str] = []
    parts: list[str] = []
    lines = [line.strip() for line in text.split("\n")]
    longest = max((len(line) for line in lines), default=0)
    for line in lines:
        if line:
            if parts and parts[-1].endswith("-") and line[:1].islower():
                parts[-1] = parts[-1][:-1] + line
            else:
                parts.append(line)
        if parts and (not line or (len(line) < 0.75 * longest and line.endswith((".", "!", "?", ":", ";")))):
            paragraphs.append(clean(" ".join(parts)))
            parts = []
    if parts:
        paragraphs.append(clean(" ".join(parts)))
    return [paragraph for paragraph in paragraphs if paragraph]


def _pdf_date(value: object) -> StatedDate | None:
    match = _PDF_DATE.match(str(value or ""))
    return StatedDate(f"{match[1]}-{match[2]}-{match[3]}", str(value), "meta", 0.6) if match else None
