"""Who may ask, and what a browser may do with the answer: methods, Host, security headers.

A page of this viewer shows words that others wrote, so no script is allowed on any of them (CSP, W3C Level 3). The Host
header is checked because a web site could otherwise read a viewer on loopback by pointing its own name there (DNS rebinding).
"""

from __future__ import annotations

from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost", "::1")
PAGES = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": PAGES,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


class Guard:
    """Stands before the whole application. `hosts` None: any name is answered (behind `--public`)."""

    def __init__(self, app: ASGIApp, hosts: Collection[str] | None) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse with 405 or 421."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if "sandbox" in headers["Content-Security-Policy"]:  # a replayed page: it is framed by this viewer
                    del headers["X-Frame-Options"]
            await send(message)

        app = self.app
        if scope["method"] not in ("GET", "HEAD"):
            app = PlainTextResponse("This archive is read-only: GET and HEAD.\n", 405, {"Allow": "GET, HEAD"})
        elif self.hosts is not None and _name(Headers(scope=scope).get("host", "")) not in self.hosts:
            app = PlainTextResponse("This viewer answers on this machine only: onrecord serve --public opens it.\n", 421)
        await app(scope, receive, guarded)


def _name(host: str) -> str:
    """The name of a Host header, without its port."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()
