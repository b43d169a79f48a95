"""What came back: the exchanges of one request's redirect chain, and what the last answer says of itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest
from scrapy.http import Response

from archive.digests import sha256_hex
from archive.message import parse_response
from archive.records import Exchange


@dataclass(frozen=True, slots=True)
class Answer:
    """The last answer of a chain. `payload` names its entity body (transfer coding removed, content coding kept)."""

    status: int
    at: datetime
    exchanges: tuple[Exchange, ...]
    payload: str | None
    content_type: str | None
    body_bytes: int  # as transferred, all hops
    headers: Mapping[str, str]  # names in lower case
    length: int  # bytes of the body without any coding

    @classmethod
    def of(cls, response: Response) -> Answer:
        """From a response that came through the wire tap."""
        exchanges: tuple[Exchange, ...] = tuple(response.meta.get("exchanges", ()))
        said = parse_response(exchanges[-1].response) if exchanges else None
        return cls(
            status=response.status,
            at=exchanges[0].at if exchanges else datetime.now(UTC),
            exchanges=exchanges,
            payload=sha256_hex(said.entity) if said is not None and said.entity else None,
            content_type=(response.headers.get("Content-Type") or b"").decode("latin-1") or None,
            body_bytes=sum(len(item.response) for item in exchanges),
            headers={name.decode("latin-1").lower(): value.decode("latin-1") for name, value in pairs(response)},
            length=len(response.body),
        )


def pairs(response: Response) -> Iterator[tuple[bytes, bytes]]:
    """The last header of each name."""
    for name in response.headers:
        value = response.headers.get(name)
        if value is not None:
            yield name, value


def describe_failure(error: BaseException) -> str:
    """One short phrase for why there was no answer, the same for the same cause, so that causes can be counted."""
    if isinstance(error, IgnoreRequest):
        return str(error) or "not asked"
    if isinstance(error, DownloadTimeoutError | TimeoutError):
        return "timeout"
    name = type(error).__name__
    for sign, words in (
        ("DNSLookup", "host not found (DNS)"),
        ("CannotResolveHost", "host not found (DNS)"),
        ("Refused", "connection refused"),
        ("Timeout", "timeout"),
        ("TLS", "TLS failure"),
        ("SSL", "TLS failure"),
        ("ResponseDataLoss", "answer cut off"),
        ("ConnectionLost", "connection lost"),
        ("ResponseNeverReceived", "connection lost"),
        ("ResponseFailed", "connection lost"),
    ):
        if sign in name:
            return words
    text = " ".join(str(error).split())[:120]
    return f"{name}: {text}" if text else name
