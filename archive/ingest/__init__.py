"""THE ONE WRITE PATH: live crawl, import, backfill, re-extraction and rebuild all end here."""

from archive.ingest.decisions import Decided, Verb, decide
from archive.ingest.evidence import Kept, Writer
from archive.ingest.ingest import Ingest
from archive.ingest.values import ChangeKind, Ingested, PortalRecord, Reader, RunKind, RunOutcome, RunStart
from archive.versioning import GoneRule

__all__ = [
    "ChangeKind",
    "Decided",
    "GoneRule",
    "Ingest",
    "Ingested",
    "Kept",
    "PortalRecord",
    "Reader",
    "RunKind",
    "RunOutcome",
    "RunStart",
    "Verb",
    "Writer",
    "decide",
]
