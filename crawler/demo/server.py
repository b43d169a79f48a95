"""A small threaded HTTP/1.1 server on loopback: keep-alive, chunked or counted bodies, one edition at a time."""

from __future__ import annotations

import contextlib
import itertools
import socketserver
import threading
import time
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from types import TracebackType

from crawler.demo.editions import Editions
from crawler.demo.site import Answer, Site

_IDLE = 30.0  # seconds a connection may wait for its next request
_MAX_LINE = 16 * 1024


class _Handler(socketserver.StreamRequestHandler):
    timeout = _IDLE
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Listener

    def handle(self) -> None:
        """Answer requests until the client goes away or asks to close."""
        with contextlib.suppress(OSError):
            while self._one():
                pass

    def _one(self) -> bool:
        line = self.rfile.readline(_MAX_LINE).decode("latin-1").split()
        headers = self._headers()
        if len(line) != 3 or line[0] not in ("GET", "HEAD"):
            if line:
                self._send(Answer(405 if len(line) == 3 else 400, (("Allow", "GET, HEAD"),)), head=False, close=True)
            return False
        answer = self.server.demo.answer(line[1], headers)
        close = headers.get("connection", "").lower() == "close" or line[2] == "HTTP/1.0"
        if answer.delay:
            time.sleep(answer.delay)
        self._send(answer, head=line[0] == "HEAD", close=close)
        return not close

    def _headers(self) -> dict[str, str]:
        headers: dict[str, str] = {}
        while (line := self.rfile.readline(_MAX_LINE)) not in (b"\r\n", b"\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        return headers

    def _send(self, answer: Answer, *, head: bool, close: bool) -> None:
        lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}", "Server: velmara/1.0"]
        lines.append(f"Date: {format_datetime(datetime.now(UTC), usegmt=True)}")
        lines += [f"{name}: {value}" for name, value in answer.headers]
        if answer.status != HTTPStatus.NOT_MODIFIED:
            lines.append("Transfer-Encoding: chunked" if answer.chunked else f"Content-Length: {len(answer.body)}")
        lines.append("Connection: close" if close else "Connection: keep-alive")
        self.wfile.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
        if not head and answer.status != HTTPStatus.NOT_MODIFIED:
            self._body(answer)
        self.wfile.flush()

    def _body(self, answer: Answer) -> None:
        if not answer.chunked:
            self.wfile.write(answer.body)
            return
        size = max(1, len(answer.body) // 3)
        for start in range(0, len(answer.body), size):
            chunk = answer.body[start : start + size]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
        self.wfile.write(b"0\r\n\r\n")


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, demo: DemoServer, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.demo = demo


class DemoServer:
    """The portal of `editions` on 127.0.0.1, from `with` to the end of the block; `port` 0 takes a free one."""

    def __init__(self, editions: Editions, port: int = 0) -> None:
        self._listener = _Listener(self, port)
        self.url = f"http://127.0.0.1:{self._listener.server_address[1]}"
        self._site = Site(editions, self.url)
        self._edition = 1
        self._fetches = itertools.count(1)
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.05,), daemon=True)

    def set_edition(self, number: int) -> None:
        """From the next request on, serve edition `number`."""
        self._edition = number

    def answer(self, target: str, headers: dict[str, str]) -> Answer:
        """The answer to one request, at this moment."""
        return self._site.answer(self._edition, target, headers, next(self._fetches), datetime.now(UTC))

    def __enter__(self) -> DemoServer:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._listener.shutdown()
        self._listener.server_close()
