"""One article as the portal's editors hold it, before it becomes HTML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

ParagraphKind = Literal["text", "heading", "quote", "list"]
Stated = Literal["jsonld", "meta", "dateline"]  # where a page states its dates; a bare dateline has no modified date


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere: a path of the portal or an absolute address."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; its sentences joined by blanks, a list's items apart. `link` stands at its end."""

    kind: ParagraphKind
    sentences: tuple[str, ...]
    link: Link | None = None

    @property
    def text(self) -> str:
        """The words of the paragraph without its link."""
        return " ".join(self.sentences)


@dataclass(frozen=True, slots=True)
class PressItem:
    """A foreign newspaper's article, shown beside the portal's own."""

    headline: str
    day: date
    outlet: str
    lead: str
    url: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An image inside the article."""

    path: str
    caption: str


@dataclass(frozen=True, slots=True)
class Story:
    """An article: what it says and what stands beside it. `path` is its address."""

    number: int
    lang: str
    section: str
    topic: str
    headline: str
    place: str
    paragraphs: tuple[Paragraph, ...]
    published: datetime
    stated: Stated
    modified: datetime | None
    authors: tuple[str, ...]
    speaker: str
    picture: Picture | None
    annex: str | None  # path of a PDF
    related: tuple[Link, ...]
    other_language: tuple[Link, ...]
    press: tuple[PressItem, ...]
    translations: tuple[tuple[str, str], ...]  # language, path
    plain_dateline: bool  # the dateline is a paragraph of its own
    markup: int = 0  # how often the page was typeset anew without a change of its words

    @property
    def path(self) -> str:
        """Where the portal serves it."""
        return f"/{self.lang}/{self.section}/view/{self.number}"

    @property
    def words(self) -> int:
        """How many words the body has."""
        return sum(len(paragraph.text.split()) for paragraph in self.paragraphs)

    @property
    def teaser(self) -> str:
        """The sentence listings and feeds show."""
        return self.paragraphs[0].sentences[0]
