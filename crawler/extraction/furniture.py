"""Which lines of a body are the page's furniture and not the article's words? Tool bars, breadcrumbs, bare dates, credits."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from archive.records import Block
from crawler.extraction.date_text import find_dates
from crawler.extraction.plain_text import flat

_TOOL_WORDS = (
    r"\d+|comments?|line|spacing|font|size|a|print(?: (?:this )?(?:page|version))?|printer|friendly|version|share|tweet|e-?mail|pdf|save|download|like|views?|read|min(?:utes?)?|listen|text|"
    r"increase|decrease|reset|bookmark|facebook|twitter|whatsapp|telegram|linkedin|copy|link|"
    r"şərh(?:lər)?|çap|et|paylaş|baxış|sayı|oxunub|dəfə|şrift|ölçüsü|печать|версия|для|печати|поделиться|комментари\w+|просмотр\w*|шрифт|размер|"
    r"yazdır|paylaş|yorum|görüntülenme|drucken|druckversion|teilen|kommentare?|schriftgröße|imprimer|partager|commentaires?|imprimir|compartir|stampa|condividi|طباعة|مشاركة|تعليق\w*"
)
_TOOLS = re.compile(rf"^(?:\W*(?:{_TOOL_WORDS})\b\W*)+$|^\W+$", re.IGNORECASE)
_HERE = re.compile(
    r"^(?:you are here|sie (?:sind|befinden sich)|vous êtes ici|siz buradasınız|buradasınız|вы здесь|вы находитесь|estás aquí|está aquí|sei in|أنت هنا)\b.{0,200}$",
    re.IGNORECASE,
)
_META = re.compile(
    r"^(?:(?:(?:last|page|first) )*(?:updated|modified|reviewed|published|posted|issued|created|changed)(?: (?:on|at|by))?|date(?: (?:of )?(?:publi\w+|issued?|created))?|release date|letzte (?:änderung|aktualisierung)|stand|erstellt(?: am)?|"
    r"veröffentlicht(?: am)?|datum|erschienen(?: am)?|publié(?:e)? le|mis(?:e)? (?:à jour|en ligne) le|dernière (?:mise à jour|modification)|опубликовано|дата(?: публикации)?|обновлено|последнее обновление|"
    r"dərc olun(?:ub|ma tarixi)|tarix|yenilənib|son yenilənmə|yayın(?:lanma)? tarihi|güncelleme|fecha|actualizado|pubblicato(?: il)?|publicado (?:em|el)|تاريخ(?: النشر)?)\b\s*[:.]?",
    re.IGNORECASE,
)
_CREDIT = re.compile(r"^(?:photo(?:graph)?s?|image|picture|foto|bild|quelle|bildquelle|фото|şəkil|fotoğraf|crédit(?: photo)?|credit|©|\(c\)|getty images|reuters|afp|file photo)\b\s*(?:[:/|©]|by\b|credit|courtesy).{0,80}$|^(?:©|\(c\) ).{0,80}$", re.IGNORECASE)  # fmt: skip
_FILED = re.compile(
    r"\b(?:posted in|filed under|categor(?:y|ies)|kategorien?|rubrik|rubrique|рубрика|kateqoriya|kategori)\b", re.IGNORECASE
)


def is_tool_line(text: str) -> bool:
    """A line made of nothing but tool bar words: "0 comment Line Spacing+- A Font Size+- Print"."""
    return len(text) <= 160 and _TOOLS.match(text) is not None


def without_furniture(
    blocks: Sequence[Block], *, headline: str | None, apart: Collection[str], boilerplate: Collection[str], language: str | None
) -> tuple[Block, ...]:
    """The blocks that are the article's own. `apart` holds the flattened lines of blocks kept apart, `boilerplate` lines that
    are furniture at either end of the text: between an article's own words they are its words."""
    common = {flat(line) for line in boilerplate}
    title = flat(headline)
    kept = [block for block in blocks if not _drop(block, apart)]
    while kept and ((key := flat(kept[0].text)) == title or key in common or _is_page_meta(kept[0], language)):
        kept.pop(0)
    if len(kept) > 1 and _is_page_meta(kept[1], language) and kept[0].kind == "heading":
        kept.pop(1)
    while kept and (
        kept[-1].kind == "heading"
        or flat(kept[-1].text) in common
        or _is_page_meta(kept[-1], language)
        or _CREDIT.match(kept[-1].text)
    ):
        kept.pop()
    return tuple(kept)


def _drop(block: Block, apart: Collection[str]) -> bool:
    key = flat(block.text)
    if key in apart and key:
        return True
    if is_tool_line(block.text) or _HERE.match(block.text):
        return True
    if block.kind in ("list", "table") and apart:
        lines = [flat(line) for line in block.text.splitlines()]
        return sum(line in apart for line in lines) > len(lines) / 2
    return False


def _is_page_meta(block: Block, language: str | None) -> bool:
    """A short line that is a date, with or without a label and a time, and nothing else."""
    text = block.text
    if block.kind not in ("paragraph", "heading") or len(text) > 100:
        return False
    days = find_dates(text, language=language)
    if not days:
        return False
    rest = text
    for day in reversed(days):
        rest = f"{rest[: day.start]} {rest[day.end :]}"
    rest = re.sub(
        r"\d{1,2}[:.]\d{2}(?::\d\d)?(?:\s?[ap]\.?m\.?)?|\b(?:uhr|gmt|utc|est|edt|cet|bst|msk)\b", " ", rest, flags=re.IGNORECASE
    )
    if _FILED.search(rest) and len(rest.split()) <= 8:
        return True
    rest = _META.sub(" ", rest.strip())
    # "Baku, 26 November 2018 -" opens the text and stays: what a dateline leaves over is a place and a dash.
    return len(re.findall(r"\w+", rest)) <= 1 and not re.search(r"[–—-]\s*$", text) and not re.match(r"^[^\W\d_]+,", text)
