"""Selections of the evidence for others: as a WARC file, or as a WACZ that replays in a browser."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Connection, select

from archive.models import Base
from archive.wacz.package import PageText, write_wacz
from archive.wacz.selection import Chosen, choose, records
from archive.wacz.warc import Exported, write_warc
from archive.workspace import Workspace

__all__ = ["Chosen", "Exported", "PageText", "choose", "export_wacz", "export_warc", "pages_of", "records", "write_wacz"]


def export_warc(workspace: Workspace, connection: Connection, captures: Iterable[int], path: Path, *, title: str) -> int:
    """Write a selection of captures (their ids) as one .warc.gz; returns the number of records."""
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as out:
        chosen = choose(connection, captures)
        done = write_warc(workspace, records(workspace, chosen), out, path.name, {"description": title})
    part.replace(path)
    return done.records


def export_wacz(workspace: Workspace, connection: Connection, captures: Iterable[int], path: Path, *, title: str) -> int:
    """Write a selection of captures (their ids) as a WACZ with pages and full text; returns the number of records."""
    chosen = choose(connection, captures)
    return write_wacz(workspace, chosen, pages_of(connection, chosen), path, title=title)


def pages_of(connection: Connection, chosen: Iterable[Chosen]) -> list[PageText]:
    """The articles among the captures, with their headline and text."""
    capture, reading, version, page, visit = (
        Base.metadata.tables[name] for name in ("capture", "reading", "version", "page", "visit")
    )
    wanted = {item.id: item for item in chosen if item.status == 200}
    query = (
        select(capture.c.id, reading.c.headline, reading.c.body)
        .join(version, version.c.capture_id == capture.c.id)
        .join(reading, reading.c.id == version.c.reading_id)
    )
    articles = (
        select(capture.c.id)
        .join(visit, visit.c.id == capture.c.visit_id)
        .join(page, page.c.id == visit.c.page_id)
        .where(page.c.role.in_(("article", "hub")))
    )
    texts = {row.id: row for row in connection.execute(query) if row.id in wanted}
    numbers = [number for number in connection.scalars(articles) if number in wanted]
    found = []
    for number in sorted(numbers, key=lambda item: (item not in texts, wanted[item].at)):
        row, item = texts.get(number), wanted[number]
        found.append(PageText(item.url, item.at, row.headline if row else None, row.body if row else None))
    return found
