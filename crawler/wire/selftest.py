"""Does the tap see every byte? Asked at each start, over loopback, with an answer that a parser would not give back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet import ssl
from twisted.internet.endpoints import TCP4ClientEndpoint, wrapClientTLS
from twisted.internet.protocol import Factory, Protocol
from twisted.web.client import URI, HTTPConnectionPool, readBody
from twisted.web.http_headers import Headers
from twisted.web.iweb import IAgentEndpointFactory
from zope.interface import implementer

from crawler.wire.guard import AddressRefused, GuardedEndpoint
from crawler.wire.tap import Tap, WireAgent, WireFactory

ANSWER = (
    b"HTTP/1.1 200 T\xc9\x99st\r\neTaG: x\r\nX-Odd:  two\r\n\tlines\r\nno colon\r\nx-odd: again\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nTrailer-Field: 1\r\n\r\n"
)


class WireFault(Exception):
    """The tap does not see what was sent or received. `guard`: the address guard does not hold, so nothing may be asked."""

    def __init__(self, message: str, *, guard: bool = False) -> None:
        super().__init__(message)
        self.guard = guard


class _Server(Protocol):
    def dataReceived(self, data: bytes) -> None:
        self.factory.seen += data
        if self.factory.seen.endswith(b"\r\n\r\n"):
            self.transport.writeSequence([ANSWER[:70], ANSWER[70:]])


@implementer(IAgentEndpointFactory)
class _Loopback:
    """Connects to the test's own server, whatever the address guard thinks of loopback."""

    def __init__(self, reactor: Any, port: int) -> None:
        self._endpoint = TCP4ClientEndpoint(reactor, "127.0.0.1", port, timeout=5)

    def endpointForURI(self, uri: URI) -> Any:
        if uri.scheme == b"https":
            return wrapClientTLS(_ScrapyClientContextFactory().creatorForNetloc(b"localhost", 443), self._endpoint)
        return self._endpoint


async def self_test() -> None:
    """Raise WireFault when the tap or the address guard does not work with the installed Scrapy and Twisted."""
    from twisted.internet import reactor  # importing it at the top would install the wrong one

    try:
        await maybe_deferred_to_future(GuardedEndpoint(reactor, "127.0.0.1", 9, timeout=2).connect(Factory()))
    except AddressRefused:
        pass
    except Exception as error:
        raise WireFault(f"address guard: {type(error).__name__}: {error}", guard=True) from error
    else:
        raise WireFault("a loopback address was not refused", guard=True)
    try:
        for scheme in ("http", "https"):
            await _one_exchange(reactor, scheme)
    except WireFault:
        raise
    except Exception as error:
        raise WireFault(f"{type(error).__name__}: {error}") from error


async def _one_exchange(reactor: Any, scheme: str) -> None:
    factory = Factory.forProtocol(_Server)
    factory.noisy = False
    factory.seen = b""
    if scheme == "https":
        listening = reactor.listenSSL(0, factory, _certificate(), interface="127.0.0.1")
    else:
        listening = reactor.listenTCP(0, factory, interface="127.0.0.1")
    pool = HTTPConnectionPool(reactor, persistent=False)
    pool._factory = WireFactory
    try:
        agent = WireAgent.usingEndpointFactory(reactor, _Loopback(reactor, listening.getHost().port), pool)
        agent.tap = tap = Tap(f"{scheme}://localhost/self-test", 1 << 20)
        asked = agent.request(b"GET", tap.url.encode(), Headers({b"X-self-TEST": [b"1"]}))
        body = await maybe_deferred_to_future(readBody(await maybe_deferred_to_future(asked.addTimeout(5, reactor))))
        if body != b"abc" or bytes(tap.response) != ANSWER or bytes(tap.request) != factory.seen:
            raise WireFault(f"{scheme}: the tap saw other bytes than went over the connection")
        if (scheme == "https") != bool(tap.tls and tap.tls.chain):
            raise WireFault(f"{scheme}: what the tap says of TLS is not so")
    finally:
        await maybe_deferred_to_future(listening.stopListening())


def _certificate() -> ssl.CertificateOptions:
    """A throw-away self-signed certificate for localhost."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    pem = certificate.public_bytes(encoding) + key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain)
    options: ssl.CertificateOptions = ssl.PrivateCertificate.loadPEM(pem).options()
    return options
