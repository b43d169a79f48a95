"""Every page has twins: the suffix of an address says which, and is taken off before the page is looked for."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

SUFFIXES = (".feed.json", ".json", ".csv", ".atom")  # the longer first
_AS_THEY_ARE = ("/web/", "/timemap/", "/static/", "/cdx", "/openapi")


class Twins:
    """`/changes.csv` is `/changes` with the form `csv`; `/index.json` is that of the home page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, its path without the suffix."""
        if scope["type"] == "http" and not scope["path"].startswith(_AS_THEY_ARE):
            for suffix in SUFFIXES:
                if scope["path"].endswith(suffix):
                    path = scope["path"].removesuffix(suffix)
                    scope = {**scope, "path": "/" if path == "/index" else path, "onrecord.format": suffix[1:]}
                    break
        await self.app(scope, receive, send)
