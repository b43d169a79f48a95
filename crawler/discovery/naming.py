"""What to call the portal: an id from its host, a name from what its pages share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from crawler.discovery.proposal import Found
from crawler.listings.links import ParsedPage, words

_MARK = re.compile(r"\s+[|–—·•»:-]\s+|\s*\|\s*")


def portal_id(home: str) -> Found[str]:
    """The host without www and without a plain "portal." in front, dots as hyphens, with the port where one is given."""
    parts = urlsplit(home)
    host = re.sub(r"^(?:www\d*|portal)\.(?=.+\.)", "", (parts.hostname or "portal").lower())
    text = f"{host}-{parts.port}" if parts.port else host
    return Found(re.sub(r"[^a-z0-9]+", "-", text).strip("-")[:63] or "portal", "host without www")


def portal_name(home: ParsedPage, pages: Sequence[ParsedPage]) -> Found[str]:
    """og:site_name, else the part of <title> that most pages share, else the home page's own title, else the host."""
    sites = [name for page in (home, *pages) if (name := _meta(page, "og:site_name"))]
    if sites:
        name, hits = Counter(sites).most_common(1)[0]
        return Found(name, "og:site_name", hits, len(sites))
    titles = [text for page in pages if (text := _title(page))]
    shared = Counter(piece for title in titles for piece in set(_pieces(title)))
    if shared and len(titles) >= 3:
        name, hits = max(shared.items(), key=lambda item: (item[1], len(item[0])))
        if hits >= 0.5 * len(titles) and len(_pieces(" - ".join(titles))) > len(titles):
            return Found(name, "part of <title> shared by pages", hits, len(titles))
    title = _title(home)
    return Found(title, "<title> of the home page") if title else Found(urlsplit(home.url).netloc, "host")


def distinct_names(names: Iterable[tuple[str, str | None]]) -> list[str]:
    """Section names, each once: a name that occurs again gets its language, then a number ("Blog", "Blog (fr)")."""
    taken: set[str] = set()
    result = []
    for name, lang in names:
        options = [name, f"{name} ({lang})" if lang else name, *(f"{name} ({n})" for n in range(2, 1000))]
        chosen = next(option for option in options if option.casefold() not in taken)
        taken.add(chosen.casefold())
        result.append(chosen)
    return result


def _pieces(title: str) -> list[str]:
    return [piece.strip() for piece in _MARK.split(title) if len(piece.strip()) >= 3]


def _title(page: ParsedPage) -> str | None:
    node = next(page.root.iter("title"), None) if page.root is not None else None
    return (words(node) or None) if node is not None else None


def _meta(page: ParsedPage, name: str) -> str | None:
    found = page.root.xpath("//meta[@property=$name or @name=$name]/@content", name=name) if page.root is not None else []
    return " ".join(str(found[0]).split()) or None if found else None
