"""Which network addresses may be connected to: checked on the resolved address, at the moment of connecting.

A name that resolves to a private address, a redirect to one, a rebinding name server, a decimal or IPv4-mapped spelling
all end here, because it is the address that is looked at and never the name.
"""

from __future__ import annotations

from typing import Any

from scrapy.exceptions import IgnoreRequest
from twisted.internet.address import IPv4Address as TxIPv4
from twisted.internet.address import IPv6Address as TxIPv6
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import HostnameEndpoint, wrapClientTLS
from twisted.internet.error import DNSLookupError
from twisted.internet.interfaces import IAddress, IHostnameResolver, IResolutionReceiver
from twisted.python.failure import Failure
from twisted.web.client import URI
from twisted.web.error import SchemeNotSupported
from twisted.web.iweb import IAgentEndpointFactory
from zope.interface import implementer

from archive.fetching import is_public


class AddressRefused(IgnoreRequest):
    """The host resolves to a loopback, private, link-local or otherwise not public address. Never retried."""


@implementer(IResolutionReceiver)
class _PublicOnly:
    """Passes on the public addresses of a resolution and remembers the others."""

    def __init__(self, receiver: Any, refused: list[str]) -> None:
        self._receiver = receiver
        self._refused = refused

    def resolutionBegan(self, resolution: Any) -> None:
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IAddress) -> None:
        host = str(address.host) if isinstance(address, TxIPv4 | TxIPv6) else ""
        if is_public(host):
            self._receiver.addressResolved(address)
        else:
            self._refused.append(host)

    def resolutionComplete(self) -> None:
        self._receiver.resolutionComplete()


@implementer(IHostnameResolver)
class _PublicResolver:
    def __init__(self, resolver: Any, refused: list[str]) -> None:
        self._resolver = resolver
        self._refused = refused

    def resolveHostName(self, receiver: Any, hostName: str, *args: Any, **kwargs: Any) -> Any:
        return self._resolver.resolveHostName(_PublicOnly(receiver, self._refused), hostName, *args, **kwargs)


class GuardedEndpoint(HostnameEndpoint):
    """Connects to a host by name, and only to its public addresses."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._refused: list[str] = []
        super().__init__(*args, **kwargs)

    def _getNameResolverAndMaybeWarn(self, reactor: object) -> Any:
        return _PublicResolver(super()._getNameResolverAndMaybeWarn(reactor), self._refused)

    def connect(self, protocolFactory: Any) -> Deferred[Any]:
        """As the base class; AddressRefused when the name has addresses, but no public one."""

        def explain(failure: Failure) -> Failure:
            if self._refused and failure.check(DNSLookupError):
                found = ", ".join(sorted(set(self._refused)))
                return Failure(AddressRefused(f"{self._hostText} is not public ({found}); set [crawl] allow_private"))
            return failure

        return super().connect(protocolFactory).addErrback(explain)


@implementer(IAgentEndpointFactory)
class Endpoints:
    """Where an Agent connects to: http and https only, and only public addresses unless `allow_private`."""

    def __init__(self, reactor: Any, policy: Any, timeout: float, bind: Any, *, allow_private: bool) -> None:
        self._reactor = reactor
        self._policy = policy
        self._timeout = timeout
        self._bind = bind
        self._kind = HostnameEndpoint if allow_private else GuardedEndpoint

    def endpointForURI(self, uri: URI) -> Any:
        """The endpoint of a URI; SchemeNotSupported for anything but http and https."""
        if uri.scheme not in (b"http", b"https"):
            raise SchemeNotSupported(f"Unsupported scheme: {uri.scheme!r}")
        host = uri.host.decode("ascii")
        endpoint = self._kind(self._reactor, host, uri.port, timeout=self._timeout, bindAddress=self._bind)
        if uri.scheme == b"https":
            return wrapClientTLS(self._policy.creatorForNetloc(uri.host, uri.port), endpoint)
        return endpoint
