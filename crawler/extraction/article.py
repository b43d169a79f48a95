"""How do the answers of the other modules make one Article? One tree, one outline, asked by each of them once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from archive.records import Article, Block, Dateline, PageKind, RelatedLink, StatedDate
from crawler.extraction.asides import Part, find_parts
from crawler.extraction.authors import authors_of
from crawler.extraction.blocks import blocks_of
from crawler.extraction.body import MANY_TEXTS, body_element, keep_long_captions, open_layout_tables
from crawler.extraction.breadcrumbs import breadcrumbs, section_of
from crawler.extraction.captions import captions_in
from crawler.extraction.citations import citations
from crawler.extraction.content import attachments, body_links, container_of, images, translations
from crawler.extraction.date_text import may_name_a_day
from crawler.extraction.datelines import dateline
from crawler.extraction.dates import Dates, Setting, read_dates, stands_elsewhere
from crawler.extraction.furniture import without_furniture
from crawler.extraction.items import links_of
from crawler.extraction.language import block_language, page_language
from crawler.extraction.layout import body_part, dates_by_layout, pruned, title_by_layout
from crawler.extraction.links import absolute, base_of
from crawler.extraction.loose_text import give_paragraphs
from crawler.extraction.names import Names
from crawler.extraction.outline import Line, is_bold, outline
from crawler.extraction.page_kind import kind_of_page
from crawler.extraction.plain_text import flat, text_of
from crawler.extraction.publisher_note import publisher_note
from crawler.extraction.quotes import quotes
from crawler.extraction.structured import structured, text_value
from crawler.extraction.titles import headline, site_names
from crawler.portal import Layout


@dataclass(frozen=True, slots=True)
class Frame:
    """What a page is read under: its address, the capture's instant, the layout in force."""

    url: str
    at: datetime | None = None
    layout: Layout = field(default_factory=Layout)
    furniture: tuple[str, ...] = ()  # selectors of what the portal says is no part of any article


class PageReader:
    """The page being read; each property is worked out once, when the first module needs it."""

    def __init__(self, tree: HtmlElement, raw: str, frame: Frame) -> None:
        self.tree = tree
        self.raw = raw
        self.frame = frame
        self.warnings: tuple[str, ...] = ()  # what was given up to keep within bounds
        self.base = base_of(tree, frame.url)
        self.stated = structured(tree)
        give_paragraphs(tree)
        # Nobody asks for these from here on, and every expression of the body's search would walk through them.
        etree.strip_elements(tree, "script", "style", "svg", "noscript", "template", with_tail=False)
        self.names = Names(tree)
        self.lines = outline(tree, self.names)

    @cached_property
    def title(self) -> str | None:
        """The headline."""
        chosen = title_by_layout(self.tree, self.frame.layout)
        return chosen or headline(self.tree, self.stated, self.lines, self.frame.url, self.frame.layout.boilerplate)

    @cached_property
    def raw_blocks(self) -> tuple[Block, ...]:
        """The body as extracted, furniture and blocks of other kinds still in it."""
        open_layout_tables(self.tree)
        keep_long_captions(self.tree)
        part = body_part(pruned(self.tree, self.frame.layout), self.frame.layout)
        words = sum(len(line.text) - line.linked for line in self.lines)
        found, whole = body_element(part, self.frame.url, words)
        if not whole:
            self.warnings += (f"size: more than {MANY_TEXTS:,} pieces of text, read in one way only",)
        return blocks_of(found)

    @cached_property
    def language(self) -> str | None:
        """The article's language."""
        text = " ".join(block.text for block in self.raw_blocks)
        return page_language(self.tree, self.stated.first("og:locale", "dc.language", "dcterms.language"), text)

    @cached_property
    def parts(self) -> list[Part]:
        """The blocks kept apart from the body."""
        return find_parts(self.tree, self.lines, self.language, self.frame.layout.block, self.frame.furniture)

    @property
    def own_parts(self) -> list[Part]:
        """Those blocks that belong to the article, not to every page of the site ("Most read", "Latest news")."""
        return [part for part in self.parts if part.kind != "site"]

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The article's own blocks, each with its language where it is another than the page's."""
        bold = {line.key for line in self.lines if is_bold(line)}
        kept = without_furniture(
            [
                replace(block, kind="heading") if block.kind == "paragraph" and flat(block.text) in bold else block
                for block in self.raw_blocks
            ],
            headline=self.title,
            apart=self._apart(),
            boilerplate=self.frame.layout.boilerplate,
            language=self.language,
        )
        return tuple(replace(block, lang=block_language(block.text, self.language)) for block in kept)

    def _apart(self) -> set[str]:
        """Flattened lines that stand in blocks kept apart and nowhere else."""
        apart = {line.key for part in self.parts for line in (*part.lines, *([part.heading_line] if part.heading_line else []))}
        inside = {line.index for part in self.parts for line in part.lines} | {
            part.heading_line.index for part in self.parts if part.heading_line
        }
        captions = {flat(text) for text in captions_in(container_of(self.raw_lines))}
        return (apart - {line.key for line in self.lines if line.index not in inside}) | captions

    @cached_property
    def raw_lines(self) -> list[Line]:
        """The lines of the page that stand in the body as extracted."""
        return self._lines_of(self.raw_blocks)

    @cached_property
    def body_lines(self) -> list[Line]:
        """The lines of the page that became body."""
        return self._lines_of(self.blocks)

    def _lines_of(self, blocks: Iterable[Block]) -> list[Line]:
        said = {key for block in blocks for line in block.text.split("\n") if (key := flat(line.replace("\t", "")))}
        found = [line for line in self.lines if line.key in said]
        # A menu entry may say the same word as a line of the text: what stands outside the text's container is not it.
        container = container_of(found)
        return [line for line in found if container is None or line.within(container)]

    @cached_property
    def dateline(self) -> tuple[Dateline, StatedDate | None] | None:
        """The dateline and its date."""
        return dateline([block.text for block in self.blocks[:4]], self.language)

    def dates(self) -> Dates:
        """The dates of publication and change."""
        setting = Setting(self.frame.url, self.language, self.frame.at, self._month_first())
        own = {line.index for part in self.parts for line in part.lines}
        lines = [line for line in self.lines if line.index not in own and may_name_a_day(line.text)]
        near = [line for line in self._near(before=8, after=14) if line.index not in own]
        head = self.lines[self._head].element if self._head is not None else None
        around = {head, *head.iterancestors()} if head is not None else set()
        first = self.body_lines[0].index if self.body_lines else 0
        # Between headline and text a line is the page's own, whatever its container is called.
        near = [
            line
            for line in near
            if (self._head or 0) < line.index < min(first, (self._head or 0) + 12) or not stands_elsewhere(line.element, around)
        ]
        found = read_dates(self.stated, lines, near, setting, self.dateline[1] if self.dateline else None)
        return dates_by_layout(self.tree, self.lines, near, self.frame.layout, found, setting)

    def _near(self, before: int, after: int) -> list[Line]:
        """The lines about the headline and the start of the text, and just below its end."""
        head = self._head
        first = self.body_lines[0].index if self.body_lines else head or 0
        last = self.body_lines[-1].index if self.body_lines else first
        head = first if head is None else head
        start, end = min(head, first), max(head, first)
        end = min(max(start + after, end + 2), max(last + 1, start + after))
        return [*self.lines[max(0, start - before) : end], *self.lines[max(last + 1, end) : last + 6]]

    @cached_property
    def _head(self) -> int | None:
        """The headline's line: a heading that says it, else the line next to the text (breadcrumbs and menus say it too)."""
        key = flat(self.title)[:80]
        found = [line for line in self.lines if line.key[:80] == key] if key else []
        headings = [line for line in self.lines if line.tag in ("h1", "h2", "h3") and key in line.key] if key else []
        first = self.body_lines[0].index if self.body_lines else 0
        return min(headings or found, key=lambda line: abs(line.index - first)).index if headings or found else None

    def _month_first(self) -> bool:
        """Whether 03/04/2014 means 4 March here: sites of the United States in English."""
        host = urlsplit(self.frame.url).hostname or ""
        american = host.endswith((".gov", ".mil", ".us", ".com", ".org", ".net"))
        return american and (self.tree.get("lang") or "en").lower().replace("_", "-") in ("en", "en-us")

    def links(self) -> tuple[RelatedLink, ...]:
        """All links of the article by kind; an address appears under its most telling kind only."""
        head = self._head
        around = self.body_lines + ([self.lines[head]] if head is not None else [])
        text = "\n".join(block.text for block in self.blocks)
        found = [link for part in self.own_parts for link in links_of(part, self.base, self.language)]
        found += translations(self.names.leading, self.base, self.frame.url, self.language)
        found += body_links(self.body_lines, self.base)
        found += attachments(container_of(around, share=1.0), self.base)
        kept: dict[tuple[str, str | None], RelatedLink] = {}
        addresses: set[str | None] = set()
        for link in found:
            if link.url not in addresses:
                kept[link.kind, link.url] = link
                addresses.add(link.url)
        return (*kept.values(), *citations(text, self.language, self.frame.layout.citations))

    def article(self) -> Article:
        """Everything this page says."""
        crumbs = breadcrumbs(self.tree, self.names, self.stated, self.lines, self.frame.layout.breadcrumb)
        dates = self.dates()
        texts = [block.text for block in self.blocks]
        description = self.stated.first(
            "og:description", "description", "dcterms.description", "dc.description", "twitter:description"
        )
        return Article(
            url=self.frame.url,
            headline=self.title,
            description=description
            or next((text for node in self.stated.articles() if (text := text_value(node.get("description")))), None),
            articleBody="\n\n".join(texts),
            blocks=self.blocks,
            datePublished=dates.published,
            dateModified=dates.modified,
            authors=authors_of(
                self.names, self.stated, self._near(before=6, after=8), site_names(self.stated, self.frame.url), self.title
            ),
            inLanguage=self.language,
            breadcrumbs=crumbs,
            articleSection=section_of(crumbs, self.title, self.stated),
            dateline=self.dateline[0] if self.dateline else None,
            links=self.links(),
            images=images(container_of(self.body_lines), self.base),
            quotes=quotes([block.text for block in self.blocks if block.kind in ("paragraph", "quote")]),
            asides=tuple(part.aside() for part in self.own_parts),
            publisherNote=publisher_note([*texts, *(part.heading or "" for part in self.parts)]),
            canonicalUrl=self._canonical(),
        )

    def _canonical(self) -> str | None:
        for link in self.tree.iter("link"):
            if "canonical" in (link.get("rel") or "").lower().split():
                return absolute(self.base, link.get("href"))
        return None

    def kind(self, article: Article) -> PageKind:
        """Whether this is the page or something in its place."""
        title = self.tree.find(".//head/title")
        headings = "\n".join(line.text for line in self.lines if line.tag in ("h1", "h2"))
        password = any((field.get("type") or "").lower() == "password" for field in self.tree.iter("input"))
        return kind_of_page(
            text_of(title) if title is not None else "",
            headings,
            "\n".join(line.text for line in self.lines),
            self.raw,
            has_password=password,
            body_length=len(article.articleBody),
        )
