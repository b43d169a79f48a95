"""A raw-socket server on loopback: answers with exactly the bytes a test gives it, and keeps exactly what was asked."""

from __future__ import annotations

import contextlib
import datetime as dt
import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Answer:
    """What the server sends. `pieces` with pauses between them; `close` drops the connection afterwards."""

    data: bytes = b""
    close: bool = False
    pieces: tuple[bytes, ...] = ()
    pause: float = 0.0
    endless: bytes = b""  # sent over and over until the other side goes away


@dataclass
class RawServer:
    """Serves `answers[path]` (or `fallback(path)`); `asked` holds every request in order, byte for byte."""

    answers: dict[str, Answer | Callable[[bytes], Answer]] = field(default_factory=dict)
    tls: bool = False
    asked: list[bytes] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    fallback: Callable[[str], Answer] = lambda path: reply(404, b"no such page", close=False)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """Address of a path on this server."""
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}{path}"

    def requests(self, path: str) -> list[bytes]:
        """The requests that asked for this path."""
        return [raw for raw in self.asked if raw.split(b" ", 2)[1].decode() == path]

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.settimeout(20)
            pending = b""
            while True:
                while b"\r\n\r\n" not in pending:
                    data = connection.recv(65536)
                    if not data:
                        return
                    pending += data
                head, _, pending = pending.partition(b"\r\n\r\n")
                raw = head + b"\r\n\r\n"
                self.asked.append(raw)
                path = raw.split(b" ", 2)[1].decode("latin-1")
                given = self.answers.get(path) or self.fallback(path)
                answer = given(raw) if callable(given) else given
                if answer.data:
                    connection.sendall(answer.data)
                for piece in answer.pieces:
                    time.sleep(answer.pause)
                    connection.sendall(piece)
                while answer.endless:
                    connection.sendall(answer.endless)
                    time.sleep(answer.pause)
                if answer.close:
                    if self.tls:
                        connection.unwrap()  # type: ignore[attr-defined]
                    return


def reply(status: int, body: bytes = b"", *headers: str, reason: str = "OK", close: bool = False) -> Answer:
    """A plain answer with Content-Length."""
    lines = [f"HTTP/1.1 {status} {reason}", *headers, f"Content-Length: {len(body)}"]
    return Answer("\r\n".join(lines).encode() + b"\r\n\r\n" + body, close=close)


@contextlib.contextmanager
def serve(
    answers: dict[str, Answer | Callable[[bytes], Answer]] | None = None, *, tls: bool = False, host: str = "127.0.0.1"
) -> Iterator[RawServer]:
    """Run a RawServer on a free port until the block ends."""
    server = RawServer(dict(answers or {}), tls)
    listener = socket.create_server((host, 0))
    server.port = listener.getsockname()[1]
    listener.settimeout(0.1)
    stop = threading.Event()

    def accept() -> None:
        while not stop.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            server.connections += 1
            threading.Thread(target=handshake, args=(connection,), daemon=True).start()

    def handshake(connection: socket.socket) -> None:
        if tls:
            try:
                connection = _context().wrap_socket(connection, server_side=True)
            except OSError:
                connection.close()
                return
        server._serve(connection)

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        stop.set()
        thread.join()
        listener.close()


@cache
def _context() -> ssl.SSLContext:
    """A server context with a throw-away certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "portal.example")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:
        Path(file.name).write_bytes(pem)
        context.load_cert_chain(file.name)
    return context
