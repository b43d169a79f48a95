"""Which page of the record an address is: found, made, and its other addresses kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, select

from archive.ingest.rows import Row, insert_rows, table, update_rows
from archive.ingest.sightings import claim_sightings
from archive.records import Role
from archive.urls import canonical_url, page_key, urlkey

_MUTABLE = (
    "rules_id",
    "moved_to_id",
    "state",
    "first_seen",
    "last_seen",
    "first_missing_at",
    "missing_visits",
    "last_visit_at",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An address whose page is needed."""

    url: str
    role: Role
    identity: str | None = None

    @property
    def name(self) -> str:
        """What the portal's pages are told apart by: the identity its file defines, else the urlkey."""
        return self.identity or urlkey(self.url)


@dataclass
class Pages:
    """The pages a batch deals with, by name and by id; changed ones are written once, at its end."""

    connection: Connection
    portal_id: int
    slug: str
    by_name: dict[str, Row] = field(default_factory=dict)
    by_id: dict[int, Row] = field(default_factory=dict)
    dirty: set[int] = field(default_factory=set)
    made: set[int] = field(default_factory=set)  # in this batch
    missing: bool | None = None

    def load(self, wanted: Iterable[Wanted]) -> None:
        """Find or make the page of every address."""
        needed = {item.name: item for item in wanted if item.name not in self.by_name}
        if not needed:
            return
        page = table("page")
        wanted_pages = select(page).where(page.c.portal_id == self.portal_id, page.c.urlkey.in_(list(needed)))
        rows: list[Row] = [dict(row) for row in self.connection.execute(wanted_pages).mappings()]
        for row in rows:
            self._hold(row)
        new = [self._new(name, item) for name, item in needed.items() if name not in self.by_name]
        self.made.update(insert_rows(self.connection, "page", new))
        for row in new:
            self._hold(row)
        found = {urlkey(needed[row["urlkey"]].url): int(row["id"]) for row in new if row["role"] != "hub"}
        claim_sightings(self.connection, found)

    def of(self, wanted: Wanted) -> Row:
        """The page of an address that was loaded."""
        return self.by_name[wanted.name]

    def named(self, page_id: int) -> Row:
        """The page with this id, loaded when it is not yet."""
        return self.all_named([page_id])[0]

    def all_named(self, page_ids: Sequence[int]) -> list[Row]:
        """The pages with these ids, loaded when they are not yet."""
        if wanted := [number for number in page_ids if number not in self.by_id]:
            for row in self.connection.execute(_with_ids(), {"pages": wanted}).mappings():
                self._hold(dict(row))
        return [self.by_id[number] for number in page_ids]

    def touch(self, page: Row) -> None:
        """Say that a page's row was changed."""
        self.dirty.add(page["id"])

    def flush(self) -> None:
        """Write the changed pages."""
        update_rows(self.connection, "page", [self.by_id[number] for number in sorted(self.dirty)], _MUTABLE)
        self.dirty.clear()

    def any_missing(self) -> bool:
        """Whether a page of the portal is missing that was there once; those of this batch are written, to be found."""
        if self.missing is None:
            page = table("page")
            mine = select(page.c.id).where(page.c.portal_id == self.portal_id, page.c.state.in_(("suspected", "gone")))
            self.missing = self.connection.execute(mine.where(page.c.last_seen.is_not(None)).limit(1)).first() is not None
        if any(self.by_id[number]["state"] != "live" for number in self.dirty):
            self.missing = True
            self.flush()
        return self.missing

    def _hold(self, row: Row) -> None:
        self.by_name[row["urlkey"]] = row
        self.by_id[row["id"]] = row

    def _new(self, name: str, item: Wanted) -> Row:
        try:
            url = canonical_url(item.url)
        except ValueError:
            url = item.url
        return {
            "key": page_key(self.slug, name),
            "portal_id": self.portal_id,
            "url": url,
            "urlkey": name,
            "role": item.role,
            "whole_id": None,
            "part": None,
            "rules_id": None,
            "moved_to_id": None,
            "state": "live",
            "first_seen": None,
            "last_seen": None,
            "first_missing_at": None,
            "missing_visits": 0,
            "last_visit_at": None,
        }


def note_aliases(connection: Connection, claims: Iterable[tuple[int, str, str, datetime]]) -> None:
    """Keep other addresses of pages: (page id, url, why, when); seen again, only the time moves."""
    alias = table("alias")
    latest = {(page_id, urlkey(url), why): (url, at) for page_id, url, why, at in claims}
    if not latest:
        return
    known = {
        (row["page_id"], row["urlkey"], row["why"]): dict(row)
        for row in connection.execute(select(alias).where(alias.c.page_id.in_({key[0] for key in latest}))).mappings()
    }
    new: list[Row] = []
    seen: list[Row] = []
    for (page_id, key, why), (url, at) in latest.items():
        row = known.get((page_id, key, why))
        if row is None:
            new.append({"page_id": page_id, "urlkey": key, "url": url, "why": why, "first_at": at, "last_at": at})
        else:
            row["last_at"] = at
            seen.append(row)
    insert_rows(connection, "alias", new)
    update_rows(connection, "alias", seen, ("last_at",))


def saw(page: Row, at: datetime) -> None:
    """The page showed something at this instant."""
    page["first_seen"] = min(at, page["first_seen"] or at)
    page["last_seen"] = max(at, page["last_seen"] or at)


@cache
def _with_ids() -> Any:
    page = table("page")
    return select(page).where(page.c.id.in_(bindparam("pages", expanding=True)))
