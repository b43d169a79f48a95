"""Two articles -> their changed blocks, field by field: headline, body, dates, authors, links, images, attachments, blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from typing import Literal, get_args
from urllib.parse import parse_qsl, urlsplit

from archive.diffing.furniture import TURNED, UPDATED, furniture_slot
from archive.diffing.noise import PAGE, PUNCTUATION, SPACING, mask
from archive.diffing.operations import Op, replay
from archive.diffing.text import Block, as_lists, diff_text, ops_of
from archive.diffing.wording import wording
from archive.records import Article, Image, RelatedLink

Field = Literal["headline", "body", "dates", "authors", "links", "images", "attachments", "blocks"]
FIELDS: tuple[Field, ...] = get_args(Field)

# Parameters of an image's address that name a size or a cache's age, not a picture.
_RENDITION = frozenset(
    (
        "w",
        "h",
        "width",
        "height",
        "size",
        "s",
        "resize",
        "fit",
        "crop",
        "quality",
        "q",
        "itok",
        "v",
        "ver",
        "version",
        "t",
        "ts",
    )
)
CAROUSEL = 3  # images, at least
TEXT_LINKS = ("body", "citation")
LISTS = ("related", "foreign_press")  # blocks that are lists of links
MIN_CONFIDENCE = 0.3  # of a date's reading: below, it is the extractor that moved


def changed_blocks(old: Article, new: Article) -> Iterator[Block]:
    """Every changed block of every field, each with its `slot`."""
    yield from _headline(old, new)
    yield from _body(old, new)
    yield from _values("dates", _dates(old), _dates(new), new.url)
    yield from _values("authors", _authors(old), _authors(new), new.url)
    yield from _values("links", _own_links(old, new), _own_links(new, old), new.url)
    yield from _pictures(old, new)
    yield from _values("attachments", _links(old, ("attachment",)), _links(new, ("attachment",)), new.url)
    yield from _asides(old, new)
    for kind in LISTS:
        yield from _values("blocks", _titled(old, kind), _titled(new, kind), new.url, slot=f"blocks:{kind}")


def _headline(old: Article, new: Article) -> Iterator[Block]:
    before, after = old.headline or "", new.headline or ""
    if unescape(before) == unescape(after):
        return  # metadata escaped twice ("&#8217;" for "’"): how it is written, not what it says
    for block in diff_text(before, after, "headline").blocks:
        yield {**block, "slot": _quiet_slot(block) or f"headline{PAGE}{new.url}"}


def _body(old: Article, new: Article) -> Iterator[Block]:
    if old.articleBody == new.articleBody:
        return
    blocks = diff_text(old.articleBody, new.articleBody).blocks
    parts = old.articleBody.split("\n\n")
    changed = {at for block in blocks for at in range(block["old_para"] - 1, block["old_para"] - 1 + block["span"][0])}
    for block in blocks:
        slot = _quiet_slot(block) or _furniture(block) or _text_slot(block, parts, changed, new.url)
        yield {**block, "slot": slot, "field": "dates" if slot == UPDATED else "body"}


def _quiet_slot(block: Block) -> str | None:
    """SPACING or PUNCTUATION where a text block's wording is the same, else None."""
    ops = ops_of(block)
    before, after = replay(ops, "old"), replay(ops, "new")
    if before.split() == after.split():
        return SPACING
    return PUNCTUATION if wording(before) == wording(after) else None


def _furniture(block: Block) -> str | None:
    ops = ops_of(block)
    return furniture_slot(replay(ops, "old"), replay(ops, "new"))


def _text_slot(block: Block, parts: Sequence[str], changed: set[int], url: str) -> str:
    """The slot of a changed paragraph: its own masked text if only digits changed, else the paragraph it stands under."""
    ops = ops_of(block)
    before = mask(replay(ops, "old"))
    if before and before == mask(replay(ops, "new")):
        return f"{block['field']}:{before}"
    start = block["old_para"] - 1
    under = next((mask(parts[at]) for at in range(start - 1, -1, -1) if at not in changed and parts[at].strip()), "")
    return f"{block['field']}>{under}" if under else f"{block['field']}{PAGE}{url}"


def _pictures(old: Article, new: Article) -> Iterator[Block]:
    """Images; several out of one folder for as many others out of it are a carousel that was caught at another turn."""
    before, after = ({_picture(image.url) for image in article.images} for article in (old, new))
    gone, come = before - after, after - before
    folders = {picture.rpartition("/")[0] for picture in gone | come}
    turned = len(gone) == len(come) >= CAROUSEL and len(folders) == 1
    yield from _values("images", _images(old), _images(new), new.url, slot=TURNED if turned else None)


def _asides(old: Article, new: Article) -> Iterator[Block]:
    texts: list[dict[tuple[str, str], str]] = []
    for article in (old, new):
        found: dict[tuple[str, str], str] = {}
        linked = {link.kind for link in article.links}
        for aside in article.asides:
            if aside.kind in LISTS and aside.kind in linked:
                continue  # its links are compared one by one
            key = (aside.kind, aside.heading or "")
            found[key] = f"{found[key]}\n\n{aside.text}" if key in found else aside.text
        note = article.publisherNote
        if note and note not in article.articleBody:
            found.setdefault(("change_note", ""), note)
        texts.append(found)
    before, after = texts
    for key in dict.fromkeys([*before, *after]):
        for block in diff_text(before.get(key, ""), after.get(key, ""), "blocks").blocks:
            slot = _quiet_slot(block) or _furniture(block) or f"blocks:{key[0]}:{mask(key[1])}"
            yield {**block, "aside": list(key), "slot": slot, "field": "dates" if slot == UPDATED else "blocks"}


def _values(field: Field, old: Sequence[str], new: Sequence[str], url: str, slot: str | None = None) -> Iterator[Block]:
    """Values without order: those that went and those that came, each a whole line."""
    gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
    for tag, values, lines in (("-", gone, old), ("+", come, new)):
        for value in values.elements():
            at = lines.index(value) + 1
            yield {
                "field": field,
                "para": at,
                "old_para": at,
                "span": [1, 0] if tag == "-" else [0, 1],
                "ops": as_lists([Op("-" if tag == "-" else "+", value)]),
                "slot": slot or f"{field}:{_folder(value)}{PAGE}{url}",
            }


def _dates(article: Article) -> list[str]:
    found = []
    for name, date in (("datePublished", article.datePublished), ("dateModified", article.dateModified)):
        if date is not None and date.confidence >= MIN_CONFIDENCE:
            found.append(f"{name} {date.value}")
    return found


def _authors(article: Article) -> list[str]:
    return [" ".join(name.split()) for name in article.authors]


def _links(article: Article, kinds: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(link.url or link.title or "" for link in article.links if link.kind in kinds))


def _own_links(article: Article, other: Article) -> list[str]:
    """Links of the text. One that the other article has too, if in a list of related pages, neither came nor went."""
    elsewhere = {link.url for link in other.links if link.kind not in TEXT_LINKS}
    return [url for url in _links(article, TEXT_LINKS) if url not in elsewhere]


def _titled(article: Article, kind: str) -> list[str]:
    return [_line(link) for link in article.links if link.kind == kind]


def _line(link: RelatedLink) -> str:
    return " · ".join(part for part in (link.title, link.outlet, link.date, link.url, link.lead) if part)


def _images(article: Article) -> list[str]:
    return [_image(image) for image in article.images]


def _image(image: Image) -> str:
    return " · ".join(part for part in (_picture(image.url), image.caption, image.alt) if part)


def _picture(url: str) -> str:
    """An image's address without scheme and without the parameters of its rendition."""
    parts = urlsplit(url)
    kept = [f"{key}={value}" for key, value in parse_qsl(parts.query, keep_blank_values=True) if key.lower() not in _RENDITION]
    return f"{parts.netloc}{parts.path}" + (f"?{'&'.join(kept)}" if kept else "")


def _folder(value: str) -> str:
    return mask(value.rsplit("/", 1)[0]) if "/" in value else mask(value)
