"""Captures as they looked: `/web/TIMESTAMP/URL` in a frame under a banner, `if_` what the frame shows, `id_` the bytes as
served, `/web/URL` the TimeGate, TimeMaps and the CDX query (Memento, RFC 7089)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response

from archive import database, memento, query
from archive.errors import NotFound, OnrecordError, UsageError
from archive.memento import Addresses, Memento
from archive.memento.timemap import LINK_FORMAT
from archive.message import Message, decoded
from archive.output.safe import json_text
from archive.query.rows import local
from archive.web import rewriting, wished
from archive.web.answers import failed
from archive.web.asked import Asked
from archive.web.rendering import environment

LIMIT = 64 * 1024 * 1024  # bytes of one capture, after decompression
MOST = 10_000  # captures of one TimeMap
_SHAPE = re.compile(r"/web/(?:(\d{4,14})(id_|if_|im_|cs_|js_)?/)?(.+)", re.DOTALL)
_STYLES = re.compile(r"text/css", re.IGNORECASE)
_PAGES = re.compile(r"text/html|application/xhtml\+xml", re.IGNORECASE)
_SHOWABLE = re.compile(r"image/|text/plain|application/pdf|font/|audio/|video/", re.IGNORECASE)
_KEPT_HEADERS = ("content-language", "last-modified", "etag", "content-type")


async def replay(request: Request) -> Response:
    """One capture, in the form that the address asks for."""
    return await _told(request, _replay)


async def timemap(request: Request) -> Response:
    """All captures of an address."""
    if request.path_params["kind"] == "json":
        request.scope["onrecord.format"] = "json"  # what goes wrong is told as an object too
    return await _told(request, _timemap)


async def cdx(request: Request) -> Response:
    """The index of captures, as CDX servers answer."""
    if request.query_params.get("output") == "json":
        request.scope["onrecord.format"] = "json"
    return await _told(request, _cdx)


async def _told(request: Request, function: Callable[[Asked, Session], Response]) -> Response:
    asked = Asked(request, request.app.state.workspace)

    def answered() -> Response:
        try:
            with database.session(asked.workspace, readonly=True, kept=True) as session:
                return function(asked, session)
        except OnrecordError as error:
            return failed(asked, error)

    return await run_in_threadpool(answered)


def _replay(asked: Asked, session: Session) -> Response:
    match = _SHAPE.fullmatch(_raw_path(asked.request))
    if match is None:
        raise NotFound("an address is wanted", hint="/web/20181127020200/https://…")
    stamp, form = match[1], match[2]
    url, before = wished.parted(_whole(match[3], asked.request))
    at = Addresses(f"{asked.base}/web/")
    if stamp is None:
        return _gate(asked, session, at, url)
    found = _at(session, url, stamp)
    if found.stamp != stamp:
        onward = wished.carried(url, stamp, found.at) if form is None else url
        return RedirectResponse(f"/web/{found.stamp}{form or ''}/{memento.timemap.escaped(onward)}", 302)
    headers = memento.memento_headers(at, found)
    if form is None:
        return _framed(asked, session, found, headers, wished.wished(before, found.at))
    message, entity = memento.answer(session, asked.workspace, found)
    message = replace(message, entity=entity)  # of a revisit: its own headers, its original's bytes
    if form == "id_":
        return _as_served(message, headers)
    return _shown(asked, found, message, headers)


def _gate(asked: Asked, session: Session, at: Addresses, url: str) -> Response:
    wanted = asked.request.headers.get("accept-datetime")
    try:
        moment = memento.accept_datetime(wanted) if wanted else datetime.now(UTC)
    except (ValueError, TypeError) as error:
        raise UsageError(f"Accept-Datetime is no date: {str(wanted)[:80]!r}") from error
    chosen = _nearest(session, url, moment)
    return Response(status_code=302, headers=memento.timegate_headers(at, url, chosen))


def _framed(asked: Asked, session: Session, found: Memento, headers: dict[str, str], wish: wished.Wished | None) -> Response:
    """The banner, and the page in a frame that may not act."""
    near = list(islice(memento.mementos(session, found.url), MOST))
    place = next((n for n, one in enumerate(near) if one.id == found.id), 0)
    try:
        named = query.resolve(session, found.url).page
        page: dict[str, Any] | None = {"page": named["key"]}
        captured = local(found.at, named["timezone"])
    except OnrecordError:
        page, captured = None, found.at
    portal, day = query.day_of_capture(session, found.id)
    shown = {
        "title": f"Capture of {found.url}",
        "asked": asked,
        "found": found,
        "then": f"/portals/{portal}/at/{day}",
        "captured": captured,
        "wish": wish,
        "inner": f"/web/{found.stamp}if_/{memento.timemap.escaped(found.url)}",
        "raw": f"/web/{found.stamp}id_/{memento.timemap.escaped(found.url)}",
        "previous": near[place - 1] if place else None,
        "next": near[place + 1] if place + 1 < len(near) else None,
        "number": place + 1,
        "count": len(near),
        "page": page,
    }
    return HTMLResponse(environment().get_template("replay.html").render(shown), headers=headers)


def _shown(asked: Asked, found: Memento, message: Message, headers: dict[str, str]) -> Response:
    """What the frame shows. Its policy forbids every script, and everything that is not of this archive."""
    media, url = found.media or message.media or "", found.url
    headers = {**headers, "Content-Security-Policy": _sandbox(asked.base)}
    if found.location and 300 <= found.status < 400:
        body = environment().get_template("redirect.html").render(to=rewriting.inside(found.location, url, found.stamp, ""))
        return HTMLResponse(body, headers=headers)
    entity = decoded(message, LIMIT).body
    if _PAGES.match(media):
        return HTMLResponse(rewriting.page(_text(entity, message), url, found.stamp), headers=headers)
    if _STYLES.match(media):
        return Response(rewriting.style(_text(entity, message), url, found.stamp), headers=headers, media_type="text/css")
    if _SHOWABLE.match(media):
        return Response(entity, headers=headers, media_type=media)
    return PlainTextResponse(_text(entity, message)[:100_000], headers=headers)


def _as_served(message: Message, headers: dict[str, str]) -> Response:
    """The entity as it was served, content coding removed; sandboxed, so that opening it runs nothing."""
    kept = {name: value for name, value in message.headers if name.lower() in _KEPT_HEADERS}
    served = {f"X-Archive-Orig-{name}": _one_line(value) for name, value in message.headers}
    policy = {"Content-Security-Policy": "sandbox; default-src 'none'"}
    kept = {name: _one_line(value) for name, value in kept.items() if name.lower() not in ("etag", "last-modified")}
    kept.setdefault("Content-Type", "application/octet-stream")
    return Response(decoded(message, LIMIT).body, headers={**kept, **served, **headers, **policy})


def _timemap(asked: Asked, session: Session) -> Response:
    path = _raw_path(asked.request)
    kind = asked.path["kind"]
    url = _whole(path.partition(f"timemap/{kind}/")[2], asked.request)
    at = Addresses(f"{asked.base}/web/")
    if kind not in ("link", "json", "cdxj"):
        raise NotFound(f"no TimeMap of the form {kind[:20]!r}", hint="link, json or cdxj")
    found = list(islice(memento.mementos(session, _address(url)), MOST))
    if not found:
        raise NotFound(f"no capture of {url}", hint="/cdx?url=…&matchType=host lists what there is")
    if kind == "json":
        return JSONResponse(memento.json_timemap(at, url, found))
    if kind == "cdxj":
        return PlainTextResponse(memento.cdxj_timemap(found))
    return Response(memento.link_format(at, url, found), media_type=LINK_FORMAT)


def _cdx(asked: Asked, session: Session) -> Response:
    parameters = {name: asked.request.query_params.getlist(name) for name in asked.request.query_params}
    rows = list(memento.cdx(session, parameters))
    if parameters.get("output", [""])[-1] == "json":
        header = [list(rows[0])] if rows else []
        return Response(json_text([*header, *(list(row.values()) for row in rows)]), media_type="application/json")
    return PlainTextResponse("".join(" ".join(row.values()) + "\n" for row in rows))


def _sandbox(base: str) -> str:
    """No script, no form, nothing from elsewhere; a click may open another page of the archive in the whole window.

    `allow-same-origin`: else a browser takes the page's own images and style sheets for another site's, and shows none.
    """
    return (
        "sandbox allow-same-origin allow-top-navigation-by-user-activation; default-src 'none'; "
        f"img-src {base} data:; style-src {base} 'unsafe-inline'; media-src {base}; font-src {base} data:; "
        f"frame-ancestors {base}; base-uri {base}; form-action 'none'"
    )


def _text(entity: bytes, message: Message) -> str:
    declared = message.charset
    if not declared:
        found = re.search(rb"<meta[^>]{0,200}charset=[\"']?([A-Za-z0-9_-]{2,30})", entity[:4096], re.IGNORECASE)
        declared = found[1].decode("ascii") if found else "utf-8"
    try:
        return entity.decode(declared, "replace")
    except LookupError:
        return entity.decode("utf-8", "replace")


def _at(session: Session, url: str, stamp: str) -> Memento:
    try:
        moment = memento.parse_stamp(stamp)
    except ValueError as error:
        raise UsageError(f"no time {stamp!r}", hint="YYYYMMDDhhmmss, UTC; from its end it may be cut") from error
    return _nearest(session, url, moment)


def _nearest(session: Session, url: str, moment: datetime) -> Memento:
    found = memento.nearest(session, _address(url), moment)
    if found is None:
        raise NotFound(f"no capture of {url}", hint="it was not asked for, or lies outside the portals kept here")
    return found


def _address(url: str) -> str:
    """The address, checked; NotFound for what is none."""
    from archive.urls import canonical_url

    try:
        canonical_url(url)
    except ValueError as error:
        raise NotFound(f"not an address: {url[:200]}", hint="/web/20181127020200/https://…") from error
    return url


def _raw_path(request: Request) -> str:
    """The path as it was sent: an archived address keeps its own percent signs."""
    raw = request.scope.get("raw_path") or request.scope["path"].encode()
    return bytes(raw).partition(b"?")[0].decode("utf-8", "replace")


def _whole(path: str, request: Request) -> str:
    """The archived address: its query belongs to it; slashes that a proxy joined are put back."""
    query_string = request.scope["query_string"].decode("ascii", "replace")
    url = re.sub(r"^(https?):/+", r"\1://", path, flags=re.IGNORECASE) + (f"?{query_string}" if query_string else "")
    return url if "://" in url else f"http://{url}"


def _one_line(text: str) -> str:
    return re.sub(r"[^\x20-\x7e]", "?", text)
