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

A visit's line leaves out what is said elsewhere, since most visits of a portal bring nothing new and there are many: the
address and instant where its first record says them, the run after the first line of a batch, and every default.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

from archive.records import Discovery, Sighting, Visit
from archive.warc.record import target_uri

PREFIX = "urn:onrecord:"
VISITS_MEDIA = "application/jsonl"
_STATUS_304 = re.compile(rb"HTTP/[\d.]+[ \t]+304\b")
_APART = {"exchanges", "reading", "discovery", "sightings", "at", "url"}
_PLAIN = tuple(item for item in fields(Visit) if item.name not in _APART)

Said = Callable[[str], tuple[str, datetime]]  # WARC-Record-ID -> its target and date


@dataclass(frozen=True, slots=True)
class Told:
    """A visit as a run told it: everything but bytes and reading. `records`: WARC-Record-IDs of its hops, in order."""

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
    """The body of a `visits` record: one visit a line."""
    lines = []
    run: str | None = None
    for item in items:
        lines.append(_line(item, first=item.run != run))
        run = item.run
    return b"".join(lines)


def load_visits(body: bytes, said: Said) -> Iterator[Told]:
    """The visits of a `visits` record, without exchanges and readings. `said` tells what a record says of itself."""
    run = ""
    for line in body.splitlines():
        data: dict[str, Any] = json.loads(line)
        run, records = data.get("run", run), tuple(data.get("records", ()))
        url, at = data.get("url"), data.get("at")
        if url is None or at is None:
            target, date = said(records[0])
            url, at = url or target, at or date.isoformat()
        found = data.get("discovery")
        visit = Visit(
            url=url,
            at=datetime.fromisoformat(at),
            **{item.name: data[item.name] for item in _PLAIN if item.name in data},
            discovery=Discovery(**found) if found else None,
            sightings=tuple(Sighting(**item) for item in data.get("sightings", ())),
        )
        kept = {int(hop): text.encode("latin-1") for hop, text in data.get("not_modified", {}).items()}
        yield Told(run, visit, records, bool(data.get("read")), kept)


def first_of(body: bytes) -> tuple[str, str] | None:
    """Run and instant (ISO 8601, UTC) that a `visits` record begins with."""
    if not body:
        return None
    data: dict[str, Any] = json.loads(body.split(b"\n", 1)[0])
    return data["run"], data["at"]


def dump(data: Mapping[str, Any]) -> bytes:
    """The body of any other JSON kind: canonical, times as ISO 8601 in UTC."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain).encode()


def load(body: bytes) -> dict[str, Any]:
    """The body of a JSON kind."""
    data: dict[str, Any] = json.loads(body)
    return data


def _line(item: Told, *, first: bool) -> bytes:
    visit = item.visit
    data = {named.name: value for named in _PLAIN if (value := getattr(visit, named.name)) != named.default}
    start = visit.exchanges[0] if visit.exchanges and item.records else None
    if start is None or target_uri(start.url) != visit.url:
        data["url"] = visit.url
    if first or start is None or start.at != visit.at:
        data["at"] = visit.at
    if first:
        data["run"] = item.run
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
