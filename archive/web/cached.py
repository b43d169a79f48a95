"""A page that did not change is not sent again: weak entity tags and 304 (RFC 9110, 8.8.3 and 13.1.2)."""

from __future__ import annotations

from hashlib import blake2b

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class EntityTags:
    """Tags each whole 200 answer with a digest of its body; answers that come in parts pass through."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the page, or that the browser has it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        known = {tag.strip() for tag in Headers(scope=scope).get("if-none-match", "").split(",")}
        start: Message | None = None

        async def tagged(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and message["status"] == 200:
                start = message
                return
            if start is not None:
                held, start = start, None
                if not message.get("more_body"):
                    tag = f'W/"{blake2b(message.get("body", b""), digest_size=12).hexdigest()}"'
                    headers = MutableHeaders(scope=held)
                    headers.setdefault("ETag", tag)
                    headers.setdefault("Cache-Control", "no-cache")
                    if headers["ETag"] in known:
                        for name in ("content-length", "content-type"):
                            del headers[name]
                        held, message = {**held, "status": 304}, {**message, "body": b""}
                await send(held)
            await send(message)

        await self.app(scope, receive, tagged)
