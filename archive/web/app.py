"""The viewer's addresses, and what stands before them."""

from __future__ import annotations

from collections.abc import Collection

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from archive.web import article, comparison, decided, figures, front, lists, past, replay, search, sheet
from archive.web.answers import failure, page
from archive.web.asked import Asked
from archive.web.cached import EntityTags
from archive.web.guard import LOOPBACK, Guard
from archive.web.openapi import openapi
from archive.web.remembered import Remembered
from archive.web.twins import Twins
from archive.workspace import Workspace

GET = ["GET"]


def create_app(workspace: Workspace, *, hosts: Collection[str] | None = LOOPBACK) -> ASGIApp:
    """The viewer of an archive as an ASGI application. `hosts`: the names it answers to; None: any (public)."""
    routes = [
        Route("/", page(front.home), methods=GET),
        Route("/portals/{portal}", page(front.portal), methods=GET),
        Route("/portals/{portal}/at", page(past.past), methods=GET),
        Route("/portals/{portal}/at/{date}", page(past.past), methods=GET),
        Route("/pages/{ref}", page(article.article), methods=GET),
        Route("/pages/{ref}/evidence", page(sheet.sheet), methods=GET),
        Route("/pages/{ref}/log", page(article.log), methods=GET),
        Route("/pages/{ref}/diff/{versions}", page(comparison.comparison), methods=GET),
        Route("/pages/{ref}/moved/{old}", page(comparison.moved), methods=GET),
        Route("/compare/{ref}", page(comparison.choose), methods=GET),
        Route("/search", page(search.search), methods=GET),
        Route("/changes", page(lists.changes), methods=GET),
        Route("/gone", page(lists.gone), methods=GET),
        Route("/decided", page(decided.decided), methods=GET),
        Route("/runs", page(lists.runs), methods=GET),
        Route("/stats", page(figures.stats), methods=GET),
        Route("/openapi.json", openapi, methods=GET),
        Route("/-/about", page(front.about), methods=GET),
        Route("/web/timemap/{kind}/{url:path}", replay.timemap, methods=GET),
        Route("/timemap/{kind}/{url:path}", replay.timemap, methods=GET),
        Route("/web/{rest:path}", replay.replay, methods=GET),
        Route("/cdx", replay.cdx, methods=GET),
        Mount("/static", StaticFiles(packages=[("archive.web", "static")])),
    ]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(GZipMiddleware, minimum_size=1000, compresslevel=5), Middleware(EntityTags), Middleware(Twins)],
        exception_handlers={HTTPException: _no_page, 500: _broken},
    )
    app.state.workspace = workspace
    app.state.remembered = Remembered(workspace)
    return Guard(app, hosts)


async def _no_page(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return failure(Asked(request, request.app.state.workspace), status, "There is no such page here", "the menu leads on")


async def _broken(request: Request, _error: Exception) -> Response:
    hint = "the server's own output says what; nothing of the archive is harmed by reading"
    return failure(Asked(request, request.app.state.workspace), 500, "This page could not be made", hint)
