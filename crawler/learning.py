"""What the archive's own texts teach about a portal, written into its file: a rule like any other, that one may strike out.

Because the lines stand in the portal file, and each run keeps its file in the evidence, a rebuild reads as the archive did,
the digest of the rules names them, and `reextract` tells what they changed apart from the publisher's edits.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import tomlkit
from tomlkit.items import AoT

from archive import database, query
from archive.workspace import Workspace
from crawler.boilerplate import Line, Text, learn
from crawler.checking import Check
from crawler.extraction.plain_text import flat
from crawler.portal import Portal

SAMPLE = 2000  # articles asked, chosen by their ids' digests: the same ones each time, from all over the portal


def lines_to_learn(workspace: Workspace, portal: Portal) -> tuple[Line, ...]:
    """Lines that stand in most texts of the archive and are not in the file yet; texts of the layout in force are asked."""
    days = [layout.valid_until for layout in portal.layout if layout.valid_until is not None]
    since = datetime.combine(max(days) + timedelta(days=1), time.min, UTC) if days else None
    with database.session(workspace, readonly=True) as session:
        rows = query.texts(session, portal=portal.about.id, since=since)
        chosen = heapq.nsmallest(SAMPLE, map(_text, rows), key=lambda pair: pair[0])
    known = {flat(line) for line in portal.layout[-1].boilerplate}
    return tuple(line for line in learn(text for _, text in chosen) if flat(line.text) not in known)


def check_texts(workspace: Workspace, portal: Portal) -> list[Check]:
    """Whether the archive's texts hold lines that `portal learn` would take for the portal's."""
    lines = lines_to_learn(workspace, portal)
    said = f"{len(lines)} lines stand at an end of most: onrecord portal learn {portal.about.id}"
    return [Check("texts", "", None, said)] if lines else []


def _text(row: dict[str, Any]) -> tuple[str, Text]:
    return row["page"], Text(row["inLanguage"], row["headline"], tuple(row["articleBody"].split("\n\n")))


def with_boilerplate(text: str, lines: Iterable[Line]) -> str:
    """The portal file with these lines added to the layout in force, each with the articles it was seen on."""
    document = tomlkit.parse(text)
    if "layout" not in document:
        tables: AoT = tomlkit.aot()
        tables.append(tomlkit.table())
        document.add("layout", tables)
    layout: Any = document["layout"]
    array = layout[-1].setdefault("boilerplate", tomlkit.array())
    array.multiline(True)
    for line in lines:
        array.add_line(line.text, comment=f"auto: on {line.hits}/{line.of} articles")
    array.add_line(indent="")
    return tomlkit.dumps(document)
