"""The changes an archive must report between two editions, in its own words, and the comparison with what it reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

Row = Mapping[str, Any]


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


Signature = tuple[str, str, tuple[str, ...], str | None]


def signature(change: Row) -> Signature:
    """What must agree one to one: kind and address; for an edit its fields and whether the page declared it, for a move
    where from, for gone the state."""
    kind = change["kind"]
    fields = tuple(sorted(change.get("fields") or ())) if kind == "edited" else ()
    more = {
        "edited": change.get("declared"),
        "moved": change.get("from_url"),
        "gone": change.get("state") or "gone",
    }.get(kind)
    return kind, change["url"], fields, more


@dataclass(frozen=True, slots=True)
class Comparison:
    """What of the truth was found, what is missing and what was reported beyond it."""

    found: int
    missing: tuple[Row, ...]
    extra: tuple[Row, ...]

    @property
    def exact(self) -> bool:
        """Exactly the truth, nothing more."""
        return not self.missing and not self.extra


def compare(expected: Iterable[Row], reported: Iterable[Row]) -> Comparison:
    """Match expected rows (`Expected.at`) one to one with rows of `onrecord changes --json` and `newly_suspected`."""
    open_rows: dict[Signature, list[Row]] = {}
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


def newly_suspected(before: Iterable[Row], now: Iterable[Row]) -> list[Row]:
    """Two answers of `onrecord gone --json` -> rows of pages that are suspected to be gone since the second."""
    known = {row["url"] for row in before}
    return [{**row, "kind": "gone"} for row in now if row["state"] == "suspected" and row["url"] not in known]


def wrongly_missing(truth: dict[str, str], listed: Iterable[Row], base: str) -> list[Row]:
    """Rows of `onrecord gone --json` about pages that are live, or in another state than the truth's `Edition.missing`."""
    states = {base + path: state for path, state in truth.items()}
    return [
        {"kind": row["state"], "url": row["url"], "fields": [], "detail": f"truth: {states.get(row['url'], 'live')}"}
        for row in listed
        if states.get(row["url"]) != row["state"]
    ]
