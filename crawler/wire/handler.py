"""The download handler: Scrapy's own for HTTP/1.1, with the tap, the address guard and cut answers kept."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, _ScrapyAgent
from scrapy.exceptions import CloseSpider, DownloadTimeoutError, NotSupported
from scrapy.http import Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import Deferred
from twisted.web.client import Agent

from archive.records import Truncated
from crawler.politeness import Turns
from crawler.wire.guard import Endpoints
from crawler.wire.selftest import WireFault, self_test
from crawler.wire.tap import Tap, WireAgent, WireFactory

logger = logging.getLogger(__name__)

EXCHANGES = "exchanges"  # request.meta: every Exchange of the request, its redirects and its retries, in order


class _OneRequest(_ScrapyAgent):
    """Scrapy's handling of one request, over our agent."""

    def __init__(self, *, tap: Tap | None, allow_private: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._tap = tap
        self._allow_private = allow_private

    def _get_agent(self, request: Request, timeout: float) -> Agent:
        if request.meta.get("proxy"):
            raise NotSupported("proxies are not supported: behind one, no address could be checked and no byte be proved")
        from twisted.internet import reactor

        endpoints = Endpoints(reactor, self._contextFactory, timeout, self._bindAddress, allow_private=self._allow_private)
        agent = WireAgent.usingEndpointFactory(reactor, endpoints, self._pool)
        agent.tap = self._tap
        return agent


class WireHandler(HTTP11DownloadHandler):
    """Handler of http and https. Each finished exchange is appended to `request.meta["exchanges"]`, on failure too.

    Settings: DOWNLOAD_MAXSIZE (bytes of body kept; past it the answer is cut and marked, not dropped), DOWNLOAD_TIMEOUT
    (seconds for the whole fetch, from its turn on), ONRECORD_ALLOW_PRIVATE. When the self-test fails, requests go out
    without the tap and `middlewares.ExchangeMiddleware` reconstructs the exchange and says so.
    """

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._allow_private = crawler.settings.getbool("ONRECORD_ALLOW_PRIVATE")
        self._plain_factory = self._pool._factory
        self._pool._factory = WireFactory
        self._fault: WireFault | None = None
        self._tested = False
        self._waiting: list[Deferred[None]] | None = None

    async def download_request(self, request: Request) -> Response:
        """Fetch; IgnoreRequest children for refused addresses, Scrapy's download errors otherwise."""
        await self._test_once()
        if self._fault is not None and self._fault.guard:
            raise CloseSpider("address_guard")
        turns = Turns.of(self._crawler)
        await turns.take(request)
        reached = partial(turns.reached, request)
        tap = None if self._fault else Tap(request.url.partition("#")[0], self._default_maxsize, reached)
        agent = _OneRequest(
            tap=tap,
            allow_private=self._allow_private,
            contextFactory=self._contextFactory,
            bindAddress=self._bind_address,
            pool=self._pool,
            maxsize=0 if tap else self._default_maxsize,
            warnsize=0,
            fail_on_dataloss=False,
            crawler=self._crawler,
        )
        try:
            with wrap_twisted_exceptions():
                response: Response = await maybe_deferred_to_future(agent.download_request(request))
        except Exception as error:
            reached()
            _keep(request, tap, "time" if isinstance(error, DownloadTimeoutError) else "disconnect")
            raise
        if tap is None:
            reached()
        _keep(request, tap, "disconnect" if "dataloss" in response.flags else None)
        return response

    async def _test_once(self) -> None:
        if self._tested:
            return
        if self._waiting is not None:
            turn: Deferred[None] = Deferred()
            self._waiting.append(turn)
            await maybe_deferred_to_future(turn)
            return
        self._waiting = []
        try:
            await self_test()
        except WireFault as fault:
            self._fault = fault
            self._pool._factory = self._plain_factory
            logger.warning("The wire tap failed its self-test (%s): answers are reconstructed, not byte-exact", fault)
        self._tested = True
        for turn in self._waiting:
            turn.callback(None)


def _keep(request: Request, tap: Tap | None, truncated: Truncated | None) -> None:
    exchange = tap.exchange(truncated) if tap else None
    if exchange is not None:
        request.meta.setdefault(EXCHANGES, []).append(exchange)
