"""From a paragraph's words to its HTML; typesetting it anew changes markup, hyphens and spaces, never a word."""

from __future__ import annotations

from markupsafe import Markup, escape

from crawler.demo.story import Paragraph

SOFT_HYPHEN = "\u00ad"


def typeset(paragraph: Paragraph, markup: int, opening: str = "") -> Markup:
    """One block of HTML. `markup` is how often the page was typeset anew, `opening` the dateline where it is inline."""
    if paragraph.kind == "heading":
        return Markup("<p><strong>{}</strong></p>").format(_words(paragraph.text, markup))
    if paragraph.kind == "list":
        items = (Markup("<li>{}</li>").format(_words(item, markup)) for item in paragraph.sentences)
        return Markup("<ul>{}</ul>").format(Markup("").join(items))
    text = _words(f"{opening} {paragraph.text}".strip(), markup)
    if paragraph.link is not None:
        text += Markup(' <a href="{}">{}</a>').format(paragraph.link.url, paragraph.link.title)
    if markup:
        return Markup('<p class="rte"\n   align="justify"><span style="font-size:1em">{}</span></p>').format(text)
    return Markup('<p style="text-align:justify">{}</p>').format(text)


def _words(text: str, markup: int) -> Markup:
    if not markup:
        return escape(text)
    words = [_hyphenated(word) if len(word) > 9 and word.isalpha() else word for word in text.split(" ")]
    if markup > 1 and len(words) > 3:
        return Markup("<b>{}</b> {}").format(" ".join(words[:2]), "\n  ".join(words[2:]))
    return escape("  ".join(words))


def _hyphenated(word: str) -> str:
    return f"{word[:4]}{SOFT_HYPHEN}{word[4:]}"
