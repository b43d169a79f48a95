"""The append-only Merkle log of all captures: RFC 9162 tree, C2SP tlog-tiles files, signed checkpoints, proofs."""

from archive.ledger.log import Head, Ledger, entry
from archive.ledger.note import Checkpoint, Key, open_note
from archive.ledger.proof import prove
from archive.ledger.standalone import ProofError, check

__all__ = ["Checkpoint", "Head", "Key", "Ledger", "ProofError", "check", "entry", "open_note", "prove"]
