"""Does the text open with a place and a day, as news agencies do? "Baku, 26 November 2018 -" """

from __future__ import annotations

import re
from collections.abc import Sequence

from archive.records import Dateline, StatedDate
from crawler.extraction.date_text import find_dates

_DASH = r"[–—‒−-]"
_PLACE = r"(?P<place>[^\W\d_][\w.'’` -]{1,40}?(?:\s?/\s?[^\W\d_][\w.'’` -]{1,40}?)?)"
_PLACE_DATE = re.compile(rf"^{_PLACE}\s*(?:,|\(|\.|/|:|{_DASH})\s*(?:(?:on|den|am|le|le\s)\s+)?(?:\w+day,?\s+)?$")
_AGENCY = re.compile(
    rf"^(?P<place>[A-ZÀ-ÞƏА-Я][\w.'’ -]{{2,30}}?)\s*(?:,\s*[^()]{{3,20}})?\s*\([^()]{{2,25}}\)\s*{_DASH}|^(?P<caps>[A-ZÀ-ÞƏА-Я][A-ZÀ-ÞƏА-ЯİĞŞÜÖÇ .'’-]{{2,30}})\s*{_DASH}{_DASH}?\s"
)
_OPENING = 3  # blocks in which a dateline may stand
_REACH = 80  # characters from the start of a block


def dateline(texts: Sequence[str], language: str | None = None) -> tuple[Dateline, StatedDate | None] | None:
    """The dateline of a text, given its first paragraphs, and its date as the page states it; None where it has none."""
    for text in texts[:_OPENING]:
        for hit in find_dates(text[: _REACH + 20], language=language):
            if hit.start > _REACH:
                break
            match = _PLACE_DATE.match(text[: hit.start])
            rest = text[hit.end :].lstrip(" ,.)")
            if (
                match
                and len(match["place"].split()) <= 5
                and match["place"][0].isupper()
                and (not rest or _ends(text[hit.end :]))
            ):
                return Dateline(match["place"].strip(), hit.day.isoformat()), StatedDate(
                    hit.day.isoformat(), hit.raw, "dateline", 0.85
                )
        match = _AGENCY.match(text[: _REACH + 20])
        if match:
            place = (match["place"] or match["caps"] or "").strip(" ,.")
            if place:
                return Dateline(place, None), None
    return None


def _ends(rest: str) -> bool:
    """Whether the dateline ends here: a dash, a full stop, a colon, a bracket, or the words "-ci il" and a dash."""
    return re.match(rf"\s*(?:г\.|года|-c[iıuü] il)?\s*(?:{_DASH}|[.:)/]|\(|$)", rest) is not None
