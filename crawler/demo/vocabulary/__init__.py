"""The words of the fictional government, one TOML file a language; `Vocabulary` is the typed view of one of them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("en", "az", "ru")


@dataclass(frozen=True, slots=True)
class Topic:
    """What one kind of news is made of: templates with {slots} and [choices]."""

    headlines: tuple[str, ...]
    subheads: tuple[str, ...]
    facts: tuple[str, ...]
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One language of the portal."""

    lang: str
    ui: dict[str, str]
    sections: dict[str, str]
    topics: dict[str, Topic]
    generic: tuple[str, ...]
    months: tuple[str, ...]
    date: str
    roles: tuple[str, ...]
    outlets: tuple[str, ...]
    citations: tuple[str, ...]
    press: dict[str, list[str]]
    edits: dict[str, Any]
    names: dict[str, Any]


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def vocabulary(lang: str) -> Vocabulary:
    """The words of one of LANGUAGES."""
    table = _table(lang)
    return Vocabulary(
        lang=lang,
        ui=table["ui"],
        sections=table["sections"],
        topics={
            name: Topic(tuple(t["headlines"]), tuple(t["subheads"]), tuple(t["facts"]), tuple(t["quotes"]))
            for name, t in table["topics"].items()
        },
        generic=tuple(table["generic"]["sentences"]),
        months=tuple(table["months"]["names"]),
        date=table["months"]["date"],
        roles=tuple(table["roles"]["names"]),
        outlets=tuple(table["outlets"]["names"]),
        citations=tuple(table["outlets"]["citations"]),
        press=table["press"],
        edits=table["edits"],
        names=_table("names")[lang],
    )
