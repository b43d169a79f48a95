"""Downloader middlewares: the list of exchanges of a request, bodies decoded within bounds, robots.txt as RFC 9309 says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from scrapy import Request, signals
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response, TextResponse
from scrapy.http.request import NO_CALLBACK
from scrapy.responsetypes import responsetypes
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import build_from_crawler
from twisted.internet.defer import Deferred

from archive.coding import decode
from archive.records import Exchange
from crawler.answers import describe_failure
from crawler.pace import Resting

robots_answered = object()
"""Signal, sent once a host with `url`, `exchanges` (list[Exchange]), `status` (int or None) and `error` (str or None)."""

ROBOTS_LIMIT = 500 * 1024  # bytes that are parsed, RFC 9309 2.5
ROBOTS_REDIRECTS = 5  # RFC 9309 2.3.1.2


class RobotsUnreachable(IgnoreRequest):
    """robots.txt could not be read (server error, no answer), which means that nothing may be asked (RFC 9309 2.3.1.4)."""


class ExchangeMiddleware:
    """Keeps `request.meta["exchanges"]`: one list for a request, its redirects and its retries.

    It stands next to the downloader (950). Where the wire handler could not tap the connection, it makes an Exchange out
    of what Scrapy says, with fidelity `reconstructed`.
    """

    def process_request(self, request: Request) -> None:
        """Begin a new list, unless this request goes on with a chain."""
        meta = request.meta
        if not (meta.get("redirect_times") or meta.get("retry_times")) or "exchanges" not in meta:
            meta["exchanges"] = meta.pop("exchanges_into", [])
        meta["exchanges_before"] = len(meta["exchanges"])
        meta["asked_at"] = datetime.now(UTC)

    def process_response(self, request: Request, response: Response) -> Response:
        """Add a reconstructed exchange when the handler has added none."""
        meta = request.meta
        if len(meta["exchanges"]) == meta.get("exchanges_before", 0):
            meta["exchanges"].append(_reconstruct(request, response, meta["asked_at"]))
        return response


def _reconstruct(request: Request, response: Response, at: datetime) -> Exchange:
    parts = urlparse_cached(request)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    asked = [f"{request.method} {target} HTTP/1.1".encode(), f"Host: {parts.netloc}".encode()]
    asked += [name + b": " + value for name, values in request.headers.items() for value in values]
    said = [f"{response.protocol or 'HTTP/1.1'} {response.status}".encode()]
    said += [name + b": " + value for name, values in response.headers.items() for value in values]
    return Exchange(
        url=request.url.partition("#")[0],
        at=at,
        request=b"\r\n".join(asked) + b"\r\n\r\n" + request.body,
        response=b"\r\n".join(said) + b"\r\n\r\n" + response.body,
        fidelity="reconstructed",
        ip=str(response.ip_address) if response.ip_address else None,
        truncated="disconnect" if "dataloss" in response.flags else None,
    )


class DecodeMiddleware:
    """Removes content codings, never past DOWNLOAD_MAXSIZE: a bomb gives a cut body and the flag `cut`, not a dead crawl."""

    def __init__(self, limit: int) -> None:
        self._limit = limit

    @classmethod
    def from_crawler(cls, crawler: Any) -> DecodeMiddleware:
        """Scrapy's way of making it."""
        return cls(crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    def process_request(self, request: Request) -> None:
        """Say which codings are understood."""
        request.headers.setdefault("Accept-Encoding", b"gzip, deflate, br, zstd")

    def process_response(self, request: Request, response: Response) -> Response:
        """Decode the body; a broken one keeps what could be read and gets the flag `broken_coding`."""
        fields = response.headers.getlist("Content-Encoding")
        codings = [part.strip().lower() for value in fields for part in value.decode("latin-1").split(",")]
        if request.method == "HEAD" or not codings or not response.body:
            return response
        result = decode(response.body, codings, self._limit)
        flags = [*response.flags, *(["cut"] if result.cut else []), *(["broken_coding"] if result.warnings else [])]
        headers = response.headers.copy()
        del headers["Content-Encoding"]
        kind = responsetypes.from_args(headers=headers, url=response.url, body=result.body)
        extra = {"encoding": None} if issubclass(kind, TextResponse) else {}  # guessed anew from the decoded body
        return response.replace(cls=kind, body=result.body, headers=headers, flags=flags, **extra)


class _Unreachable:
    """Stands for the rules of a host whose robots.txt could not be read, or not be asked for."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def allowed(self, url: str, user_agent: str) -> bool:
        raise self._error


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's robots.txt middleware with RFC 9309's rules: 4xx allows, 5xx and no answer forbid, five redirects, 500 KiB.

    Refused requests end with IgnoreRequest("Forbidden by robots.txt") or its child RobotsUnreachable; what each host
    answered goes out with the signal `robots_answered`.
    """

    async def robot_parser(self, request: Request) -> Any:
        """The rules of the request's host; fetched once."""
        parts = urlparse_cached(request)
        if parts.netloc not in self._parsers:
            self._parsers[parts.netloc] = turn = Deferred()
            asked = Request(
                f"{parts.scheme}://{parts.netloc}/robots.txt",
                priority=self.DOWNLOAD_PRIORITY,
                meta={"dont_obey_robotstxt": True, "redirect_ttl": ROBOTS_REDIRECTS},
                callback=NO_CALLBACK,
            )
            self._parsers[parts.netloc] = parser = await self._ask(asked, request)
            turn.callback(parser)
        found = self._parsers[parts.netloc]
        return await maybe_deferred_to_future(found) if isinstance(found, Deferred) else found

    async def _ask(self, asked: Request, request: Request) -> Any:
        exchanges: list[Exchange] = []
        asked.meta["exchanges_into"] = exchanges
        status, error = None, None
        try:
            response = await self.crawler.engine.download_async(asked)
            status, body = response.status, response.body
            if 500 <= status < 600:
                error = f"status {status}"
        except IgnoreRequest as refusal:
            error = None if "max redirections" in str(refusal) else str(refusal)  # too many redirects: as if there was none
            body = b""
        except Resting as resting:
            return _Unreachable(resting)
        except Exception as failure:  # noqa: BLE001 - whatever kept it from being read, nothing may be asked
            error, body = describe_failure(failure), b""
        self._stats.inc_value("robotstxt/request_count")
        self.crawler.signals.send_catch_log(robots_answered, url=asked.url, exchanges=exchanges, status=status, error=error)
        if error is not None:
            return _Unreachable(RobotsUnreachable(f"robots.txt could not be read: {error}"))
        rules = body[:ROBOTS_LIMIT] if status is not None and 200 <= status < 300 else b""
        parser = build_from_crawler(self._parserimpl, self.crawler, rules)
        await self.crawler.signals.send_catch_log_async(signals.robots_parsed, robotparser=parser, request=request)
        return parser
