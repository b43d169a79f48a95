"""A portal is data: the validated form of a portal file. Reading and writing the file is `portal_file`'s work."""

from __future__ import annotations

import hashlib
import re
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, Any, Literal
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cssselect import HTMLTranslator, SelectorError
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

from archive.urls import canonical_url

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}


def parse_duration(value: Any) -> timedelta:
    """ "5s", "10m", "14d", "1500ms" or a number of seconds, as a timedelta; ValueError otherwise."""
    if isinstance(value, timedelta):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return timedelta(seconds=value)
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d)\s*", str(value))
    if match is None:
        raise ValueError(f"not a duration: {value!r}; write 5s, 10m, 2h or 14d")
    return timedelta(seconds=float(match[1]) * _UNITS[match[2]])


def _regex(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return value


def _selector(value: str) -> str:
    try:
        HTMLTranslator().css_to_xpath(value)
    except SelectorError as error:
        raise ValueError(f"not a CSS selector: {error}") from error
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"no such time zone: {value!r}; write a name of the tz database, such as Asia/Baku") from error
    return value


def _date_format(value: str) -> str:
    from crawler.extraction.date_formats import compiled

    compiled(value, ())
    return value


Duration = Annotated[timedelta, BeforeValidator(parse_duration), PlainSerializer(timedelta.total_seconds, return_type=float)]
Regex = Annotated[str, AfterValidator(_regex)]
Css = Annotated[str, AfterValidator(_selector)]
Zone = Annotated[str, AfterValidator(_zone)]
DateFormat = Annotated[str, AfterValidator(_date_format)]
DatePlace = Literal["json-ld", "meta", "time", "dateline", "selector", "text", "url"]
ItemField = Literal["headline", "date", "outlet", "lead"]


class Part(BaseModel):
    """Base of all tables of a portal file: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RobotsRule(Part):
    """An override of robots.txt needs its reason, which is recorded."""

    obey: bool = True
    reason: str | None = None

    @model_validator(mode="after")
    def _reason_given(self) -> RobotsRule:
        if not self.obey and not (self.reason or "").strip():
            raise ValueError('robots = { obey = false } needs a reason = "...", which is recorded')
        return self


class About(Part):
    """[portal]: what and where it is."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
    name: str
    home: Annotated[str, Field(pattern=r"^https?://")]
    languages: tuple[str, ...] = ()
    timezone: Zone = "UTC"
    family: str | None = None
    spider: str | None = None
    robots: RobotsRule = RobotsRule()


class Politeness(Part):
    """[politeness]: never faster than robots.txt says; a delay of 0 only on private addresses with allow_private."""

    delay: Duration = timedelta(seconds=1)
    concurrency: Annotated[int, Field(ge=1, le=32)] = 1
    requests_per_day: Annotated[int, Field(ge=1)] = 2000
    quiet_hours: Annotated[str, Field(pattern=r"^\d\d:\d\d-\d\d:\d\d$")] | None = None


class Discover(Part):
    """[discover]: feeds and sitemaps, absolute or relative to home."""

    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


class Paginate(Part):
    """How a listing goes on: a CSS selector of the "next" link, or a query parameter counted up from `start`.

    With neither, the listing itself is asked: rel=next, a "next" link, a numbered pager.
    """

    next: Css | None = None
    param: str | None = None
    start: int = 1
    max_pages: Annotated[int, Field(ge=1)] = 3  # looked at by each crawl once the section is known
    backfill_pages: Annotated[int, Field(ge=1)] = 200  # by the first crawl


class Section(Part):
    """[[section]]: a part of the portal with its own listing."""

    name: str
    url: str
    path: tuple[str, ...] = ()
    paginate: Paginate | None = None
    weight: Annotated[float, Field(gt=0)] = 1.0


class Articles(Part):
    """[articles]: which addresses are articles (a regular expression on path and query), and what identifies one."""

    url: Regex | None = None
    identity: tuple[str, ...] = ()  # named groups of `url`; empty: the canonical URL
    exclude: tuple[Regex, ...] = ()

    @model_validator(mode="after")
    def _groups_exist(self) -> Articles:
        missing = [name for name in self.identity if name not in re.compile(self.url or "").groupindex]
        if missing:
            raise ValueError(f"identity names {', '.join(missing)}, which is no named group (?P<name>…) of articles.url")
        return self


class BodyRule(Part):
    """Which container holds the body, and what to cut out of it first."""

    selector: Css | None = None
    prune: tuple[Css, ...] = ()


class PublishedRule(Part):
    """Where the publication date stands and how it is written."""

    sources: Annotated[tuple[DatePlace, ...], Field(alias="from")] = ()  # in the order they are believed; empty: built in
    selector: Css | None = None
    dateline: Regex | None = None
    formats: tuple[DateFormat, ...] = ()  # CLDR patterns: "D MMMM YYYY"
    locales: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _named_in_from(self) -> PublishedRule:
        for name in ("selector", "dateline"):
            if getattr(self, name) and self.sources and name not in self.sources:
                raise ValueError(f"{name} is given, but from = {list(self.sources)} does not name it")
        if self.dateline and "date" not in re.compile(self.dateline).groupindex:
            raise ValueError("dateline has no group (?P<date>…)")
        return self


class BreadcrumbRule(Part):
    """Where the breadcrumb stands: a selector, or the text after some words, split by a mark."""

    selector: Css | None = None
    text_after: str | None = None
    split: str | None = None


class Heading(Part):
    """A block known by its language rather than by its words; with `any` it needs no heading."""

    lang: str
    any: bool = False


class BlockItem(Part):
    """The order of the parts of one item of a block, a line each; a date may share its line with another part."""

    fields: tuple[ItemField, ...] = ()

    @model_validator(mode="after")
    def _headline_named(self) -> BlockItem:
        if self.fields and (self.fields.count("headline") != 1 or len(set(self.fields)) != len(self.fields)):
            raise ValueError("fields names headline once, and each other part once at most")
        return self


class BlockRule(Part):
    """[[layout.block]]: a part of the page kept apart from the body and compared apart."""

    kind: Literal["related", "foreign_press", "citation", "attachment", "translation", "change_note", "other"]
    heading: str | Heading | None = None
    selector: Css | None = None
    item: BlockItem = BlockItem()

    @model_validator(mode="after")
    def _known_by_something(self) -> BlockRule:
        if self.heading is None and self.selector is None:
            raise ValueError("a block is known by its heading or its selector: give one of them")
        return self


class Layout(Part):
    """[[layout]]: how to read the portal's pages, until a date; old captures keep the layout of their day."""

    valid_until: date | None = None
    title: Css | None = None
    body: BodyRule = BodyRule()
    published: PublishedRule = PublishedRule()
    breadcrumb: BreadcrumbRule = BreadcrumbRule()
    citations: Regex | None = None
    boilerplate: tuple[str, ...] = ()  # lines of most of its pages (`portal learn`): no article's own words
    block: tuple[BlockRule, ...] = ()


class NoiseRule(Part):
    """[noise]: furniture. A change in a line (a regular expression) is muted; what a selector finds is not read at all."""

    lines: tuple[Regex, ...] = ()
    selectors: tuple[Css, ...] = ()


class Confirm(Part):
    """When a missing page counts as gone: so many visits over so long a time; some statuses sooner."""

    statuses: tuple[int, ...] = (404,)  # that mean a page is missing; 404 and 410 always do
    visits: Annotated[int, Field(ge=1)] = 3
    over: Duration = timedelta(days=14)
    at_once: tuple[Literal[404, 410], ...] = (410,)  # confirmed by `at_once_visits` visits over `at_once_over`
    at_once_visits: Annotated[int, Field(ge=1)] = 2
    at_once_over: Duration = timedelta(days=1)


class Gone(Part):
    """[gone]."""

    confirm: Confirm = Confirm()


class Health(Part):
    """[health]: below these a crawl ends unhealthy (exit 4)."""

    min_ok: Annotated[float, Field(ge=0, le=1)] = 0.9
    min_articles: Annotated[int, Field(ge=0)] = 0


class Portal(Part):
    """A whole portal file. `portal.about.id` is its slug; URLs inside may be relative to `about.home`."""

    schema_: Annotated[Literal[1], Field(alias="schema")] = 1
    about: Annotated[About, Field(alias="portal")]
    politeness: Politeness = Politeness()
    discover: Discover = Discover()
    section: tuple[Section, ...] = ()
    articles: Articles = Articles()
    layout: tuple[Layout, ...] = (Layout(),)
    noise: NoiseRule = NoiseRule()
    gone: Gone = Gone()
    health: Health = Health()

    @model_validator(mode="after")
    def _sections_named_once(self) -> Portal:
        names = [item.name.casefold() for item in self.section]
        twice = next((item.name for item in self.section if names.count(item.name.casefold()) > 1), None)
        if twice is not None:
            raise ValueError(f"two sections are named {twice!r}; a section is known by its name")
        return self

    @model_validator(mode="after")
    def _one_open_layout(self) -> Portal:
        if (
            not self.layout
            or self.layout[-1].valid_until is not None
            or any(layout.valid_until is None for layout in self.layout[:-1])
        ):
            raise ValueError("the last [[layout]], and only the last, has no valid_until")
        return self

    @cached_property
    def hosts(self) -> frozenset[str]:
        """Lower-case host names (with port where one is given) of home and sections, each with and without www."""
        named = [self.about.home, *(item.url for item in self.section)]
        found = {parts[0] for url in named if (parts := _split(self.absolute(url))) is not None}
        return frozenset(found | {f"www.{host}" for host in found} | {host.removeprefix("www.") for host in found})

    @cached_property
    def _elsewhere(self) -> frozenset[str]:
        """Hosts that only feeds and sitemaps of the portal live on."""
        named = (self.absolute(url) for url in (*self.discover.feeds, *self.discover.sitemaps))
        return frozenset(parts[0] for url in named if (parts := _split(url)) is not None) - self.hosts

    def absolute(self, url: str) -> str:
        """An address of the file, which may be relative, against the home page."""
        return urljoin(self.about.home, url)

    def covers(self, url: str) -> bool:
        """Whether the address is http(s) on one of the portal's hosts, or a feed or sitemap of it kept elsewhere."""
        parts = _split(url)
        if parts is None:
            return False
        return parts[0] in self.hosts or (parts[0] in self._elsewhere and self._names_hub(url, parts[1]))

    def _names_hub(self, url: str, path: str) -> bool:
        declared = {canonical_url(self.absolute(item)) for item in (*self.discover.feeds, *self.discover.sitemaps)}
        return canonical_url(url) in declared or path.lower().endswith((".xml", ".xml.gz"))

    def is_article(self, url: str) -> bool | None:
        """Whether [articles] calls this address an article; None where the file does not say (no [articles].url)."""
        parts = _split(url)
        if parts is None or parts[0] not in self.hosts or any(re.search(rule, parts[1]) for rule in self.articles.exclude):
            return False
        return None if self.articles.url is None else re.search(self.articles.url, parts[1]) is not None

    def identity_of(self, url: str) -> str | None:
        """What names the page when its slug changes: the groups of [articles].identity, "lang=en&id=12"; else None."""
        parts = _split(url)
        match = re.search(self.articles.url, parts[1]) if parts and self.articles.url and self.articles.identity else None
        values = [(name, match[name]) for name in self.articles.identity] if match else []
        return "&".join(f"{name}={value}" for name, value in values) if values and all(v for _, v in values) else None

    def layout_at(self, day: date) -> Layout:
        """The layout in force on the day of a capture."""
        return next(item for item in self.layout if item.valid_until is None or day <= item.valid_until)

    def rules_digest(self, extractor: str) -> str:
        """Name the reading rules and the extractor: sha256 (hex); politeness and noise in lines are not part of it."""
        about = {"home", "languages", "timezone"}
        parts = self.model_dump_json(include={"layout": True, "articles": True, "about": about, "noise": {"selectors"}})
        return hashlib.sha256(f"{extractor}\n{parts}".encode()).hexdigest()


def path_and_query(url: str) -> str:
    """What the rules of [articles] are matched against: path and query of the canonical address, arguments sorted."""
    parts = _split(url)
    return parts[1] if parts is not None else "/"


def _split(url: str) -> tuple[str, str] | None:
    """(host with port, path with query) of the canonical form of an http(s) address; None for everything else."""
    try:
        parts = urlsplit(canonical_url(url))
    except ValueError:  # no http(s), no host, "http://[broken"
        return None
    return parts.netloc.rpartition("@")[2], parts.path + (f"?{parts.query}" if parts.query else "")
