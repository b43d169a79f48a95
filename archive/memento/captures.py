"""The captures of an address through time, as Memento (RFC 7089) and CDX servers speak of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import RowMapping, Select, case, or_, select
from sqlalchemy.orm import Session

from archive.errors import IntegrityError
from archive.instants import to_microseconds
from archive.message import Message, parse_response
from archive.models import Base
from archive.query.shown import body_of
from archive.records import Locator
from archive.surt import surt
from archive.urls import urlkey
from archive.warc import read_record
from archive.workspace import Workspace

Match = Literal["exact", "prefix", "host", "domain"]


@dataclass(frozen=True, slots=True)
class Memento:
    """One capture. `payload` is the sha256 of the entity; a revisit shares it with its original."""

    id: int
    url: str
    urlkey: str
    at: datetime
    status: int
    media: str | None
    payload: str | None
    record: str
    locator: Locator
    location: str | None = None

    @property
    def stamp(self) -> str:
        """The 14 digits of its instant, UTC."""
        return self.at.astimezone(UTC).strftime("%Y%m%d%H%M%S")


def mementos(
    session: Session,
    url: str,
    *,
    match: Match = "exact",
    since: datetime | None = None,
    until: datetime | None = None,
    newest_first: bool = False,
) -> Iterator[Memento]:
    """Captures of an address (or of all that begin with it), oldest first. What a decision withholds is left out."""
    query = _captures(_keys(url, match), since, until)
    capture = Base.metadata.tables["capture"]
    order = (capture.c.urlkey, capture.c.at.desc() if newest_first else capture.c.at, capture.c.id)
    for row in session.execute(query.order_by(*order)).mappings():
        yield _memento(row)


def nearest(session: Session, url: str, at: datetime) -> Memento | None:
    """The capture nearest in time to an instant; of two equally near ones the earlier. None when there is none."""
    capture = Base.metadata.tables["capture"]
    moment = to_microseconds(at)
    raw = _captures(_keys(url, "exact"), None, None)
    before = session.execute(raw.where(capture.c.at <= at).order_by(capture.c.at.desc()).limit(1)).mappings().first()
    after = session.execute(raw.where(capture.c.at > at).order_by(capture.c.at).limit(1)).mappings().first()
    found = [row for row in (before, after) if row is not None]
    return _memento(min(found, key=lambda row: abs(to_microseconds(row["at"]) - moment))) if found else None


def at_stamp(session: Session, url: str, stamp: str) -> Memento | None:
    """The capture that a 4 to 14 digit timestamp names, or the nearest to it."""
    return nearest(session, url, parse_stamp(stamp))


def parse_stamp(stamp: str) -> datetime:
    """4 to 14 digits as the instant they begin with; ValueError otherwise."""
    if not stamp.isdecimal() or not 4 <= len(stamp) <= 14:
        raise ValueError(f"not a timestamp: {stamp!r}")
    return datetime.strptime(stamp + "00000101000000"[len(stamp) :], "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def answer(session: Session, workspace: Workspace, memento: Memento) -> tuple[Message, bytes]:
    """The answer of a capture: its own status and headers, and the entity (of a revisit: its original's).

    IntegrityError when the bytes are not what they were, or the original cannot be found.
    """
    record = read_record(workspace.evidence, memento.locator)
    message = parse_response(record.block)
    if memento.record == "response":
        return message, message.entity
    capture, warc = Base.metadata.tables["capture"], Base.metadata.tables["warc"]
    own = select(capture.c.payload_id).where(capture.c.id == memento.id).scalar_subquery()
    wanted = capture.c.payload_id == own
    if memento.status == 304:  # the server's word that nothing changed: the body of this address that it confirmed
        body = capture.alias("body")
        shown = select(body.c.payload_id).select_from(capture).join(body, body.c.id == body_of(capture))
        wanted = capture.c.payload_id == shown.where(capture.c.id == memento.id).scalar_subquery()
    row = session.execute(
        select(capture.c.offset, capture.c.length, capture.c.sha256, warc.c.name)
        .join(warc, warc.c.id == capture.c.warc_id)
        .where(wanted, capture.c.record == "response", capture.c.payload_id.is_not(None))
        .order_by(case((capture.c.url == memento.url, 0), else_=1), capture.c.at.desc())
        .limit(1)
    ).first()
    if row is None:
        raise IntegrityError(f"the original of the revisit at {memento.locator.warc}:{memento.locator.offset} is not there")
    original = parse_response(read_record(workspace.evidence, Locator(row.name, row.offset, row.length, row.sha256)).block)
    return (original if not message.status or message.status == 304 else message), original.entity


def _keys(url: str, match: Match) -> Any:
    capture = Base.metadata.tables["capture"]
    if match == "exact":
        return capture.c.urlkey == urlkey(url)
    key = surt(url)
    host = key.partition(")")[0]
    if match == "prefix":
        start = key.removesuffix("/") if key.endswith(")/") else key
        return _begins(capture.c.urlkey, start)
    if match == "host":
        return _begins(capture.c.urlkey, f"{host})")
    return or_(_begins(capture.c.urlkey, f"{host})"), _begins(capture.c.urlkey, f"{host},"))


def _begins(column: Any, start: str) -> Any:
    """A range instead of LIKE, which would not use the index everywhere and reads % and _ in addresses as wild cards."""
    return column.between(start, start + "\U0010ffff")


def _captures(where: Any, since: datetime | None, until: datetime | None) -> Select[Any]:
    capture, payload, warc = (Base.metadata.tables[name] for name in ("capture", "payload", "warc"))
    query = (
        select(capture, payload.c.sha256.label("payload_sha256"), warc.c.name.label("file"))
        .join(warc, warc.c.id == capture.c.warc_id)
        .outerjoin(payload, payload.c.id == capture.c.payload_id)
        .where(where, capture.c.withheld.is_(False))
    )
    if since is not None:
        query = query.where(capture.c.at >= since)
    if until is not None:
        query = query.where(capture.c.at < until + timedelta(microseconds=1))
    return query


def _memento(row: RowMapping) -> Memento:
    return Memento(
        row["id"],
        row["url"],
        surt(row["url"]),
        row["at"],
        row["status"],
        row["media"],
        row["payload_sha256"],
        row["record"],
        Locator(row["file"], row["offset"], row["length"], row["sha256"]),
        row["location"],
    )
