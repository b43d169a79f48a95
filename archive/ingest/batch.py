"""One batch's view of the record: its run, its pages, the last versions of their timelines, and what has to be written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, and_, bindparam, func, select

from archive.ingest.originals import ReadAhead
from archive.ingest.pages import Pages, note_aliases
from archive.ingest.pending import Pending
from archive.ingest.readings import Readings
from archive.ingest.rows import Row, table, update_rows
from archive.ingest.runs import Run
from archive.ingest.values import PortalRecord, Reader, Retold
from archive.unread import Reread, Unread
from archive.urls import urlkey
from archive.versioning import Standing

_MUTABLE = {"version": ("last_visit", "last_at", "visits", "reading_id", "work_id"), "stretch": ("died", "text")}


@dataclass
class Timeline:
    """The end of a page's timeline: its last version, and the last that showed content."""

    last: Row | None = None
    content: Row | None = None

    def standing(self, page: Row) -> Standing:
        """Where the page stands."""
        return Standing(
            last=self.last["state"] if self.last else None,
            content=self.content["print"] if self.content else None,
            location=self.last["location"] if self.last else None,
            first_missing_at=page["first_missing_at"],
            missing_visits=page["missing_visits"],
        )


@dataclass
class Batch:
    """What the steps of a batch share. `run_id` and `rules_id` are the run's; a page may still stand under older rules."""

    connection: Connection
    pending: Pending
    portal: PortalRecord
    portal_id: int
    run_id: int
    rules_id: int
    pages: Pages
    readings: Readings
    evidence: Path
    noise: frozenset[str] = frozenset()
    patterns: tuple[re.Pattern[str], ...] = ()
    reader: Reader | None = None
    ahead: Mapping[int, ReadAhead] = field(default_factory=dict)  # by capture: read beforehand, in other processes
    said: dict[Unread, Reread | None] = field(default_factory=dict)  # read again by `reader`
    retold: Retold = field(default_factory=Retold)
    timelines: dict[tuple[int, str], Timeline] = field(default_factory=dict)
    firsts: dict[tuple[int, str], int] = field(default_factory=dict)  # page and variant: first version with content
    alive: dict[int, dict[tuple[str, str, str, int], Row]] = field(default_factory=dict)  # sentences of pages now read
    works: dict[str, int] = field(default_factory=dict)  # that this batch made, by key
    translations: list[tuple[str, int, frozenset[str]]] = field(default_factory=list)  # page, work, addresses named
    dirty: dict[tuple[str, int], Row] = field(default_factory=dict)
    aliases: list[tuple[int, str, str, datetime]] = field(default_factory=list)
    loaded: set[int] = field(default_factory=set)

    @classmethod
    def of(
        cls,
        connection: Connection,
        run: Run,
        evidence: Path,
        reader: Reader | None,
        ahead: Mapping[int, ReadAhead] | None = None,
    ) -> Self:
        """A batch of a run that is open."""
        pending = Pending(connection)
        return cls(
            connection,
            pending,
            run.portal,
            run.portal_id,
            run.id,
            run.rules_id,
            Pages(connection, run.portal_id, run.portal.slug),
            Readings(connection, pending),
            evidence,
            noise=run.noise,
            patterns=tuple(re.compile(pattern) for pattern in run.portal.noise),
            reader=reader,
            ahead=ahead or {},
        )

    def load_timelines(self, page_ids: Iterable[int]) -> None:
        """Fetch the ends of these pages' timelines, one query for each set of rules they stand under (mostly one)."""
        by_rules: dict[int, list[int]] = {}
        for number in page_ids:
            rules_id = self.pages.named(number)["rules_id"]
            if number not in self.loaded and rules_id is not None:
                by_rules.setdefault(rules_id, []).append(number)
            self.loaded.add(number)
        for rules_id, numbers in by_rules.items():
            for row in self.connection.execute(_ends(), {"pages": numbers, "rules": rules_id}).mappings():
                self._hold(dict(row))

    def forget(self, page: Row) -> None:
        """The page stands under other rules now: its timelines are to be fetched again."""
        self.loaded.discard(page["id"])
        for held in (self.timelines, self.firsts):
            for key in [key for key in held if key[0] == page["id"]]:
                del held[key]

    def _hold(self, row: Row) -> None:
        row["print"] = content_print(row["textprint"], row["sha256"])
        timeline = self.timelines.setdefault((row["page_id"], row["variant"]), Timeline())
        timeline.last = row
        if row["state"] == "content":
            timeline.content = row

    def timeline(self, page: Row, variant: str = "") -> Timeline:
        """The end of one timeline; an empty one where the page has no version yet."""
        self.load_timelines([page["id"]])
        return self.timelines.setdefault((page["id"], variant), Timeline())

    def extend(self, version: Row, visit_id: int, at: datetime) -> None:
        """A version still stands."""
        version["visits"] += 1
        if at >= version["last_at"]:
            version |= {"last_visit": visit_id, "last_at": at}
        self.changed("version", version)

    def changed(self, name: str, row: Row) -> None:
        """A version or a stretch is to be written again, unless it waits to be written in any case."""
        if self.pending.get(name, row["id"]) is None:
            self.dirty[name, row["id"]] = row

    def add_version(self, page: Row, variant: str, **values: Any) -> Row:
        """A new version at the end of a timeline. `values`: state, visit_id, at, and what the state needs."""
        timeline = self.timeline(page, variant)
        printed = values.pop("print", None)
        visit_id, at = values.pop("visit_id"), values.pop("at")
        row: Row = {
            "page_id": page["id"],
            "variant": variant,
            "rules_id": page["rules_id"],
            "n": timeline.last["n"] + 1 if timeline.last else 1,
            "status": None,
            "location": None,
            "work_id": None,
            "reading_id": None,
            "capture_id": None,
            "first_visit": visit_id,
            "last_visit": visit_id,
            "not_before": timeline.last["last_at"] if timeline.last else None,
            "first_at": at,
            "last_at": at,
            "visits": 1,
            **values,
        }
        self.pending.add("version", row)
        row["print"] = printed
        timeline.last = row
        if row["state"] == "content":
            if timeline.content is None:
                self.firsts[page["id"], variant] = row["id"]
            timeline.content = row
        return row

    def claim(self, page: Row, url: str, why: str, at: datetime) -> None:
        """Another address of a page, unless it is the page's own."""
        if urlkey(url) != page["urlkey"]:
            self.aliases.append((page["id"], url, why, at))

    def settle(self) -> None:
        """Write the rows that wait; to be called before the database is asked about rows of this batch."""
        self.pending.settle()
        self.readings.settle()

    def flush(self) -> None:
        """Write all that waits, what changed in pages, versions and stretches, and the addresses that were met."""
        self.settle()
        note_aliases(self.connection, self.aliases)
        self.aliases.clear()
        for name, columns in _MUTABLE.items():
            update_rows(self.connection, name, [row for (held, _), row in self.dirty.items() if held == name], columns)
        self.dirty.clear()
        self.pages.flush()


@cache
def _ends() -> Any:
    """The last version of each timeline, and the last that shows content, with what names their content."""
    version, reading, capture, payload = map(table, ("version", "reading", "capture", "payload"))
    ends = (
        select(
            version.c.page_id,
            version.c.variant,
            func.max(version.c.n).label("last"),
            func.max(version.c.n).filter(version.c.state == "content").label("content"),
        )
        .where(version.c.page_id.in_(bindparam("pages", expanding=True)), version.c.rules_id == bindparam("rules"))
        .group_by(version.c.page_id, version.c.variant)
        .subquery()
    )
    mine = and_(version.c.page_id == ends.c.page_id, version.c.variant == ends.c.variant)
    same = and_(mine, version.c.rules_id == bindparam("rules"))
    return (
        select(version, reading.c.textprint, payload.c.sha256)
        .join(ends, and_(same, version.c.n.in_([ends.c.last, ends.c.content])))
        .outerjoin(reading, reading.c.id == version.c.reading_id)
        .outerjoin(capture, capture.c.id == version.c.capture_id)
        .outerjoin(payload, payload.c.id == capture.c.payload_id)
        .order_by(version.c.n)
    )


def content_print(textprint: str | None, payload: str | None) -> str | None:
    """What names a version's content: the text where it was read, else the bytes."""
    return textprint or (f"bytes:{payload}" if payload else None)
