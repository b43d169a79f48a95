"""Fetches URLs through the wire handler and middlewares in a process of its own (a reactor starts but once)."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from datetime import datetime
from typing import Any

from archive.records import Exchange, TlsInfo


def fetch(urls: list[str], *, timeout: float = 60, method: str = "GET", **settings: Any) -> list[dict[str, Any]]:
    """What a spider and its errback see of each URL, in the order asked; `exchanges` are real Exchange objects."""
    order = json.dumps({"urls": urls, "settings": {"ONRECORD_ALLOW_PRIVATE": True, **settings}, "method": method})
    done = subprocess.run(
        [sys.executable, "-m", "tests.crawler.wire.crawl"], input=order, capture_output=True, text=True, timeout=timeout
    )
    assert done.returncode == 0, done.stderr[-4000:]
    results = json.loads(done.stdout.splitlines()[-1])
    for result in results:
        result["body"] = base64.b64decode(result["body"])
        result["exchanges"] = [_exchange(item) for item in result["exchanges"]]
    results.sort(key=lambda result: (result["kind"] == "robots", result["n"]))
    return results


def _exchange(item: dict[str, Any]) -> Exchange:
    tls = item.pop("tls")
    for name in ("request", "response"):
        item[name] = base64.b64decode(item[name])
    item["at"] = datetime.fromisoformat(item["at"])
    return Exchange(
        **item, tls=TlsInfo(tls["version"], tls["cipher"], tuple(map(base64.b64decode, tls["chain"]))) if tls else None
    )


def _plain(exchange: Exchange) -> dict[str, Any]:
    def text(data: bytes) -> str:
        return base64.b64encode(data).decode()

    tls = exchange.tls
    return {
        "url": exchange.url,
        "at": exchange.at.isoformat(),
        "request": text(exchange.request),
        "response": text(exchange.response),
        "fidelity": exchange.fidelity,
        "ip": exchange.ip,
        "protocol": exchange.protocol,
        "truncated": exchange.truncated,
        "tls": {"version": tls.version, "cipher": tls.cipher, "chain": [text(der) for der in tls.chain]} if tls else None,
    }


def main() -> None:
    from scrapy import Request, Spider
    from scrapy.crawler import CrawlerProcess

    from crawler import middlewares
    from crawler.wire import SETTINGS

    order = json.loads(sys.stdin.read())
    results: list[dict[str, Any]] = []

    class OneByOne(Spider):
        name = "one-by-one"

        async def start(self) -> Any:
            self.crawler.signals.connect(self.robots, middlewares.robots_answered)
            for n, url in enumerate(order["urls"]):
                yield Request(
                    url,
                    self.seen,
                    errback=self.failed,
                    dont_filter=True,
                    cb_kwargs={"n": n},
                    method=order["method"],
                    meta={"handle_httpstatus_all": False},
                )

        handle_httpstatus_list = (304, *range(400, 600))

        def seen(self, response: Any, n: int) -> None:
            results.append(
                {
                    "kind": "response",
                    "n": n,
                    "url": response.url,
                    "status": response.status,
                    "flags": response.flags,
                    "body": base64.b64encode(response.body).decode(),
                    "error": None,
                    "exchanges": [_plain(item) for item in response.meta["exchanges"]],
                }
            )

        def failed(self, failure: Any) -> None:
            request = failure.request
            results.append(
                {
                    "kind": "failure",
                    "n": request.cb_kwargs["n"],
                    "url": request.url,
                    "status": None,
                    "flags": [],
                    "body": "",
                    "error": f"{failure.type.__name__}: {failure.value}",
                    "exchanges": [_plain(item) for item in request.meta.get("exchanges", [])],
                }
            )

        def robots(self, url: str, exchanges: list[Exchange], status: int | None, error: str | None) -> None:
            results.append(
                {
                    "kind": "robots",
                    "n": 0,
                    "url": url,
                    "status": status,
                    "flags": [],
                    "body": "",
                    "error": error,
                    "exchanges": [_plain(item) for item in exchanges],
                }
            )

    process = CrawlerProcess({**SETTINGS, "LOG_LEVEL": "WARNING", "RETRY_TIMES": 0, **order["settings"]})
    process.crawl(OneByOne)
    process.start()
    print(json.dumps(results))


if __name__ == "__main__":
    main()
