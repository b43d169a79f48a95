"""THE ONE WRITE PATH: live crawl, import, backfill, re-extraction and rebuild all end here."""

from archive.ingest.decisions import Decided, Verb, decide
from archive.ingest.evidence import Kept, Writer
from archive.ingest.ingest import Ingest
from archive.ingest.reextraction import Difference, Prepare, Reextraction, differences, stale
from archive.ingest.values import ChangeKind, Ingested, PortalRecord, Reader, Retold, RunKind, RunOutcome, RunStart
from archive.versioning import GoneRule

__all__ = [
    "ChangeKind",
    "Decided",
    "Difference",
    "GoneRule",
    "Ingest",
    "Ingested",
    "Kept",
    "PortalRecord",
    "Prepare",
    "Reader",
    "Reextraction",
    "Retold",
    "RunKind",
    "RunOutcome",
    "RunStart",
    "Verb",
    "Writer",
    "decide",
    "differences",
    "stale",
]
