"""The tap: what goes over the socket (inside TLS, where there is TLS), kept byte for byte for one exchange.

It stands on private names of Scrapy 2.19 and Twisted 26.10 (their minors are pinned); `selftest` proves at every start
that it still sees what it should.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding
from scrapy.core.downloader.handlers.http11 import _LenientHTTP11ClientFactory, _LenientHTTP11ClientProtocol
from twisted.internet.defer import Deferred
from twisted.web._newclient import Request as TxRequest
from twisted.web.client import Agent
from twisted.web.http_headers import Headers as TxHeaders

from archive.message import has_answer
from archive.records import Exchange, TlsInfo, Truncated

_HEAD_ROOM = 64 * 1024


class Tap:
    """Both directions of one exchange. Holds at most `limit` bytes of body and a little; past that the answer is cut."""

    def __init__(self, url: str, limit: int, answered: Callable[[], None] = lambda: None) -> None:
        self.url = url
        self._answered = answered  # told when the first bytes of the answer are there
        self.at = datetime.now(UTC)
        self.request = bytearray()
        self.response = bytearray()
        self.truncated: Truncated | None = None
        self.ip: str | None = None
        self.tls: TlsInfo | None = None
        self._limit = limit + _HEAD_ROOM

    def begin(self, ip: str | None) -> None:
        """The request goes out now (again, when a kept-alive connection turned out to be dead)."""
        self.at = datetime.now(UTC)
        self.ip = ip
        self.request.clear()
        self.response.clear()

    def sent(self, data: bytes) -> None:
        """Bytes written to the connection."""
        self.request += data

    def received(self, data: bytes) -> bytes:
        """Bytes read from the connection; returns what of them is still within the limit."""
        if not self.response:
            self._answered()
        room = self._limit - len(self.response)
        if len(data) > room:
            self.truncated = "length"
            data = data[:room]
        self.response += data
        return data

    def exchange(self, truncated: Truncated | None = None) -> Exchange | None:
        """The exchange so far; None while there is no whole header block of an answer."""
        raw = bytes(self.response)
        if not has_answer(raw):
            return None
        return Exchange(
            url=self.url,
            at=self.at,
            request=bytes(self.request),
            response=raw,
            ip=self.ip,
            protocol="http/1.0" if raw[:8] == b"HTTP/1.0" else "http/1.1",
            truncated=self.truncated or truncated,
            tls=self.tls,
        )


class _Recorder:
    """A transport that tells the tap what is written."""

    def __init__(self, transport: Any, tap: Tap) -> None:
        self._transport = transport
        self._tap = tap

    def write(self, data: bytes) -> None:
        self._tap.sent(data)
        self._transport.write(data)

    def writeSequence(self, data: Any) -> None:
        pieces = list(data)
        self._tap.sent(b"".join(pieces))
        self._transport.writeSequence(pieces)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class TappedRequest(TxRequest):
    """A Twisted request that carries its tap to the connection it is sent on."""

    tap: Tap | None = None

    def writeTo(self, transport: Any) -> Any:
        """Send the request, past the tap."""
        return super().writeTo(_Recorder(transport, self.tap) if self.tap else transport)


class WireProtocol(_LenientHTTP11ClientProtocol):
    """One connection; hands the bytes of the answer to the tap before the parser sees them."""

    _tap: Tap | None = None
    _tls: TlsInfo | None = None

    def request(self, request: TxRequest) -> Deferred[Any]:
        """Send a request; its tap, if it has one, listens until the answer has ended."""
        self._tap = tap = getattr(request, "tap", None)
        if tap is not None:
            tap.begin(getattr(self.transport.getPeer(), "host", None))
            tap.tls = self._tls
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:
        """Bytes from the server."""
        tap = self._tap
        if tap is None:
            super().dataReceived(data)
            return
        if self._tls is None:
            self._tls = tap.tls = _tls_info(self.transport)
        kept = tap.received(data)
        if kept:
            super().dataReceived(kept)
        if tap.truncated and self._tap is tap:
            self._tap = None
            self.transport.abortConnection()

    def _finishResponse(self, rest: bytes) -> None:
        self._tap = None
        super()._finishResponse(rest)


class WireFactory(_LenientHTTP11ClientFactory):
    """Makes tapped connections for a pool."""

    def buildProtocol(self, addr: Any) -> WireProtocol:
        """A connection that was just opened."""
        return WireProtocol(self._quiescentCallback)


class WireAgent(Agent):
    """Sends one request with its tap. Make it with `usingEndpointFactory`."""

    tap: Tap | None = None

    def _requestWithEndpoint(
        self,
        key: Any,
        endpoint: Any,
        method: bytes,
        parsedURI: Any,
        headers: TxHeaders | None,
        bodyProducer: Any,
        requestPath: bytes,
    ) -> Deferred[Any]:
        headers = TxHeaders() if headers is None else headers.copy()
        if not headers.hasHeader(b"Host"):
            headers.addRawHeader(b"Host", self._computeHostValue(parsedURI.scheme, parsedURI.host, parsedURI.port))

        def send(connection: Any) -> Deferred[Any]:
            request = TappedRequest._construct(
                method, requestPath, headers, bodyProducer, persistent=self._pool.persistent, parsedURI=parsedURI
            )
            request.tap = self.tap
            return connection.request(request)

        return self._pool.getConnection(key, endpoint).addCallback(send)


def _tls_info(transport: Any) -> TlsInfo | None:
    """Version, cipher and chain of a TLS connection; None of a plain one."""
    with suppress(AttributeError, ValueError, ssl.SSLError):
        handle = transport.getHandle()
        version, cipher = handle.get_protocol_version_name(), handle.get_cipher_name()
        if version and cipher:
            chain = handle.get_peer_cert_chain(as_cryptography=True) or []
            return TlsInfo(
                version.lower().replace("tlsv", "tls/"), cipher, tuple(item.public_bytes(Encoding.DER) for item in chain)
            )
    return None
