"""A page function becomes an endpoint: it is asked in a thread with a read-only session, its View is written in the form
asked for, and what goes wrong is told as a page."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from archive import database, feeds, query
from archive.errors import Busy, IntegrityError, NotFound, OnrecordError, UsageError
from archive.output.formats import write_csv
from archive.output.safe import json_text
from archive.output.times import localised
from archive.web.asked import Asked
from archive.web.rendering import environment
from archive.web.view import View

Page = Callable[[Asked, Session], View]
Endpoint = Callable[[Request], Awaitable[Response]]
_STATUS: tuple[tuple[type[OnrecordError], int], ...] = ((UsageError, 400), (NotFound, 404), (Busy, 503), (IntegrityError, 500))


def page(function: Page) -> Endpoint:
    """The endpoint of a page function."""

    async def endpoint(request: Request) -> Response:
        asked = Asked(request, request.app.state.workspace)
        return await run_in_threadpool(_answer, function, asked)

    endpoint.__name__ = function.__name__
    endpoint.__doc__ = function.__doc__
    return endpoint


def failure(asked: Asked, status: int, message: str, hint: str | None = None, code: str = "failure") -> Response:
    """An error as a page, or as the object the command line prints; headers say the rest."""
    data = {"error": {"code": code, "message": message, "hint": hint}}
    if asked.format != "html":
        return _json(data, status)
    shown = {"title": message, "status": status, "hint": hint, "asked": asked, "twins": (), "view": None}
    return HTMLResponse(environment().get_template("error.html").render(shown), status)


def failed(asked: Asked, error: OnrecordError) -> Response:
    """What a person is told of an error."""
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 503)
    return failure(asked, status, error.message, error.hint, error.code)


def _answer(function: Page, asked: Asked) -> Response:
    try:
        with database.session(asked.workspace, readonly=True, kept=True) as session:
            view = function(asked, session)
            return _written(view, asked, session)
    except OnrecordError as error:
        return failed(asked, error)


def _written(view: View, asked: Asked, session: Session) -> Response:
    if asked.format != "html" and f".{asked.format}" not in view.twins:
        return failure(asked, 404, f"this page has no form .{asked.format}", "it has " + ", ".join(view.twins), "form.missing")
    if asked.format == "json":
        return _json(view.data, view.status)
    if asked.format == "csv":
        out = io.StringIO()
        write_csv((localised(row, None) for row in view.rows or ()), view.keys, out)
        return Response(out.getvalue().encode(), view.status, media_type="text/csv; charset=utf-8")
    if view.feed is not None and asked.format == "atom":
        return Response(feeds.atom(view.feed), headers={"Content-Type": feeds.ATOM})
    if view.feed is not None and asked.format == "feed.json":
        return _json(feeds.json_feed(view.feed), media=feeds.JSON_FEED)
    context: Mapping[str, Any] = {
        "title": view.title,
        "asked": asked,
        "twins": view.twins,
        "short": asked.remembered(session, query.short_ids),
        **view.context,
    }
    headers = {"Set-Cookie": view.cookie, "Vary": "Cookie"} if view.cookie else None
    return HTMLResponse(environment().get_template(view.template).render(context), view.status, headers)


def _json(data: Any, status: int = 200, media: str = "application/json") -> Response:
    return Response(json_text(localised(data, None)).encode(), status, media_type=media)
