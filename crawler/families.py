"""CMS families as data: what gives a system away, and what a portal's file of that family starts from."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from crawler.portal import Css, Layout, Part, Regex


class Signs(Part):
    """What only this system writes into a page: its generator tag, folders in the addresses of scripts, styles, images."""

    generator: Regex | None = None
    folders: Regex | None = None


class Places(Part):
    """Where its themes have headline and date as a rule: a hint for who writes a layout by hand, no rule. On real pages
    these selectors found section names and days of change as often as what was meant."""

    title: Css | None = None
    published: Css | None = None


class Family(Part):
    """crawler/portals/families/<id>.toml. `layout` is what a portal's file starts from."""

    id: str
    name: str
    signs: Signs = Signs()
    layout: Layout = Layout()
    places: Places = Places()


@cache
def families() -> tuple[Family, ...]:
    """All families, by id."""
    folder = files("crawler") / "portals" / "families"
    found = sorted((item for item in folder.iterdir() if item.name.endswith(".toml")), key=lambda item: item.name)
    return tuple(
        Family.model_validate({"id": item.name.removesuffix(".toml"), **tomllib.loads(item.read_text(encoding="utf-8"))})
        for item in found
    )


def recognise(generator: str, addresses: str) -> tuple[Family, str] | None:
    """The family of a page and the sign it was known by, given its generator tag and the addresses its head and images name."""
    for family in families():
        if family.signs.generator and re.search(family.signs.generator, generator, re.IGNORECASE):
            return family, f"generator tag: {generator[:60]}"
    for family in families():
        if family.signs.folders and (match := re.search(family.signs.folders, addresses)):
            return family, f"its folder {match[0]}"
    return None
