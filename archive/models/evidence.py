"""What lies in the evidence? Its files, payloads and captures, and what was decided and witnessed about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from archive.models.base import Base, Id


class Warc(Base):
    """One WARC file: what is acknowledged of it. `sha256` is set when it is closed."""

    __tablename__ = "warc"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    bytes: Mapped[int] = mapped_column(default=0)
    records: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="open")  # open | closed


class Payload(Base):
    """An entity body (transfer coding removed, content coding kept), named by its sha256."""

    __tablename__ = "payload"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    sha256: Mapped[str] = mapped_column(unique=True)
    bytes: Mapped[int]
    media: Mapped[str | None]
    seal: Mapped[int]


class Capture(Base):
    """One answer: a response or revisit record in a WARC file."""

    __tablename__ = "capture"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    hop: Mapped[int] = mapped_column(default=0)
    url: Mapped[str]
    urlkey: Mapped[str]
    at: Mapped[datetime]
    status: Mapped[int]
    location: Mapped[str | None]
    media: Mapped[str | None]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    payload_id: Mapped[int | None] = mapped_column(ForeignKey("payload.id"))
    record: Mapped[str] = mapped_column(default="response")  # response | revisit
    uri: Mapped[str]  # WARC-Record-ID
    digest: Mapped[str | None]  # WARC-Payload-Digest of the record, where it has one
    fidelity: Mapped[str] = mapped_column(default="wire")
    truncated: Mapped[str | None]
    warc_id: Mapped[int] = mapped_column(ForeignKey("warc.id"))
    offset: Mapped[int]
    length: Mapped[int]
    sha256: Mapped[str]  # of the record's gzip member
    request_offset: Mapped[int | None]
    request_length: Mapped[int | None]
    leaf: Mapped[int | None] = mapped_column(unique=True)  # index in the ledger
    withheld: Mapped[bool] = mapped_column(default=False)
    seal: Mapped[int]
    __table_args__ = (
        UniqueConstraint("visit_id", "hop"),
        UniqueConstraint("warc_id", "offset"),
        Index("capture_by_url", "urlkey", "at"),
        Index("capture_by_payload", "payload_id"),
    )


class Checkpoint(Base):
    """A signed head of the ledger."""

    __tablename__ = "checkpoint"
    size: Mapped[int] = mapped_column(primary_key=True)
    root: Mapped[str]
    note: Mapped[str]
    tokens: Mapped[list[Any]] = mapped_column(default=list)


class Decision(Base):
    """What a person decided; kept in the evidence too."""

    __tablename__ = "decision"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime]
    who: Mapped[str]
    verb: Mapped[str]  # merge | split | mute | unmute | withhold | star | unstar | note
    subject: Mapped[str] = mapped_column(index=True)  # page key, change, portal slot
    reason: Mapped[str | None]
    record_uri: Mapped[str | None] = mapped_column(unique=True)
