"""The viewer's server: one process, one port, closed cleanly."""

from __future__ import annotations

import gc
import http.client
import json
import os
import socket
import sys
import threading
import webbrowser
from contextlib import closing, suppress
from types import TracebackType
from typing import Any

import uvicorn

from archive.errors import OnrecordError
from archive.web.app import create_app
from archive.web.guard import LOOPBACK
from archive.workspace import Workspace

SECONDS = 10  # for the server to begin, and for answers under way to end


class Viewer:
    """Serves an archive while inside; `port` 0 takes a free one. OnrecordError when the port is taken, but with `else_any`
    any free one is taken instead."""

    def __init__(self, workspace: Workspace, *, port: int = 0, public: bool = False, else_any: bool = False) -> None:
        host = "0.0.0.0" if public else "127.0.0.1"  # noqa: S104 - only when asked for
        self._socket = _bound(host, port, else_any=else_any)
        app = create_app(workspace, hosts=None if public else LOOPBACK)
        settings = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            limit_concurrency=200,
            timeout_graceful_shutdown=SECONDS,
            proxy_headers=public,
            lifespan="off",
        )
        self._server = uvicorn.Server(settings)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)

    @property
    def url(self) -> str:
        """Where it answers on this machine."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/"

    def show(self, path: str = "") -> None:
        """Open the reader's browser there; where none can be seen (a server, a container) nothing happens."""
        if sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
            webbrowser.open(self.url + path)

    def wait(self) -> None:
        """Until Ctrl-C."""
        with suppress(KeyboardInterrupt):
            while self._thread.is_alive():
                self._thread.join(1)

    def __enter__(self) -> Viewer:
        # A page asks for a dozen statements, each of which lets go of the interpreter and waits for it while figures are
        # counted beside: half a millisecond at most in place of five.
        sys.setswitchinterval(0.0005)
        self._thread.start()
        threading.Thread(target=self._count, daemon=True).start()
        return self

    def _count(self) -> None:
        """Ask for the pages that one begins with, so that what is counted over the whole record is counted before."""
        with suppress(OSError, ValueError, KeyError, http.client.HTTPException):  # nobody waits for this
            for portal in (None, *(row["portal"] for row in self._get("index.json?limit=1")["portals"])):
                for page in ("", "stats.json") if portal is None else (f"portals/{portal}", f"stats.json?portal={portal}"):
                    self._get(page)
        gc.collect()
        gc.freeze()  # what is there now stays; to look through it for garbage again made one answer in twenty 70 ms longer

    def _get(self, path: str) -> Any:
        with closing(http.client.HTTPConnection("127.0.0.1", self._socket.getsockname()[1], timeout=60)) as connection:
            connection.request("GET", f"/{path}", headers={"Host": "127.0.0.1"})
            body = connection.getresponse().read()
        return json.loads(body) if ".json" in path else body

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.should_exit = True
        self._thread.join(SECONDS)
        self._socket.close()


def _bound(host: str, port: int, *, else_any: bool) -> socket.socket:
    # With the protocol named: asyncio sends at once (TCP_NODELAY) only on sockets that say TCP, and every answer waited 40 ms.
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError as error:
        made.close()
        if else_any:
            return _bound(host, 0, else_any=False)
        raise OnrecordError(
            f"port {port} cannot be had: {error.strerror}", hint="another one: onrecord serve -p 0", code="port"
        ) from error
    made.listen(128)
    return made
