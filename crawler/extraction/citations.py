"""Which sources does the text name in passing? "(see: TITLE / OUTLET, DATE)" and its kin in other languages."""

from __future__ import annotations

import re

from archive.records import RelatedLink
from crawler.extraction.date_text import find_dates
from crawler.extraction.plain_text import clean

_SEE = (
    r"see(?: also)?|source|quoted (?:from|in)|cited in|bax|bax[ıi]n|mənbə|bkz|bak[ıi]n[ıi]z|kaynak|см|смотри|источник|цит\. по|див|siehe(?: auch)?|vgl|quelle|"
    r"voir(?: aussi)?|cf|lire|source|véase|ver|fuente|fonte|vedi|zob|źródło|انظر|راجع|المصدر"
)
_BRACKET = re.compile(
    rf"[(\[（]\s*(?:{_SEE})\b\s*[.:：]*\s*(?P<what>[^()\[\]（）]{{6,400}}(?:\([^()]{{0,80}}\)[^()\[\]]{{0,200}})?)[)\]）]",
    re.IGNORECASE,
)
_PARTS = re.compile(r"^(?P<title>.+?)\s*[/|]\s*(?P<outlet>[^/|]+?)\s*$")
_QUOTED = re.compile(r"^[\"“«„](?P<title>.+?)[\"”»“]\s*[,.–—-]?\s*(?P<outlet>.*)$")


def citations(text: str, language: str | None = None, pattern: str | None = None) -> tuple[RelatedLink, ...]:
    """The sources a text names in brackets, in text order, once each. `pattern`: a layout's own expression with the groups
    title, outlet and date. A bare "(see: previous source)" names nothing and is left out."""
    found: dict[tuple[str | None, ...], RelatedLink] = {}
    if pattern:
        for match in re.finditer(pattern, text):
            groups = match.groupdict()
            link = _link(groups.get("title"), groups.get("outlet"), groups.get("date"), language)
            found.setdefault((link.title, link.outlet, link.date), link)
        return tuple(found.values())
    for match in _BRACKET.finditer(text):
        if (cited := _cited(match["what"], language)) is not None:
            found.setdefault((cited.title, cited.outlet, cited.date), cited)
    return tuple(found.values())


def _cited(what: str, language: str | None) -> RelatedLink | None:
    days = find_dates(what, language=language)
    words = (what[: days[-1].start] + what[days[-1].end :]) if days else what
    words = clean(words).strip(" ,.;–—-")
    match = _PARTS.match(words) or _QUOTED.match(words)
    if match:
        return _link(match["title"], match["outlet"], days[-1].raw if days else None, language)
    if days and "," in words:
        title, _, outlet = words.rpartition(",")
        return _link(title, outlet, days[-1].raw, language)
    return None


def _link(title: str | None, outlet: str | None, raw: str | None, language: str | None) -> RelatedLink:
    days = find_dates(raw, language=language) if raw else []
    stated = days[0].day.isoformat() if days else (clean(raw) or None)
    return RelatedLink("citation", None, clean(title).strip(' ,"“”«»') or None, clean(outlet).strip(" ,") or None, stated)
