"""A proposal as a commented portal file; and a blank one to fill in by hand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urljoin, urlsplit

import tomlkit
from tomlkit.items import AoT, Array, Table

from crawler.discovery import Found, FoundSection, Proposal
from crawler.families import Family, families


def draft(proposal: Proposal, *, delay: Found[str]) -> str:
    """The text of a new portal file; every guessed line says why and on how many samples."""
    document = tomlkit.document()
    document.add(tomlkit.comment(f"Written by `onrecord add {proposal.home}`. Edit freely: your edits are never overwritten."))
    document.add("schema", tomlkit.item(1))
    document.add("portal", _portal(proposal))
    document.add("politeness", _table({"delay": delay}))
    document.add("discover", _discover(proposal))
    if proposal.sections:
        document.add("section", _sections(proposal))
    document.add("articles", _articles(proposal))
    if family := next((item for item in families() if proposal.family and item.id == proposal.family.value), None):
        document.add("layout", _layout(family))
    document.add("noise", _noise(proposal))
    return tomlkit.dumps(document)


def blank(portal_id: str, home: str) -> str:
    """A portal file to fill in by hand; every table with an example behind a #."""
    document = tomlkit.parse(_BLANK)
    portal = document["portal"]
    portal["id"], portal["name"], portal["home"] = portal_id, portal_id, home
    return tomlkit.dumps(document)


_BLANK = """\
# A portal, described by hand. Every key: docs/reference/portal-file.md
schema = 1

[portal]
id = ""
name = ""
home = ""
languages = []                  # ["en", "az"]; the first is the main one
timezone = "UTC"                # "Asia/Baku"

[politeness]
delay = "1s"

[discover]
feeds = []                      # ["/rss.xml"]
sitemaps = []                   # ["/sitemap.xml"]

# [[section]]
# name = "News"
# url = "/en/news"
# paginate = { next = "a.next" }

[articles]
# url = '^/(?P<lang>en|az)/news/(?P<id>\\d+)'    # on path and query

[noise]
lines = []
selectors = []
"""


def _portal(proposal: Proposal) -> Table:
    values: dict[str, Any] = {
        "id": proposal.id,
        "name": proposal.name,
        "home": proposal.home,
        "languages": proposal.languages,
        "timezone": proposal.timezone,
    }
    if proposal.family is not None:
        values["family"] = proposal.family
    table = _table(values)
    if proposal.zones:
        table.add(tomlkit.comment(f"timezone: these fit as well: {', '.join(proposal.zones[:6])}"))
    return table


def _discover(proposal: Proposal) -> Table:
    home = proposal.home
    newest = max((feed.newest for feed in proposal.feeds if feed.newest), default=None)
    shown = f"{sum(feed.items for feed in proposal.feeds)} entries" + (f", newest {newest[:10]}" if newest else "")
    feeds = Found([_relative(home, feed.url) for feed in proposal.feeds], shown if proposal.feeds else "none found")
    maps = proposal.sitemaps
    return _table({"feeds": feeds, "sitemaps": Found([_relative(home, url) for url in maps.value], maps.why)})


def _sections(proposal: Proposal) -> AoT:
    tables = tomlkit.aot()
    for section in proposal.sections:
        url = Found(_relative(proposal.home, section.url), _shown(section))
        values: dict[str, Any] = {"name": section.name, "url": url}
        if section.pager is not None:
            pages = tomlkit.inline_table()
            pages.update({"max_pages": 3, "backfill_pages": 200})
            values["paginate"] = Found(pages, section.pager)
        tables.append(_table(values))
    return tables


def _shown(section: FoundSection) -> str:
    return f"shows {section.articles} articles" if section.looked_at else "like its sister in another language; not looked at"


def _articles(proposal: Proposal) -> Table:
    table = tomlkit.table()
    if proposal.pattern is None:
        table.add(
            tomlkit.comment("auto: no shape of address was found; set url = '…' (a regular expression on path and query)")
        )
        return table
    for sample in proposal.samples:
        table.add(tomlkit.comment(f"sample: {_relative(proposal.home, sample.url)}"))
    _put(
        table, "url", Found(_literal(proposal.pattern.value), proposal.pattern.why, proposal.pattern.hits, proposal.pattern.of)
    )
    if proposal.identity:
        _put(table, "identity", Found(list(proposal.identity), "a number no two articles share; the slug may change"))
    _put(table, "exclude", Found(_lines(proposal.exclude), "menus and listings of the same shape") if proposal.exclude else [])
    return table


def _layout(family: Family) -> AoT:
    """What the family puts beside a text; where its themes have headline and date as a rule stands behind a #."""
    table = tomlkit.table()
    if family.layout.body.prune:
        pruned = tomlkit.inline_table()
        pruned["prune"] = _lines(family.layout.body.prune)
        _put(table, "body", Found(pruned, f"what {family.name} puts beside a text"))
    if family.places.title:
        table.add(tomlkit.comment(f'title = "{family.places.title}"   where {family.name} has it; found without'))
    if family.places.published:
        place = f'published = {{ selector = "{family.places.published}" }}'
        table.add(tomlkit.comment(f"{place}   where {family.name} has it; found without"))
    tables = tomlkit.aot()
    tables.append(table)
    return tables


def _noise(proposal: Proposal) -> Table:
    table = tomlkit.table()
    for key, found in (("lines", proposal.noise_lines), ("selectors", proposal.noise_selectors)):
        if found:
            samples = f" ({found[0].hits}/{found[0].of} samples)" if found[0].of else ""
            _put(table, key, Found(_lines(item.value for item in found), found[0].why + samples))
        else:
            _put(table, key, Found([], "none seen"))
    return table


def _table(values: dict[str, Any]) -> Table:
    table = tomlkit.table()
    for key, value in values.items():
        _put(table, key, value)
    return table


def _put(table: Table, key: str, value: Any) -> None:
    """Add a key; a `Found` brings its comment."""
    plain = value.value if isinstance(value, Found) else value
    item = plain if isinstance(plain, tomlkit.items.Item) else tomlkit.item(list(plain) if isinstance(plain, tuple) else plain)
    if isinstance(value, Found):
        item.comment(value.comment.replace("\n", " "))
    table.add(key, item)


def _literal(text: str) -> tomlkit.items.String:
    """A regular expression as TOML wants it read: '…', so that a backslash is a backslash."""
    plain = "'" not in text and not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", text)
    return tomlkit.string(text, literal=plain)


def _lines(values: Iterable[str]) -> Array:
    array = tomlkit.array()
    for value in values:
        array.append(_literal(value))
    return array.multiline(len(array) > 3)


def _relative(home: str, url: str) -> str:
    """The address as it stands in the file: path and query on the home page's host, else in full."""
    parts = urlsplit(url)
    if (parts.scheme, parts.netloc) != urlsplit(home)[:2]:
        return url
    short = parts.path + (f"?{parts.query}" if parts.query else "")
    return short if short and urljoin(home, short) == url else url
