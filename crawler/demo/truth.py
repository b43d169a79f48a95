"""The changes an archive must report between two editions, in its own words, and the comparison with what it reported."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Expected:
    """One change of the truth. `url` is a path until `Expected.at` gives it the portal's address."""

    kind: str  # new | edited | moved | replaced | gone | back
    url: str
    fields: tuple[str, ...] = ()  # of an edited page, sorted
    from_url: str | None = None  # of a moved page
    declared: str | None = None  # yes | no | unknown, of an edited page
    state: str | None = None  # of a gone page: suspected | gone
    detail: str = ""  # what the editor did, for people

    def at(self, base: str) -> dict[str, Any]:
        """As JSON, with absolute addresses."""
        row = asdict(self)
        row["fields"] = list(self.fields)
        row["url"] = base + self.url
        row["from_url"] = base + self.from_url if self.from_url else None
        return row


def signature(change: dict[str, Any]) -> tuple[str, str, tuple[str, ...], str | None]:
    """What must agree one to one: kind and address, for an edit its fields, for a move where from."""
    kind = change["kind"]
    fields = tuple(sorted(change.get("fields") or ())) if kind == "edited" else ()
    return kind, change["url"], fields, change.get("from_url") if kind == "moved" else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What of the truth was found, what is missing and what was reported beyond it."""

    found: int
    missing: tuple[dict[str, Any], ...]
    extra: tuple[dict[str, Any], ...]

    @property
    def exact(self) -> bool:
        """Exactly the truth, nothing more."""
        return not self.missing and not self.extra


def compare(expected: Iterable[dict[str, Any]], reported: Iterable[dict[str, Any]]) -> Comparison:
    """Match expected rows (`Expected.at`) with rows of `onrecord changes --json`, one to one."""
    open_rows: dict[tuple[str, str, tuple[str, ...], str | None], list[dict[str, Any]]] = {}
    for row in reported:
        open_rows.setdefault(signature(row), []).append(row)
    missing = []
    found = 0
    for row in expected:
        rows = open_rows.get(signature(row))
        if rows:
            rows.pop()
            found += 1
        else:
            missing.append(row)
    extra = tuple(row for rows in open_rows.values() for row in rows)
    return Comparison(found, tuple(missing), extra)
