"""The archive in a browser: server-rendered pages, read-only, no script needed. `create_app(workspace)` is the door."""

from archive.web.app import create_app

__all__ = ["create_app"]
