"""Plain GETs of other archives' APIs: http(s) only, public addresses unless allowed, bounded, no redirect followed."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

from archive.errors import OnrecordError


class AddressNotPublic(OnrecordError):
    """The host resolves to an address that is not of the public internet: allow it in the settings, or ask another."""

    code = "address.private"


@dataclass(frozen=True, slots=True)
class Got:
    """An answer. `headers` have lower-case names; of a repeated one the last."""

    status: int
    headers: dict[str, str]
    body: bytes
    cut: bool


def get(
    url: str, *, user_agent: str, allow_private: bool = False, timeout: float = 30, limit: int = 64 << 20,
    headers: dict[str, str] | None = None, method: str = "GET",
) -> Got:  # fmt: skip
    """Ask once. OnrecordError for a refused address or scheme; OSError and HTTPException where no answer came."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise OnrecordError(f"not an http(s) address: {url!r}", code="usage")
    address = _address(parts.hostname, parts.port or (443 if parts.scheme == "https" else 80), allow_private)
    connection: _Pinned | _PinnedTls
    if parts.scheme == "https":
        connection = _PinnedTls(parts.hostname, parts.port, timeout=timeout, context=ssl.create_default_context())
    else:
        connection = _Pinned(parts.hostname, parts.port, timeout=timeout)
    connection.address = address
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(method, target, headers={"User-Agent": user_agent, "Accept-Encoding": "identity", **(headers or {})})
        answer = connection.getresponse()
        body = answer.read(limit + 1)
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Got(answer.status, found, body[:limit], len(body) > limit)
    finally:
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """Connects to the address that was looked at, so that a name server cannot answer otherwise the second time."""

    address: tuple[str, int]

    def connect(self) -> None:
        """Open the connection."""
        self.sock = socket.create_connection(self.address, self.timeout)


class _PinnedTls(http.client.HTTPSConnection):
    address: tuple[str, int]

    def connect(self) -> None:
        """Open the connection; the certificate is checked against the name."""
        plain = socket.create_connection(self.address, self.timeout)
        context: ssl.SSLContext = self._context  # type: ignore[attr-defined]
        self.sock = context.wrap_socket(plain, server_hostname=self.host)


def _address(host: str, port: int, allow_private: bool) -> tuple[str, int]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for *_, place in found:
        if allow_private or is_public(str(place[0])):
            return str(place[0]), port
    raise AddressNotPublic(f"{host} is not public", hint="set [crawl] allow_private where that is meant")


def is_public(host: str) -> bool:
    """Whether a resolved IP address is one of the public internet (IANA special-purpose registries, RFC 6890)."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            address = inner
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


_NAT64 = ipaddress.ip_network("64:ff9b::/96")
