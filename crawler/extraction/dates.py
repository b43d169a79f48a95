"""When was it published, when changed? Every date carries where it was read and how sure that is; absent is an answer.

Published and updated stay apart. A date of some other thing (a law, an event, a related item, the copyright line) is not
taken: a date in the text counts only beside the headline, after a label, as a dateline or in the address.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from lxml.etree import _Element

from archive.records import StatedDate
from crawler.extraction.date_text import FoundDate, find_dates
from crawler.extraction.outline import Line
from crawler.extraction.plain_text import clean
from crawler.extraction.structured import Structured

_PUBLISHED_META = (
    "article:published_time", "datepublished", "article:published", "og:article:published_time", "og:published_time",
    "published_time", "date_published", "publish-date", "publish_date", "published-date", "publication_date", "pubdate", "pub_date",
    "parsely-pub-date", "sailthru.date", "citation_publication_date", "citation_online_date", "citation_date", "dcterms.issued",
    "dcterms.date.issued", "dc.date.issued", "dcterms.created", "dc.date.created", "dcterms.date", "dc.date", "dc:date", "datecreated",
    "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "article.published", "displaydate", "release_date", "originalpublicationdate",
    "ptime", "rnews:datepublished", "article_date_original", "article:post_date", "date", "timestamp",
)  # fmt: skip
_MODIFIED_META = (
    "article:modified_time", "datemodified", "og:updated_time", "article:modified", "dcterms.modified", "dc.date.modified", "dateupdate",
    "last-modified", "last_modified", "lastmod", "revised", "date.updated", "updated_time", "dcterms.date.modified", "modified",
)  # fmt: skip
# What else than an article is published on a day; a WebPage's date is its template's as often as its own.
_DATED_TYPES = ("Recipe", "VideoObject", "Dataset", "Legislation", "SpecialAnnouncement", "WebPage")
_ISO = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d))?(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?)?")
_MODIFIED_WORDS = re.compile(
    r"updated?\b|modif|last (?:changed|reviewed|edited)|review(?:ed)?\b|aktualisiert|ge[äa]ndert|[äa]nderung|\bstand\b|mis[e]? à jour|"
    r"обновлен|изменен|изменён|güncelle|yenilən|actualizad|aggiornat|ažuriran|تحديث|atnaujint|uppdatera|opdatere|bijgewerkt|zaktualiz",
    re.IGNORECASE,
)
_PUBLISHED_WORDS = re.compile(
    r"publish|posted|issued|released?\b|submitted|created|\bdate\b|veröffentlich|erschienen|erstellt|\bdatum\b|\bvom\b|publié|mis en ligne|"
    r"опубликован|размещен|дата|yayın|tarih|dərc|nəşr|tarix|نشر|تاريخ|publicad|pubblicat|publicerad|publikation|opublikowan|objavljen|"
    r"paskelbt|udgivet|geplaatst|megjelen|közzét|発表|公開|掲載|发布|等록",
    re.IGNORECASE,
)
# The day a text stands at: of many government pages the only day they name.
_AS_OF = re.compile(
    r"\b(?:stand|as (?:of|at)|по состоянию на|état au|situation au|tarixinə olan vəziyyət)\W*(?:vom|am)?\W*$", re.IGNORECASE
)
_NOT_ITS_OWN = re.compile(
    r"(?:©|\(c\)|copyright|all rights.*|alle rechte.*|deadline|born|geboren|since|until|expires?|valid|gültig|bis|effective|law of|gesetz(?:es)? vom|entry into force)\W*(?:(?:on|am|vom|the|seit|since|from|ab)\W*)?$",
    re.IGNORECASE,
)
_DATE_CLASS = re.compile(
    r"date|datum|publish|posted|pubtime|time(?!line|out|r\b)|byline|meta|tarih|fecha|data(?:-|_)?pub|created", re.IGNORECASE
)
_ELSEWHERE = re.compile(
    r"comment|related|sidebar|footer|teaser|recommend|most|popular|latest|next|prev|foreign|widget|promo|more-|archive|similar|carousel|ticker",
    re.IGNORECASE,
)
_URL_DAY = re.compile(
    r"/((?:19|20)\d\d)[/-]?([01]\d)[/-]?([0-3]\d)(?=[/_.-]|$|[a-z])|[/_=-]((?:19|20)\d\d)-([01]\d)-([0-3]\d)(?=\D|$)"
)
_URL_SHORT = re.compile(r"/(\d\d)([01]\d)([0-3]\d)[_-]")
_URL_DMY = re.compile(r"[/_~-]([0-3]\d)[-_.]?([01]\d)[-_.]?((?:19|20)\d\d)(?=\D|$)")


_REACH = 160  # characters of a line in which its own day may stand


@dataclass(frozen=True, slots=True)
class Dates:
    """The two dates a page states about itself, and every day of publication that stands somewhere, by where it does."""

    published: StatedDate | None = None
    modified: StatedDate | None = None
    by_source: dict[str, StatedDate] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Setting:
    """What the dates of a page are judged by: its address, language, day of capture and whether months come first."""

    url: str
    language: str | None = None
    at: datetime | None = None
    month_first: bool = False

    def plausible(self, day: date) -> bool:
        """Not in the future of the capture (a day of grace for time zones), not before the web."""
        return day.year >= 1990 and (self.at is None or day <= self.at.date() + timedelta(days=1))


def machine_date(raw: str, setting: Setting) -> str | None:
    """A machine's date as ISO (an instant where it names a time and offset, else a day); None where it is no date."""
    match = _ISO.match(raw.strip())
    if match is None:
        hits = find_dates(raw, language=setting.language, month_first=setting.month_first)
        return hits[0].day.isoformat() if hits else None
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
    if not setting.plausible(day):
        return None
    if match[4] and match[7] and (match[4], match[5]) != ("00", "00"):
        offset = "+00:00" if match[7] == "Z" else match[7] if ":" in match[7] else f"{match[7][:3]}:{match[7][3:]}"
        try:
            return datetime.fromisoformat(f"{day.isoformat()}T{match[4]}:{match[5]}:{match[6] or '00'}{offset}").isoformat()
        except ValueError:
            return day.isoformat()
    return day.isoformat()


def read_dates(
    stated: Structured, lines: list[Line], near: list[Line], setting: Setting, opening: StatedDate | None = None
) -> Dates:
    """The page's dates. `near`: the lines about headline and start of the text and just below its end; `opening`: the
    dateline's date."""
    json_published, json_modified = _json(stated, setting)
    meta_published = _meta(stated, _PUBLISHED_META, setting)
    meta_modified = _meta(stated, _MODIFIED_META, setting)
    shown, shown_modified, by_source = _shown(lines, near, setting)
    for found in (json_published, meta_published, opening):
        if found is not None:
            by_source[found.source] = found
    if opening is not None and (shown is None or shown.value == opening.value):
        shown = opening
    if meta_published is not None and not json_published and not _borne_out(meta_published, stated, lines, setting):
        meta_published = None
    published = json_published or meta_published or shown or address_day(setting) or _as_of([*near, *lines], setting)
    return Dates(published, json_modified or meta_modified or shown_modified, by_source)


def _borne_out(found: StatedDate, stated: Structured, lines: list[Line], setting: Setting) -> bool:
    """Whether a meta date is more than the day somebody made the page in the system: the page calls itself an article, or
    shows that day to its readers, or has it in its address."""
    if (stated.first("og:type") or "").lower() in ("article", "news", "blog") or stated.articles():
        return True
    day = found.value[:10]
    if (address := address_day(setting)) is not None and address.value == day:
        return True
    return any(
        hit.day.isoformat() == day
        for line in lines
        if day[:4] in line.text and len(line.text) < 300
        for hit in find_dates(line.text, language=setting.language, month_first=setting.month_first)
    )


def _json(stated: Structured, setting: Setting) -> tuple[StatedDate | None, StatedDate | None]:
    published = modified = None
    for node in (*stated.articles(), *(node for kind in _DATED_TYPES for node in stated.typed(kind))):
        published = published or _stated(node.get("datePublished") or node.get("dateCreated"), "json-ld", 0.95, setting)
        modified = modified or _stated(node.get("dateModified"), "json-ld", 0.95, setting)
    return published, modified


def _meta(stated: Structured, names: tuple[str, ...], setting: Setting) -> StatedDate | None:
    for name in names:
        for value in stated.meta.get(name, ()):
            if found := _stated(value, "meta", 0.9, setting):
                return found
    return None


def _stated(raw: object, source: str, confidence: float, setting: Setting) -> StatedDate | None:
    if not isinstance(raw, str) or not (value := machine_date(raw, setting)):
        return None
    # The first of January at no hour is what a system writes that knows only the year.
    bare_year = value.endswith("-01-01") and not re.search(r"\d\d:\d\d", raw)
    return StatedDate(value, raw, source, 0.3 if bare_year else confidence)


def _shown(
    lines: list[Line], near: list[Line], setting: Setting
) -> tuple[StatedDate | None, StatedDate | None, dict[str, StatedDate]]:
    """The dates a reader sees, near the headline or after a label; and the likeliest in mark-up of time and outside it."""
    published: StatedDate | None = None
    modified: StatedDate | None = None
    by_source: dict[str, StatedDate] = {}
    best = 0.0
    for line in near:
        for hit, score, is_modified in _judged(line, setting):
            if is_modified:
                modified = modified or StatedDate(hit.day.isoformat(), hit.raw, "text", score)
                continue
            source = "time" if line.element.find(".//time") is not None or line.tag == "time" else "text"
            found = StatedDate(hit.day.isoformat(), hit.raw, source, score)
            if source not in by_source or score > by_source[source].confidence:
                by_source[source] = found
            if score > best:
                published, best = found, score
    if published is None:
        published, later = _labelled(lines, setting)
        modified = modified or later
        if published is not None:
            by_source["text"] = published
    return published, modified, by_source


def _judged(line: Line, setting: Setting) -> list[tuple[FoundDate, float, bool]]:
    """The days of a line near the headline, each with how much it looks like the page's own, and whether it is an update."""
    judged = []
    text = line.text[:_REACH]
    hits = find_dates(text, language=setting.language, month_first=setting.month_first)
    if not hits and _DATE_CLASS.search(line.element.get("class") or ""):  # a calendar leaf: day, month, year, each in a box
        text = clean(" ".join(line.element.itertext()))[:_REACH]
        hits = find_dates(text, language=setting.language, month_first=setting.month_first)
    for hit in hits:
        if not setting.plausible(hit.day):
            continue
        before = text[: hit.start]
        label = before[-60:]
        words = len(re.findall(r"\w+", line.text[:400])) - len(re.findall(r"\w+", hit.raw))
        is_modified = bool(_MODIFIED_WORDS.search(label)) and not _last_label_is_published(label)
        if _NOT_ITS_OWN.search(label) or (_AS_OF.search(label) and not is_modified):
            continue
        score = 0.0
        if _PUBLISHED_WORDS.search(label):
            score = 0.85
        elif words <= 8:
            score = 0.8
        elif _DATE_CLASS.search(f"{line.element.get('class') or ''} {line.element.get('id') or ''}") or _has_time(line):
            score = 0.75
        elif hit.start == 0 and re.match(r"\s*(?:[|:–—-]|[^\W\d_]|[„“\"«])", text[hit.end :]) and _plain_start(hit):
            score = 0.6  # a paragraph or headline that opens with its day
        if hit.ambiguous:
            score -= 0.1
        if score > 0.3:
            judged.append((hit, score, is_modified))
    return judged


def _plain_start(hit: FoundDate) -> bool:
    """Whether the day is written in figures: "On 3 May 2020 the minister" tells a story, "03.05.2020 The minister" a date."""
    return hit.raw.replace(".", "").replace("/", "").replace("-", "").isdecimal()


def _last_label_is_published(label: str) -> bool:
    published = [match.start() for match in _PUBLISHED_WORDS.finditer(label)]
    modified = [match.start() for match in _MODIFIED_WORDS.finditer(label)]
    return bool(published) and published[-1] > modified[-1]


def _has_time(line: Line) -> bool:
    return any(True for _ in line.element.iter("time"))


def stands_elsewhere(element: _Element, around: Collection[_Element]) -> bool:
    """Whether the line stands in a part of the page that is about other pages. `around`: the elements that hold the
    headline, which cannot be such a part whatever their names say."""
    for node in (element, *element.iterancestors()):
        if node in around or node.tag in ("body", "html", "main", "article"):
            return False
        if node.tag in ("footer", "nav", "aside"):
            return True
        if _ELSEWHERE.search(f"{node.get('class') or ''} {node.get('id') or ''}"):
            return True
    return False


def _labelled(lines: list[Line], setting: Setting) -> tuple[StatedDate | None, StatedDate | None]:
    """A short line anywhere on the page that says "published: ..." or "last updated: ..."."""
    published: StatedDate | None = None
    modified: StatedDate | None = None
    for line in lines:
        if len(line.text) > 120:
            continue
        hits = find_dates(line.text, language=setting.language, month_first=setting.month_first)
        if not hits or not setting.plausible(hits[0].day):
            continue
        label = line.text[: hits[0].start][-60:]
        if _NOT_ITS_OWN.search(label):
            continue
        if _MODIFIED_WORDS.search(label) and not _last_label_is_published(label):
            modified = modified or StatedDate(hits[0].day.isoformat(), hits[0].raw, "text", 0.6)
        elif _PUBLISHED_WORDS.search(label):
            published = published or StatedDate(hits[0].day.isoformat(), hits[0].raw, "text", 0.6)
    return published, modified


def _as_of(lines: list[Line], setting: Setting) -> StatedDate | None:
    """The day of "Stand: 09.10.2017" on a page that names no day of publication."""
    for line in lines:
        if len(line.text) > 120:
            continue
        for hit in find_dates(line.text, language=setting.language, month_first=setting.month_first)[:1]:
            if _AS_OF.search(line.text[: hit.start]) and setting.plausible(hit.day):
                return StatedDate(hit.day.isoformat(), hit.raw, "text", 0.5)
    return None


def address_day(setting: Setting) -> StatedDate | None:
    """A full day in the page's address."""
    match = _URL_DAY.search(setting.url)
    if match:
        year, month, day = (int(part) for part in match.groups() if part)
    elif match := _URL_DMY.search(setting.url):
        day, month, year = (int(part) for part in match.groups())
    elif (match := _URL_SHORT.search(setting.url)) and f"/20{match[1]}/" in setting.url:
        year, month, day = 2000 + int(match[1]), int(match[2]), int(match[3])
    else:
        return None
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return StatedDate(found.isoformat(), clean(match[0].strip("/_-=")), "url", 0.7) if setting.plausible(found) else None
