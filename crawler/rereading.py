"""Payloads read again under the rules that a run kept in the evidence: for `rebuild` and `verify --deep`."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from archive.ingest import PortalRecord, Reader
from archive.records import Reading
from crawler import portal_file
from crawler.extraction import EXTRACTOR, read
from crawler.portal import Portal


@lru_cache(maxsize=64)
def portal_of(definition: str) -> Portal:
    """The portal in the text of a portal file; UsageError when this onrecord cannot read it."""
    return portal_file.parse(definition, "the portal file in the evidence")


def reader_of(record: PortalRecord) -> Reader:
    """The reader of a portal as a run told it."""
    portal = portal_of(record.definition)

    def again(body: bytes, *, url: str, content_type: str | None, at: datetime) -> Reading:
        return read(body, url=url, content_type=content_type, portal=portal, at=at)

    return again


def reread(rules: str, definition: str, body: bytes, url: str, content_type: str | None, at: datetime) -> Reading | None:
    """Read a payload under these rules (see `archive.verify.deep.Reread`); None when another extractor made them."""
    portal = portal_of(definition)
    if portal.rules_digest(EXTRACTOR) != rules:
        return None
    return read(body, url=url, content_type=content_type, portal=portal, at=at)
