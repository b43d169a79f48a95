"""What a document says, whatever it is stored in."""

from __future__ import annotations

from dataclasses import dataclass

from archive.records import StatedDate

MAX_TEXT = 5_000_000  # characters of one document that are read


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a document by paragraphs, and what it says about itself."""

    paragraphs: tuple[str, ...]
    title: str | None = None
    author: str | None = None
    created: StatedDate | None = None
    modified: StatedDate | None = None
    warnings: tuple[str, ...] = ()
