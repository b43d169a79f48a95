"""Signed notes and the ledger's key: C2SP signed-note and tlog-checkpoint, Ed25519 (RFC 8032)."""

from __future__ import annotations

import base64
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from archive.errors import IntegrityError, OnrecordError

_ED25519 = b"\x01"
_DASH = "\u2014"


@dataclass(frozen=True)
class Key:
    """A named signing key. `origin` is the ledger's name: first line of a checkpoint, and name of the key."""

    origin: str
    private: Ed25519PrivateKey

    @property
    def verifier(self) -> str:
        """The public key as others keep it: `<origin>+<hash>+<base64>`."""
        public = _ED25519 + self.private.public_key().public_bytes_raw()
        return f"{self.origin}+{_key_id(self.origin, public).hex()}+{base64.b64encode(public).decode()}"

    def sign(self, text: str) -> str:
        """The note with its signature line."""
        public = _ED25519 + self.private.public_key().public_bytes_raw()
        signature = _key_id(self.origin, public) + self.private.sign(text.encode())
        return f"{text}\n{_DASH} {self.origin} {base64.b64encode(signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A head of the ledger: this many leaves, this root; `extra` are extension lines (a beacon, a time)."""

    origin: str
    size: int
    root: bytes
    extra: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The body that is signed."""
        lines = [self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extra]
        return "".join(f"{line}\n" for line in lines)


def load_key(path: Path, origin: str) -> Key:
    """The archive's key; made on first use, readable by its owner only. OnrecordError when the file is no such key."""
    if not path.exists():
        private = Ed25519PrivateKey.generate()
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(f"{origin}\n{base64.b64encode(private.private_bytes_raw()).decode()}\n")
        return Key(origin, private)
    try:
        name, secret = path.read_text(encoding="ascii").splitlines()
        return Key(name, Ed25519PrivateKey.from_private_bytes(base64.b64decode(secret, validate=True)))
    except ValueError as error:
        raise OnrecordError(f"{path}: not a ledger key", hint="restore it from a backup", code="ledger.key") from error


def open_note(note: str, verifier: str) -> Checkpoint:
    """The checkpoint in a note that this key has signed; IntegrityError when it has not."""
    text, _, signatures = note.rpartition("\n\n")
    text += "\n"
    origin, wanted, public64 = verifier.split("+", 2)
    public = base64.b64decode(public64)
    for line in signatures.splitlines():
        dash, _, rest = line.partition(" ")
        name, _, signature64 = rest.rpartition(" ")
        if dash != _DASH or name != origin:
            continue
        try:
            signature = base64.b64decode(signature64, validate=True)
        except ValueError:
            break
        if signature[:4].hex() != wanted or signature[:4] != _key_id(origin, public):
            continue
        try:
            Ed25519PublicKey.from_public_bytes(public[1:]).verify(signature[4:], text.encode())
        except InvalidSignature:
            break
        return parse_checkpoint(text)
    raise IntegrityError("the checkpoint is not signed by this ledger's key", code="integrity.ledger")


def parse_checkpoint(text: str) -> Checkpoint:
    """The body of a checkpoint; IntegrityError when it is none."""
    lines = text.splitlines()
    try:
        return Checkpoint(lines[0], int(lines[1]), base64.b64decode(lines[2], validate=True), tuple(lines[3:]))
    except (IndexError, ValueError) as error:
        raise IntegrityError("not a checkpoint", code="integrity.ledger") from error


def _key_id(origin: str, public: bytes) -> bytes:
    return hashlib.sha256(origin.encode() + b"\n" + public).digest()[:4]
