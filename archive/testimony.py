"""What a run says about itself in the evidence, beside the answers: enough to make the record again from WARC files alone.

Each kind is a WARC record whose target is `urn:onrecord:<kind>:<id>`:

| kind | record | body | holds |
|---|---|---|---|
| `portal` | resource | TOML | the portal file in force; the id is its sha256 |
| `run` | metadata | JSON | a run's beginning: portal, rules, settings, times |
| `visits` | metadata | JSON lines | the visits of one batch, also those without an answer, and the records of their hops |
| `run-end` | metadata | JSON | a run's end: outcome, reasons, counts |
| `decision` | resource | JSON | what a person decided |
| `reading` | resource | JSON | a reading of a retired extractor, when it is dropped |
| `tls` | metadata | PEM | a certificate chain, written by `archive.warc` itself |
The exact bytes of a 304 stand in its visit (`not_modified`: hop -> bytes as Latin-1), since its own record has no block.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

from archive.records import Discovery, Sighting, Visit

PREFIX = "urn:onrecord:"
VISITS_MEDIA = "application/jsonl"
_STATUS_304 = re.compile(rb"HTTP/[\d.]+[ \t]+304\b")
_APART = {"exchanges", "reading", "discovery", "sightings", "at"}


@dataclass(frozen=True, slots=True)
class Told:
    """A visit as a run told it: everything but bytes and reading. `records`: WARC-Record-IDs of its hops, in order."""

    uid: str
    run: str
    visit: Visit
    records: tuple[str, ...]
    read: bool = False  # the visit came with a reading
    not_modified: Mapping[int, bytes] = field(default_factory=dict)  # the bytes of a hop's 304


def urn(kind: str, name: str) -> str:
    """The target of a record of this kind."""
    return f"{PREFIX}{kind}:{name}"


def kind_of(target: str | None) -> tuple[str, str] | None:
    """Kind and id of a target made by `urn`; None for any other."""
    if target is None or not target.startswith(PREFIX):
        return None
    kind, _, name = target.removeprefix(PREFIX).partition(":")
    return kind, name


def dump_visits(items: Iterable[Told]) -> bytes:
    """The body of a `visits` record: one visit a line, keys without a value left out."""
    return b"".join(_line(item) for item in items)


def load_visits(body: bytes) -> Iterator[Told]:
    """The visits of a `visits` record, without exchanges and readings."""
    for line in body.splitlines():
        data: dict[str, Any] = json.loads(line)
        found, seen = data.pop("discovery", None), data.pop("sightings", [])
        uid, run, records = data.pop("uid"), data.pop("run"), tuple(data.pop("records", ()))
        read = bool(data.pop("read", False))
        kept = {int(hop): text.encode("latin-1") for hop, text in data.pop("not_modified", {}).items()}
        visit = Visit(
            **data | {"at": datetime.fromisoformat(data["at"])},
            discovery=Discovery(**found) if found else None,
            sightings=tuple(Sighting(**item) for item in seen),
        )
        yield Told(uid, run, visit, records, read, kept)


def dump(data: Mapping[str, Any]) -> bytes:
    """The body of any other JSON kind: canonical, times as ISO 8601 in UTC."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain).encode()


def load(body: bytes) -> dict[str, Any]:
    """The body of a JSON kind."""
    data: dict[str, Any] = json.loads(body)
    return data


def _line(item: Told) -> bytes:
    visit = item.visit
    data = {item_field.name: getattr(visit, item_field.name) for item_field in fields(visit) if item_field.name not in _APART}
    data = {name: value for name, value in data.items() if value not in (None, "")}
    data |= {"uid": item.uid, "run": item.run, "at": visit.at.astimezone(UTC).isoformat()}
    if item.records:
        data["records"] = list(item.records)
    kept = {str(hop): raw.decode("latin-1") for hop, raw in _not_modified(item).items()}
    if kept:
        data["not_modified"] = kept
    if item.read or visit.reading is not None:
        data["read"] = True
    if visit.discovery:
        data["discovery"] = _compact(asdict(visit.discovery))
    if visit.sightings:
        data["sightings"] = [_compact(asdict(sighting)) for sighting in visit.sightings]
    return dump(data) + b"\n"


def _not_modified(item: Told) -> Mapping[int, bytes]:
    answers = enumerate(exchange.response for exchange in item.visit.exchanges)
    return item.not_modified or {hop: raw for hop, raw in answers if _STATUS_304.match(raw)}


def _compact(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    raise TypeError(f"no JSON form of {type(value).__name__}")
