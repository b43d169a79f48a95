"""The evidence on disk: WARC/1.1 files, one gzip member a record (ISO 28500:2017). Append-only; nothing edits them."""

from archive.warc import manifest
from archive.warc.files import WarcFile
from archive.warc.reader import Member, iter_members, iter_records, read_member, read_record
from archive.warc.record import Record, block_digest_fits, target_uri
from archive.warc.recovery import Repair, recover, whole_until
from archive.warc.writer import CaptureRecord, Original, WarcWriter, Written

__all__ = [
    "CaptureRecord",
    "Member",
    "Original",
    "Record",
    "Repair",
    "WarcFile",
    "WarcWriter",
    "Written",
    "block_digest_fits",
    "iter_members",
    "iter_records",
    "manifest",
    "read_member",
    "read_record",
    "recover",
    "target_uri",
    "whole_until",
]
