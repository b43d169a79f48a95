"""Outside witnesses of a checkpoint: RFC 3161 time stamps from several authorities.

The request carries the sha256 of the signed note and nothing else, so an authority learns no address.
"""

from __future__ import annotations

import base64
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import rfc3161_client as tsp
from cryptography import x509
from sqlalchemy import Connection, select

from archive.errors import IntegrityError, OnrecordError
from archive.ledger import standalone
from archive.ledger.log import Head, Ledger
from archive.models import Base

_MAX_ANSWER = 256 * 1024


@dataclass(frozen=True, slots=True)
class Stamped:
    """What one authority answered."""

    authority: str
    token: bytes | None  # DER of the TimeStampResp
    time: str | None
    error: str | None = None


def stamp(head: Head, asked: Sequence[str], *, timeout: float = 20) -> list[Stamped]:
    """Ask each authority for a time stamp of the checkpoint. Failures come back as such; nothing is raised."""
    with ThreadPoolExecutor(max(1, len(asked))) as pool:
        return list(pool.map(lambda authority: _ask(authority, head.note.encode(), timeout), asked))


def keep(ledger: Ledger, connection: Connection, head: Head, stamped: Sequence[Stamped]) -> int:
    """Keep the tokens with the checkpoint; returns how many it has now. One token an authority."""
    table = Base.metadata.tables["checkpoint"]
    old = connection.scalar(select(table.c.tokens).where(table.c.size == head.size)) or []
    tokens = {item["authority"]: item for item in old}
    for item in stamped:
        if item.token is not None:
            token = base64.b64encode(item.token).decode()
            tokens[item.authority] = {"authority": item.authority, "time": item.time, "token": token}
    ledger.keep_tokens(connection, head.size, list(tokens.values()))
    return len(tokens)


def check_token(token: bytes, note: str, roots: Sequence[x509.Certificate]) -> str:
    """Check an authority's signature and chain up to `roots`; the stamped time as ISO 8601. IntegrityError otherwise."""
    try:
        answer = tsp.decode_timestamp_response(token)
        builder = tsp.VerifierBuilder()
        for root in roots:
            builder = builder.add_root_certificate(root)
        builder.build().verify_message(answer, note.encode())
    except (ValueError, tsp.VerificationError) as error:
        raise IntegrityError(f"the time stamp does not hold: {error}", code="integrity.timestamp") from error
    return str(answer.tst_info.gen_time.isoformat())


def check_tokens(proof: Mapping[str, Any], roots: Sequence[x509.Certificate]) -> list[dict[str, str]]:
    """Check every token of a proof against trusted root certificates; authority and time of each."""
    return [
        {"authority": item["authority"], "time": check_token(base64.b64decode(item["token"]), proof["checkpoint"], roots)}
        for item in proof.get("tokens", [])
    ]


def load_roots(pem: bytes) -> list[x509.Certificate]:
    """Certificates of a PEM file; OnrecordError when it holds none."""
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise OnrecordError("no certificates in this file", code="usage") from error


def _ask(authority: str, data: bytes, timeout: float) -> Stamped:
    request = tsp.TimestampRequestBuilder().data(data).hash_algorithm(tsp.HashAlgorithm.SHA256).nonce(nonce=True).build()
    try:
        if not authority.startswith(("http://", "https://")):
            return Stamped(authority, None, None, "not an http(s) address")
        call = urllib.request.Request(  # noqa: S310 - the scheme is checked just above
            authority, data=request.as_bytes(), headers={"Content-Type": "application/timestamp-query"}
        )
        with urllib.request.urlopen(call, timeout=timeout) as answer:  # noqa: S310
            token = answer.read(_MAX_ANSWER)
        if not standalone.imprint_fits(token, data.decode()):
            return Stamped(authority, None, None, "the answer is of another request")
    except (OSError, urllib.error.URLError, ValueError) as error:
        return Stamped(authority, None, None, f"{type(error).__name__}: {error}")
    try:
        said = tsp.decode_timestamp_response(token)
        if said.status not in (0, 1):
            return Stamped(authority, None, None, f"refused (status {said.status})")
        if said.tst_info.nonce != request.nonce:
            return Stamped(authority, None, None, "the answer is of another request")
        return Stamped(authority, token, said.tst_info.gen_time.isoformat())
    except ValueError:  # certificates out of DER's order, as some authorities send them: openssl reads these tokens
        return Stamped(authority, token, None)
