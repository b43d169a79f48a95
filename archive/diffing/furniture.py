"""Lines known by their form to be no part of what a page says: counters, clocks, "last updated" stamps, carousels.

For two saved pages without a history, and until a slot has been learned. Closed word lists of the languages portals
are read in; a line counts only where its digits alone changed and hardly any other word stands in it.
"""

from __future__ import annotations

import re

COUNTER = "counter"
CLOCK = "clock"
UPDATED = "updated-line"
TURNED = "carousel"

_COUNTED = re.compile(
    r"\b(?:views?|viewed|comments?|shares?|likes?|visits?|visitors?|hits|reads?|times|followers|online|"
    r"baxış\w*|baxılıb|oxunub|oxunma|şərh\w*|ziyarət\w*|"
    r"просмотр\w*|комментар\w*|прочитан\w*|посещени\w*|посетител\w*|поделились|"
    r"görüntülenme|okunma|yorum|vues?|commentaires?|partages?|lectures?|aufrufe|kommentare|besucher|"
    r"visitas?|comentarios?|compartidos?|visualizações|vistas)\b",
    re.IGNORECASE,
)
_STAMPED = re.compile(
    r"\b(?:(?:last|page|was|content|date)\b.{0,20}\b(?:updated|reviewed|modified|revised|changed|checked)|updated|reviewed|modified|"
    r"son yenilənmə|yenilənib|yeniləndi|son güncelleme|güncellendi|"
    r"(?:последнее )?обновлен\w*|(?:последнее )?изменен\w*|дата изменения|"
    r"(?:dernière )?mise? à jour|modifié\w*|letzte änderung|aktualisiert|stand|zuletzt geändert|"
    r"última actualización|actualizado|última modificación|modificado)\b",
    re.IGNORECASE,
)
_TIME_WORDS = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|am|pm|gmt|utc|est|edt|et|cet|msk|today|now|"
    r"yanvar|fevral|mart|aprel|iyun|iyul|avqust|sentyabr|oktyabr|noyabr|dekabr|"
    r"января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря|"
    r"понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|"
    r"janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|"
    r"januar|februar|märz|juni|juli|oktober|dezember|uhr|"
    r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|de|of|at|on|the|st|nd|rd|th)\b",
    re.IGNORECASE,
)
_TIME = re.compile(r"\b\d{1,2}[:.]\d{2}\b")
_DIGITS = re.compile(r"\d+")
_LETTERS = re.compile(r"[^\W\d_]+")
MAX_WORDS = 14  # of such a line
MAX_OTHER = 3  # words in it that are neither time nor count nor stamp


def furniture_slot(before: str, after: str) -> str | None:
    """COUNTER, CLOCK or UPDATED where two forms of a line differ in digits and time words alone and look like one."""
    if len(_LETTERS.findall(after)) > MAX_WORDS or not (_DIGITS.search(before) and _DIGITS.search(after)):
        return None
    if _bare(before) != _bare(after):
        return None
    if _STAMPED.search(after) and _others(after, _STAMPED) <= MAX_OTHER:
        return UPDATED
    if _COUNTED.search(after) and _others(after, _COUNTED) <= MAX_OTHER and _DIGITS.sub("", before) == _DIGITS.sub("", after):
        return COUNTER
    timed = _TIME.search(before) and _TIME.search(after)  # a bare date may be a deadline
    return CLOCK if timed and not _LETTERS.search(_TIME_WORDS.sub("", after)) else None


def _bare(text: str) -> list[str]:
    return _LETTERS.findall(_TIME_WORDS.sub(" ", text).casefold())


def _others(text: str, known: re.Pattern[str]) -> int:
    return len(_LETTERS.findall(_TIME_WORDS.sub(" ", known.sub(" ", text))))
