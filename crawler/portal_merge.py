"""A fresh draft merged into a portal file that people have edited: their edits stay, the rest follows the draft."""

from __future__ import annotations

from collections.abc import MutableMapping
from datetime import date, timedelta
from typing import Any

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.items import AoT, InlineTable, Item, Table

_KEYED = {"section": "url", "layout": "valid_until"}  # how the tables of an array are told apart


def merge(mine: str, base: str | None, theirs: str, day: date) -> str:
    """`mine` (the file, edited or not) with what is new in `theirs` (a fresh draft of this day), given `base`, the draft it
    began as.

    A value somebody changed, added or took out stays as they left it; a value still as drafted follows the new draft.
    Without a base every value of the file counts as somebody's, and only what is missing is added. Where the portal has
    moved to another family of systems, the layout in force ends the day before, and older captures keep it.
    """
    document = tomlkit.parse(mine)
    drafted = tomlkit.parse(base) if base is not None else None
    fresh = tomlkit.parse(theirs)
    if drafted is not None and _moved(drafted, fresh) and isinstance(document.get("layout"), AoT):
        document["layout"][-1]["valid_until"] = day - timedelta(days=1)
        drafted.pop("layout", None)
    _merge_table(document, drafted, fresh)
    return tomlkit.dumps(document)


def _moved(base: TOMLDocument, theirs: TOMLDocument) -> bool:
    before, now = (document.get("portal", {}).get("family") for document in (base, theirs))
    return now is not None and before is not None and now != before and "layout" in theirs


def _merge_table(mine: MutableMapping[str, Any], base: Any, theirs: Any) -> None:
    for key, new in theirs.items():
        old = base.get(key) if base is not None else None
        if key not in mine:
            if old is None:
                mine[key] = new
        elif isinstance(new, AoT):
            _merge_tables(mine[key], old, new, _KEYED.get(key, "name"))
        elif isinstance(new, Table | TOMLDocument) and isinstance(mine[key], Table):
            _merge_table(mine[key], old, new)
        elif old is not None and _plain(mine[key]) == _plain(old) != _plain(new):
            mine[key] = new
    for key in list(mine):
        gone = base is not None and key in base and key not in theirs
        if gone and not isinstance(mine[key], AoT | Table) and _plain(mine[key]) == _plain(base[key]):
            del mine[key]


def _merge_tables(mine: Any, base: Any, theirs: AoT, name: str) -> None:
    """Tables of an array by what names them: new ones are added, known ones merged, those taken out by hand stay out."""
    if not isinstance(mine, AoT):
        return
    ours = {_plain(table.get(name)): table for table in mine}
    drafted = {_plain(table.get(name)): table for table in base or ()}
    for new in theirs:
        key = _plain(new.get(name))
        if key in ours:
            _merge_table(ours[key], drafted.get(key), new)
        elif key not in drafted:
            mine.append(new)


def _plain(value: Any) -> Any:
    return value.unwrap() if isinstance(value, Item | InlineTable) else value
