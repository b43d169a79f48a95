"""In which language is this text? What the mark-up says, checked against the letters; short texts by letters alone."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from lxml.etree import _Element
from lxml.html import HtmlElement
from py3langid.langid import MODEL_FILE, LanguageIdentifier
from resiliparse.parse.lang import detect_fast

_TAG = re.compile(r"^[a-z]{2,3}(?=$|[-_])", re.IGNORECASE)
_ENOUGH = 60  # characters from which the detector is worth asking
_SURE = 0.9
# Letters that belong to one language among those a portal mixes; they decide lines too short for a detector.
_LETTERS = {"az": "əƏ", "uk": "їєґЇЄҐ", "ka": "ა-ჰ", "hy": "ա-և", "el": "ά-ώ", "he": "א-ת"}
_LETTER = re.compile("|".join(f"(?P<{language}>[{letters}])" for language, letters in _LETTERS.items()))
_ANY_LETTER = re.compile(f"[{''.join(_LETTERS.values())}]")  # finds the same places, many times as fast


def primary(tag: str | None) -> str | None:
    """The primary language of a BCP 47 tag, lower case: "en-GB" -> "en"; None for anything else."""
    match = _TAG.match((tag or "").strip())
    return match[0].lower() if match else None


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def detected(text: str, expected: str | None = None) -> str | None:
    """The language of a text of some length, by its letters; None where the detector is not sure. Where a quick look
    says `expected`, that is the answer: only a surprise is worth the slower detector."""
    if len(text) < _ENOUGH:
        return None
    if expected is not None and detect_fast(text)[0] == expected:
        return expected
    return _classified(text)


@lru_cache(maxsize=1024)  # headlines of the same lists stand on every page
def _classified(text: str) -> str | None:
    language, probability = _identifier().classify(text)
    return str(language) if probability >= _SURE else None


def by_letters(text: str) -> str | None:
    """The language a short line gives away by a letter no other has."""
    if text.isascii():
        return None
    found = _ANY_LETTER.search(text)
    match = _LETTER.match(found[0]) if found else None
    return match.lastgroup if match else None


def page_language(tree: HtmlElement | None, stated: str | None, text: str) -> str | None:
    """The language of an article: the text decides where it is long, for templates carry the wrong `lang` often."""
    root = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") if tree is not None else None
    declared = primary(root) or primary(stated)
    return detected(text[:2000], declared) or declared or by_letters(text)


def line_language(element: _Element, text: str, default: str | None) -> str | None:
    """The language of one line: an own `lang` attribute, its letters, else the page's language."""
    for node in (element, *element.iterancestors()):
        if node.tag in ("html", "body"):
            break
        if tag := primary(node.get("lang")):
            return tag
    return by_letters(text) or detected(text, default) or default


def block_language(text: str, page: str | None) -> str | None:
    """The language of a block where it is another than the page's; None where it is the page's or nobody can tell."""
    found = by_letters(text) or detected(text[:400], page)
    return found if found != page else None
