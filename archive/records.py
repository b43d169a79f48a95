"""Values that cross the layers: frozen, without behaviour beyond turning into JSON and back.

Field names of `Article` are schema.org's NewsArticle as zyte-common-items spells them; a `...Raw` twin keeps the
string as the page printed it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Role = Literal["article", "hub", "document", "image", "style", "robots"]
Origin = Literal["crawl", "import", "backfill"]
Fidelity = Literal["wire", "reconstructed"]
Truncated = Literal["disconnect", "length", "time"]
LinkKind = Literal["related", "citation", "foreign_press", "body", "attachment", "translation"]
BlockKind = Literal["paragraph", "heading", "list", "table", "quote"]
PageKind = Literal["page", "blocked", "soft404", "login", "cookie_wall", "maintenance", "not_html"]
VisitOutcome = Literal[
    "content",  # an answer with a reading (or one known by its payload)
    "not_modified",  # 304: the server's word that nothing changed
    "redirect",  # the chain ended on another page of the portal
    "missing",  # 404
    "gone",  # 410
    "soft404",  # 200, but the page says that it does not exist
    "redirect_home",  # the chain ended on the home page or another shared destination
    "blocked",  # block page, captcha, cookie wall, login, maintenance
    "error",  # other 4xx/5xx
    "no_answer",  # timeout, DNS, connection refused, TLS failure
    "robots",  # not asked: robots.txt
]


@dataclass(frozen=True, slots=True)
class TlsInfo:
    """What the TLS handshake showed: negotiated version and cipher, and the chain as DER certificates, leaf first."""

    version: str
    cipher: str
    chain: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, byte for byte as they went over the wire (or as near as `fidelity` says)."""

    url: str  # no fragment
    at: datetime  # aware UTC: when the request was sent (WARC-Date)
    request: bytes  # request line, headers, body
    response: bytes  # status line, headers, framed body
    fidelity: Fidelity = "wire"
    ip: str | None = None
    protocol: str = "http/1.1"
    truncated: Truncated | None = None
    tls: TlsInfo | None = None


@dataclass(frozen=True, slots=True)
class Discovery:
    """How a URL was found: by whom (home, section, feed, sitemap, link, recheck, redirect, manual) and where."""

    via: str
    source: str | None = None  # URL of the page that named it


@dataclass(frozen=True, slots=True)
class Sighting:
    """A listing, feed or sitemap showed a page: where on it (0 first), under which title and stated date."""

    url: str
    position: int
    section: str | None = None
    title: str | None = None
    stated_date: str | None = None  # as written, or ISO where the format is a standard one (feed, sitemap)


@dataclass(frozen=True, slots=True)
class RelatedLink:
    """A link an article carries, with its kind. `date` is ISO where it could be read, else as written."""

    kind: LinkKind
    url: str | None  # absolute; None where the text names a source without a link
    title: str | None = None
    outlet: str | None = None
    date: str | None = None
    lang: str | None = None
    lead: str | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """An image of the article's body with its caption."""

    url: str
    caption: str | None = None
    alt: str | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """Words in quotation marks, with their speaker where the text names one."""

    text: str
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One part of the body in reading order. A table's rows are lines, its cells divided by tabs; a list's items lines."""

    kind: BlockKind
    text: str
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Aside:
    """A part of the page kept apart from the body and compared apart: related, foreign_press, change_note, ..."""

    kind: str
    heading: str | None
    text: str
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date the page states: ISO value (a date, or an instant with offset), as written, where, and how sure (0..1)."""

    value: str
    raw: str
    source: str  # json-ld, meta, time, dateline, text, url, feed, guess
    confidence: float


@dataclass(frozen=True, slots=True)
class Dateline:
    """The place and date that open a news text: "Baku, 26 November 2018 -"."""

    place: str | None
    date: str | None  # ISO date


@dataclass(frozen=True, slots=True)
class Article:
    """What a page says, read out of one payload."""

    url: str
    headline: str | None = None
    description: str | None = None
    articleBody: str = ""  # plain text, paragraphs divided by blank lines
    blocks: tuple[Block, ...] = ()
    datePublished: StatedDate | None = None
    dateModified: StatedDate | None = None
    authors: tuple[str, ...] = ()
    inLanguage: str | None = None  # BCP 47, lower case primary tag: az, en, ru
    breadcrumbs: tuple[str, ...] = ()
    articleSection: str | None = None
    dateline: Dateline | None = None
    links: tuple[RelatedLink, ...] = ()
    images: tuple[Image, ...] = ()
    quotes: tuple[Quote, ...] = ()
    asides: tuple[Aside, ...] = ()
    publisherNote: str | None = None  # the publisher's own change or correction note
    canonicalUrl: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """An Article read from a payload by a named extractor under a named set of rules."""

    article: Article
    kind: PageKind
    rules: str  # digest of the portal's reading rules and the extractor's version
    extractor: str  # "onrecord 0.1.0, trafilatura 2.3.1"
    textprint: str  # digests.textprint(article): equal = no word, field, link or image changed
    warnings: tuple[str, ...] = ()
    outlinks: tuple[str, ...] = ()  # absolute http(s) addresses on the page, for discovery; not kept
    styles: tuple[str, ...] = ()  # of its style sheets, for replay; not kept
    logos: tuple[str, ...] = ()  # of the pictures in its head, for replay; not kept


@dataclass(frozen=True, slots=True)
class Visit:
    """One look at a page: a chain of 0..n exchanges (redirect hops) and its outcome."""

    url: str  # as asked
    role: Role
    at: datetime  # aware UTC
    outcome: VisitOutcome
    exchanges: tuple[Exchange, ...] = ()
    discovery: Discovery | None = None
    reading: Reading | None = None  # None: the payload is known, or the page is not an article
    sightings: tuple[Sighting, ...] = ()  # of a hub
    error: str | None = None  # why there was no answer
    origin: Origin = "crawl"
    variant: str = ""
    identity: str | None = None  # replaces the urlkey as the page's name where the portal defines one
    basis: Literal["read", "same_bytes", "same_text", "not_modified", "none"] = "none"
    final_url: str | None = None  # where a redirect chain ended
    requisite_of: str | None = None  # the article for whose sake an image or document was asked


@dataclass(frozen=True, slots=True)
class Locator:
    """Where a WARC record lies: file name, offset and length of its gzip member, and that member's sha256."""

    warc: str
    offset: int
    length: int
    sha256: str


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a crawl did, in the words of `crawl --json`."""

    run: str
    portal: str
    visits: int = 0
    new: int = 0
    changed: int = 0
    suspected_gone: int = 0
    errors: int = 0
    bytes: int = 0
    seconds: float = 0.0
    healthy: bool = True
    reasons: tuple[str, ...] = field(default_factory=tuple)
    warnings: tuple[str, ...] = ()  # what went wrong afterwards and makes no capture worse: no time stamp
