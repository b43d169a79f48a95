"""What is quoted, and who said it? Words in quotation marks of a sentence's length, with the speaker the text names."""

from __future__ import annotations

import re

from archive.records import Quote

_MARKED = re.compile(r"[\"“„«](?P<said>[^\"“”„«»]{25,3000}?(?:«[^»]*»[^\"“”„«»]*)?)[\"”“»]")
_NAME = r"(?:[A-ZÀ-ÞƏİŞĞÜÖÇА-ЯЁІЇЄҐ](?:\.|[\w'’`-]*))(?:\s+(?:of|the|de|du|der|von|van|for|and|al|bin|[A-ZÀ-ÞƏİŞĞÜÖÇА-ЯЁІЇЄҐ](?:\.|[\w'’`-]*))){0,7}"
_SAID = (
    r"said|says|added|adds|noted|notes|stressed|stated|told|explained|emphasi[sz]ed|commented|declared|wrote|announced|"
    r"sagte|sagt|erklärte|erklärt|betonte|betont|teilte|a déclaré|a dit|a affirmé|a ajouté|a souligné|"
    r"сказал|сказала|заявил|заявила|отметил|отметила|подчеркнул|подчеркнула|сообщил|сообщила|добавил|добавила|"
    r"dedi|deyib|bildirib|bildirdi|qeyd edib|vurğulayıb|söyledi|belirtti|vurguladı|ifade etti|dijo|afirmó|señaló|ha detto|disse"
)
_BEFORE = re.compile(
    rf"(?P<name>{_NAME})(?:,[^,:;.!?]{{1,60}},)?\s+(?:\w+\s+)?(?:{_SAID})(?:\s+(?!that\b)[^\"“„«.!?:]{{0,60}})?\s*[:,]?\s*$"
)
_INVERTED = re.compile(rf"(?:{_SAID})\s+(?:the\s+)?(?P<name>{_NAME})[^\"“„«.!?]{{0,60}}[:,]\s*$")
_AFTER = re.compile(
    rf"^[\s,–—-]*(?:{_SAID})\s+(?:the\s+|die\s+|der\s+|le\s+|la\s+)?(?P<name>{_NAME})|^[\s,–—-]*(?:(?:the|die|der)\s+)?(?P<other>{_NAME})\s+(?:{_SAID})\b"
)
_NOBODY = frozenset(
    ["he", "she", "it", "they", "we", "i", "the", "this", "that", "er", "sie", "il", "elle", "он", "она", "они", "o"]
)
MAX_QUOTES = 100


def quotes(paragraphs: list[str]) -> tuple[Quote, ...]:
    """The quotations of a text in order; the speaker is the name joined to it by a verb of saying, else None."""
    found: list[Quote] = []
    for text in paragraphs:
        for match in _MARKED.finditer(text):
            said = match["said"].strip()
            if len(said.split()) < 5:
                continue
            found.append(
                Quote(said, _speaker(text[max(0, match.start() - 200) : match.start()], text[match.end() : match.end() + 120]))
            )
            if len(found) >= MAX_QUOTES:
                return tuple(found)
    return tuple(found)


def _speaker(before: str, after: str) -> str | None:
    for pattern, text in ((_BEFORE, before), (_INVERTED, before), (_AFTER, after)):
        if match := pattern.search(text):
            name = next(group for group in match.groups() if group)
            name = re.sub(r"^(?:The|Die|Der|Das|Le|La)\s+", "", name).strip(" ,")
            if name.lower() not in _NOBODY:
                return name
    return None
