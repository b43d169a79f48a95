"""Does the publisher say that this page was corrected? "Correction: ...", "This article was amended on ..." """

from __future__ import annotations

import re
from collections.abc import Iterable

_NOTE = re.compile(
    r"^(?:\W*)(?:correction|corrected|clarification|erratum|editor[’'`]?s['’]? note|amendment|update(?:d)?|retraction|"
    r"düzəliş|dəqiqləşdirmə|redaksiyadan|исправление|уточнение|поправка|от редакции|обновлено|düzeltme|güncelleme|"
    r"berichtigung|korrektur|richtigstellung|anmerkung der redaktion|aktualisierung|rectificatif|correctif|mise à jour|erratum|تصحيح|تنويه|"
    r"corrección|rectificación|fe de erratas|correzione|rettifica|sprostowanie|errata)\b[^:.]{0,60}:\s*\S|"
    r"^(?:this|an earlier version of this|a previous version of this) (?:article|page|release|story|statement|document|post|publication|guidance)\b.{0,60}\b(?:was|has been|is)\b.{0,30}\b"
    r"(?:amended|corrected|updated|changed|revised|withdrawn|misstated|incorrectly)\b",
    re.IGNORECASE,
)


def publisher_note(texts: Iterable[str]) -> str | None:
    """The first line that is the publisher's own change or correction note; None where there is none."""
    return next((text for text in texts if len(text) <= 1000 and _NOTE.search(text)), None)
