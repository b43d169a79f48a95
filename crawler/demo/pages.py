"""The portal's HTML: articles, listings, homes and the "not found" page of one edition, furniture left as marks.

`@@COMMENTS@@`, `@@VISITORS@@`, `@@CLOCK@@` and `@@MOST_READ@@` are filled at every fetch (`furniture.dress`).
"""

from __future__ import annotations

import json
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from crawler.demo.editions import Edition
from crawler.demo.newsroom import SECTIONS, local
from crawler.demo.prose import spelled_date
from crawler.demo.story import Story
from crawler.demo.typesetting import typeset
from crawler.demo.vocabulary import Vocabulary, vocabulary

PER_PAGE = 10
CYRILLIC_SECTION = ("ru", "politika")  # served in windows-1251
_templates = Environment(loader=PackageLoader("crawler.demo"), autoescape=True, trim_blocks=True)


def charset(lang: str, section: str | None) -> str:
    """The character set of a page."""
    return "windows-1251" if (lang, section) == CYRILLIC_SECTION else "utf-8"


def declared_in_page(lang: str, section: str | None, number: int) -> bool:
    """Whether the page itself names its character set; every other windows-1251 page leaves it to the HTTP header."""
    return charset(lang, section) == "utf-8" or number // 8 % 2 == 0


def newest(edition: Edition, lang: str, section: str | None = None) -> list[Story]:
    """The stories of a language or section, newest first."""
    stories = [s for s in edition.stories.values() if s.lang == lang and section in (None, s.section)]
    return sorted(stories, key=lambda s: (s.published, s.number), reverse=True)


def article(edition: Edition, story: Story, base: str, *, live: bool) -> str:
    """An article's page; `live` pages carry what changes at every fetch, the others are the same bytes each time."""
    words = vocabulary(story.lang)
    dateline = f"{story.place}, {spelled_date(words, story.published.date())} –"
    openings = [dateline if not story.plain_dateline else "", *[""] * (len(story.paragraphs) - 1)]
    return _render(
        "article.html",
        edition,
        words,
        story.headline,
        live=live,
        meta_charset=charset(story.lang, story.section) if declared_in_page(story.lang, story.section, story.number) else None,
        base=base,
        story=story,
        section_name=words.sections[story.section],
        dateline=dateline,
        published=local(story.published),
        modified=local(story.modified) if story.modified else None,
        published_words=f"{spelled_date(words, story.published.date())}, {story.published:%H:%M}",
        modified_words=f"{spelled_date(words, story.modified.date())}, {story.modified:%H:%M}" if story.modified else "",
        json_ld=Markup(_json_ld(story, base)) if story.stated == "jsonld" else None,  # noqa: S704 - "<" is escaped there
        paragraphs=[typeset(p, story.markup, opening) for p, opening in zip(story.paragraphs, openings, strict=True)],
        press=[
            {"url": i.url, "headline": i.headline, "day": spelled_date(words, i.day), "outlet": i.outlet, "lead": i.lead}
            for i in story.press
        ],
    )


def _json_ld(story: Story, base: str) -> str:
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.headline,
        "inLanguage": story.lang,
        "datePublished": local(story.published),
        "mainEntityOfPage": base + story.path,
    }
    if story.modified:
        data["dateModified"] = local(story.modified)
    if story.authors:
        data["author"] = [{"@type": "Person", "name": name} for name in story.authors]
    return json.dumps(data, ensure_ascii=True).replace("<", "\\u003c")


def listing(edition: Edition, lang: str, section: str, page: int) -> str | None:
    """One page of a section's list; None beyond the last."""
    words = vocabulary(lang)
    stories = newest(edition, lang, section)
    pages = -(-len(stories) // PER_PAGE)
    if not 1 <= page <= pages:
        return None
    shown = stories[(page - 1) * PER_PAGE : page * PER_PAGE]
    return _render(
        "listing.html",
        edition,
        words,
        words.sections[section],
        meta_charset=charset(lang, section),
        items=[(story, spelled_date(words, story.published.date())) for story in shown],
        address=f"/{lang}/{section}",
        page=page,
        pages=pages,
    )


def home(edition: Edition, lang: str) -> str:
    """The front page of a language."""
    words = vocabulary(lang)
    groups = [(slug, name, newest(edition, lang, slug)[:4]) for slug, name in words.sections.items()]
    return _render("home.html", edition, words, words.ui["main"], groups=groups)


def missing(edition: Edition, lang: str, section: str | None = None) -> str:
    """What the portal says of a page it does not have."""
    words = vocabulary(lang)
    return _render("missing.html", edition, words, words.ui["missing_title"], meta_charset=charset(lang, section))


def _render(name: str, edition: Edition, words: Vocabulary, title: str, *, live: bool = True, **values: Any) -> str:
    values.setdefault("meta_charset", "utf-8")
    return _templates.get_template(name).render(
        lang=words.lang,
        ui=words.ui,
        title=title,
        live=live,
        edition=edition.number,
        sections=[(slug, words.sections[slug]) for lang, slug, _ in SECTIONS if lang == words.lang],
        latest=newest(edition, words.lang)[:6] if live else (),
        **values,
    )
