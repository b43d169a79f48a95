"""What do the links of a block say, each with outlet, date and lead? Where their lines tell, or in the order a rule states."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import get_args
from urllib.parse import urlsplit

from archive.records import LinkKind, RelatedLink
from crawler.extraction.asides import MARKS, MAX_LINKS, Part
from crawler.extraction.date_text import find_dates
from crawler.extraction.headings import kind_of_heading
from crawler.extraction.language import by_letters, detected
from crawler.extraction.links import absolute
from crawler.extraction.outline import Line
from crawler.extraction.plain_text import text_of


def links_of(part: Part, base: str, language: str | None) -> list[RelatedLink]:
    """The links of a block, once each, with outlet, date and lead where its lines name them, or in the order its rule says."""
    kind = part.kind if part.kind in get_args(LinkKind) else "related"
    if part.fields:
        return [_ordered(kind, target, title, part.fields, own, language) for target, title, own in _items(part, base)]
    items: dict[str, list[Line]] = {}
    titles: dict[str, str] = {}
    current: str | None = None
    for line in part.lines:
        anchors = [(absolute(base, anchor.get("href")), text_of(anchor).strip(MARKS)) for anchor in line.anchors]
        for target, title in anchors:
            if target and target not in items and len(items) < MAX_LINKS:
                items[target] = []
                titles[target] = title
            if target and len(title) > len(titles[target]):
                titles[target] = title
            current = target or current
        if current and (len(anchors) != 1 or line.linked < 0.9 * len(line.text)):
            items[current].append(line)
    return [
        _item(kind, target, titles[target], items[target], language)
        for target in items
        if titles[target] and kind_of_heading(titles[target]) != "share"
    ]


def _item(kind: LinkKind | str, target: str, title: str, lines: list[Line], language: str | None) -> RelatedLink:
    date = outlet = lead = None
    for line in lines:
        text = line.text.replace(title, "", 1).strip(MARKS)
        hits = find_dates(text, language=language)
        if hits and date is None and len(text) <= 120:
            date = hits[0].day.isoformat()
            rest = (text[: hits[0].start] + " " + text[hits[0].end :]).strip(MARKS + "(),.:;/ ")
            outlet = outlet or (rest if 1 < len(rest) <= 80 else None)
        elif len(text) > 40 and lead is None:
            lead = text
        elif kind == "foreign_press" and outlet is None and 1 < len(text) <= 60:
            outlet = text
    lang = by_letters(title) or detected(title, language) or _address_language(target) or language
    return RelatedLink(kind, target, title, outlet, date, lang, lead)  # type: ignore[arg-type]


def _items(part: Part, base: str) -> Iterator[tuple[str, str, list[Line]]]:
    """Address, headline and lines of each item of a block whose rule orders their parts: so many lines before the headline
    as its rule puts parts there."""
    before = part.fields.index("headline")
    starts: list[tuple[int, str, str]] = []
    for place, line in enumerate(part.lines):
        for anchor in line.anchors:
            target, title = absolute(base, anchor.get("href")), text_of(anchor).strip(MARKS)
            if target and title and target not in (known for _, known, _ in starts) and len(starts) < MAX_LINKS:
                starts.append((place, target, title))
                break
    ends = [place - before for place, _, _ in starts[1:]] + [len(part.lines)]
    for (place, target, title), end in zip(starts, ends, strict=True):
        yield target, title, part.lines[max(0, place - before) : max(end, place + 1)]


def _ordered(
    kind: LinkKind | str, target: str, title: str, fields: Sequence[str], lines: list[Line], language: str | None
) -> RelatedLink:
    """An item whose parts come in a known order; the day is known by itself, wherever it stands."""
    found: dict[str, str] = {}
    wanted = [name for name in fields if name not in ("headline", "date")]
    for line in lines:
        text = line.text.replace(title, "", 1) if line.linked else line.text
        hits = find_dates(text, language=language) if "date" in fields and "date" not in found else []
        if hits:
            found["date"] = hits[0].day.isoformat()
            text = f"{text[: hits[0].start]} {text[hits[0].end :]}"
        if (said := text.strip(MARKS + "(),.:;/" if hits else MARKS)) and wanted:
            found[wanted.pop(0)] = said
    lang = by_letters(title) or detected(title, language) or _address_language(target) or language
    outlet, date, lead = (found.get(name) for name in ("outlet", "date", "lead"))
    return RelatedLink(kind, target, title, outlet, date, lang, lead)  # type: ignore[arg-type]


def _address_language(url: str) -> str | None:
    first = urlsplit(url).path.strip("/").split("/")[0].lower()
    return first if first in ("az", "ru", "en", "tr", "ar", "fr", "de", "es", "uk", "ka", "fa") else None
