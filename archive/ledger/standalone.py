#!/usr/bin/env python3
"""Check an onrecord proof without onrecord: python3 standalone.py PROOF.json [--key VERIFIER] [--checkpoint FILE]

Needs Python 3.9 or newer and the package `cryptography` (for Ed25519), nothing else.

What a good proof shows: the archive that holds this key had exactly these bytes as answer of this address in its ledger
when the checkpoint was signed, and the ledger has not been rewritten since any older checkpoint that you kept. With a time
stamp token: the checkpoint existed at that time, says the time stamping authority. What it does not show: that the bytes
came from the address's owner; for that there is no more than the archive's word (and the certificate chain it recorded).
"""

from __future__ import annotations

import argparse
import base64
import gzip
import hashlib
import json
import sys
import zlib
from pathlib import Path
from typing import Any

FORMAT = "onrecord-proof/1"
LIMITS = (
    "Shows that the archive holding this key had these bytes in its ledger when the checkpoint was signed. It does not "
    "show that the bytes came from the address's owner, and without an outside witness (time stamp, cosignature, a "
    "checkpoint kept elsewhere) no more than its operator is trusted."
)


class ProofError(Exception):
    """The proof does not hold; the message says where."""


def sum_of(proof: dict[str, Any]) -> str:
    """sha256 over everything in a proof but its own sum: finds a damaged file, proves nothing."""
    kept = {name: value for name, value in proof.items() if name != "sum"}
    return hashlib.sha256(json.dumps(kept, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def leaf_hash(entry: bytes) -> bytes:
    """RFC 9162 2.1.1."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 9162 2.1.1."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_from_inclusion(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The head that an inclusion path leads to (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size:
        raise ProofError("the leaf lies outside the tree")
    fn, sn, found = index, size - 1, leaf
    for step in path:
        if sn == 0:
            raise ProofError("the inclusion path is too long")
        if fn & 1 or fn == sn:
            found = node_hash(step, found)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            found = node_hash(found, step)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise ProofError("the inclusion path is too short")
    return found


def check_consistency(old: int, old_root: bytes, size: int, root: bytes, path: list[bytes]) -> None:
    """Whether the tree of `size` leaves begins with the tree of `old` leaves (RFC 9162 2.1.4.2)."""
    if old == size:
        if path or old_root != root:
            raise ProofError("two heads of one size differ: the ledger was rewritten")
        return
    if not 0 < old < size or not path:
        raise ProofError("no consistency proof for these sizes")
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    fn, sn = old - 1, size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if sn == 0:
            raise ProofError("the consistency proof is too long")
        if fn & 1 or fn == sn:
            first, second = node_hash(step, first), node_hash(step, second)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            second = node_hash(second, step)
        fn, sn = fn >> 1, sn >> 1
    if first != old_root or second != root or sn:
        raise ProofError("the older head is no beginning of the newer one: the ledger was rewritten")


def open_note(note: str, verifier: str) -> tuple[str, int, bytes]:
    """Origin, size and root of a signed checkpoint (C2SP signed-note, tlog-checkpoint)."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    origin, key_id, public64 = verifier.strip().split("+", 2)
    public = base64.b64decode(public64)
    if hashlib.sha256(origin.encode() + b"\n" + public).digest()[:4].hex() != key_id or public[:1] != b"\x01":
        raise ProofError("the verifier key is malformed")
    text, _, signatures = note.rpartition("\n\n")
    text += "\n"
    for line in signatures.splitlines():
        dash, _, rest = line.partition(" ")
        name, _, signature64 = rest.rpartition(" ")
        if dash == "\u2014" and name == origin:
            try:
                signature = base64.b64decode(signature64, validate=True)
                if signature[:4].hex() == key_id:
                    Ed25519PublicKey.from_public_bytes(public[1:]).verify(signature[4:], text.encode())
                    lines = text.splitlines()
                    if lines[0] != origin:
                        raise ProofError("the checkpoint is of another ledger")
                    return origin, int(lines[1]), base64.b64decode(lines[2])
            except (InvalidSignature, ValueError):
                raise ProofError("the checkpoint's signature is wrong") from None
    raise ProofError("the checkpoint is not signed by this key")


def check(proof: dict[str, Any], verifier: str | None = None, older: list[str] | None = None) -> dict[str, Any]:
    """Check a proof; returns what it shows. `verifier`: the key you know the archive by. `older`: notes you kept."""
    if not isinstance(proof, dict) or proof.get("format") != FORMAT:
        raise ProofError(f"not a proof of the format {FORMAT}")
    if proof.get("sum") != sum_of(proof):
        raise ProofError("the proof is damaged: its sum does not fit")
    known = (verifier or proof["verifier"]).strip()
    if known != proof["verifier"].strip():
        raise ProofError("the proof was made with another key than the one you know")
    member = base64.b64decode(proof["record"])
    entry = proof["entry"].encode("utf-8", "surrogatepass")
    leaf = json.loads(entry)
    if hashlib.sha256(member).hexdigest() != leaf["record"]:
        raise ProofError("the record is not the one in the ledger")
    if (proof["url"], proof["captured_at"]) != (leaf["url"], leaf["at"]):
        raise ProofError("the proof names another address or time than the ledger")
    head, block = _split_record(gzip.decompress(member))
    if head.get("warc-target-uri", "").strip("<>") != leaf["url"] or head.get("warc-date") != leaf["at"]:
        raise ProofError("the record is of another address or time than the ledger says")
    if block and head.get("warc-block-digest") != "sha256:" + hashlib.sha256(block).hexdigest():
        raise ProofError("the record's block digest is wrong")
    request = proof.get("request")
    if request is not None:
        asked, _ = _split_record(gzip.decompress(base64.b64decode(request)))
        if asked.get("warc-concurrent-to") != head.get("warc-record-id"):
            raise ProofError("the request belongs to another record")
    origin, size, root = open_note(proof["checkpoint"], known)
    path = [base64.b64decode(step) for step in proof["inclusion"]]
    if root_from_inclusion(leaf_hash(entry), proof["index"], size, path) != root:
        raise ProofError("the inclusion path does not lead to the checkpoint")
    for note in older or []:
        _, old_size, old_root = open_note(note, known)
        steps = {item["size"]: item["path"] for item in proof.get("consistency", [])}
        if old_size > size:
            raise ProofError(f"the checkpoint you kept has {old_size} leaves, the proof's only {size}: ask for a newer proof")
        if old_size < size and old_size not in steps:
            raise ProofError(f"the proof holds no path from size {old_size}: ask for one made with --since {old_size}")
        check_consistency(old_size, old_root, size, root, [base64.b64decode(step) for step in steps.get(old_size, [])])
    stamps = [imprint_fits(base64.b64decode(item["token"]), proof["checkpoint"]) for item in proof.get("tokens", [])]
    if not all(stamps):
        raise ProofError("a time stamp token is of another checkpoint")
    return {
        "url": leaf["url"],
        "captured_at": leaf["at"],
        "record_sha256": leaf["record"],
        "payload_sha256": leaf["payload"],
        "ledger": origin,
        "index": proof["index"],
        "size": size,
        "root": root.hex(),
        "older_checkpoints": len(older or []),
        "tokens": len(stamps),
    }


def _split_record(plain: bytes) -> tuple[dict[str, str], bytes]:
    raw, mark, rest = plain.partition(b"\r\n\r\n")
    if not mark or not raw.startswith(b"WARC/1.1"):
        raise ProofError("not a WARC/1.1 record")
    head: dict[str, str] = {}
    for line in raw.decode("utf-8").split("\r\n")[1:]:
        name, _, value = line.partition(":")
        head.setdefault(name.strip().lower(), value.strip())
    length = int(head["content-length"])
    if rest[length:] != b"\r\n\r\n":
        raise ProofError("the record's length is wrong")
    return head, rest[:length]


def imprint_fits(token: bytes, note: str) -> bool:
    """Whether an RFC 3161 token carries the checkpoint's sha256 as its message imprint (DER: SHA-256, NULL, 32 octets).

    The authority's own signature is checked by `openssl ts -verify` or `onrecord verify-proof`, with its certificate.
    """
    oid = bytes.fromhex("0609608648016503040201")
    digest = hashlib.sha256(note.encode()).digest()
    return any(oid + null + b"\x04\x20" + digest in token for null in (b"\x05\x00", b""))


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="Check an onrecord proof without onrecord.")
    parser.add_argument("proof", type=Path)
    parser.add_argument("--key", help="the archive's verifier key, as you know it from elsewhere")
    parser.add_argument("--checkpoint", type=Path, action="append", default=[], help="an older checkpoint that you kept")
    arguments = parser.parse_args()
    try:
        proof = json.loads(arguments.proof.read_text(encoding="utf-8"))
        shown = check(proof, arguments.key, [path.read_text(encoding="utf-8") for path in arguments.checkpoint])
    except ProofError as error:
        sys.stderr.write(f"DOES NOT HOLD: {error}\n")
        return 5
    except (OSError, ValueError, KeyError, TypeError, EOFError, zlib.error) as error:
        sys.stderr.write(f"DOES NOT HOLD: damaged proof: {type(error).__name__}: {error}\n")
        return 5
    known = "" if arguments.key else " (for the key inside the proof: compare it with one you know)"
    sys.stdout.write(f"HOLDS{known}\n")
    for name, value in shown.items():
        sys.stdout.write(f"  {name:18} {value}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
