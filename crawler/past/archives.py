"""A public web archive asked for what it holds of a portal: its CDX server for the list, raw mementos for the bytes."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

from archive.errors import OnrecordError
from archive.fetching import Got
from archive.memento import accept_datetime, parse_stamp
from archive.records import Exchange
from crawler.portal import Portal

PRESETS = {"wayback": ("https://web.archive.org/cdx/search/cdx", "https://web.archive.org/web")}
_NAMES = {"original": "url", "mimetype": "mime", "statuscode": "status"}
_UNTRUE = {"content-encoding", "transfer-encoding", "content-length", "connection", "keep-alive"}
MAX_WAIT = 300.0  # seconds of a Retry-After that are honoured before the address is put off to the second pass


@dataclass(frozen=True, slots=True)
class Listed:
    """A capture that an archive lists."""

    url: str
    at: datetime
    stamp: str
    status: str
    digest: str | None


class WebArchive:
    """One archive. `ask` is how it is asked (`archive.fetching.get`, its settings bound); `delay` seconds between."""

    def __init__(
        self, place: str, ask: Callable[[str], Got], *, delay: float, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        """`place`: a preset's name, or the address of a collection (`https://host/coll`: pywb and its kin)."""
        base = place.rstrip("/")
        self._cdx, self._replay = PRESETS.get(place, (f"{base}/cdx", base))
        self._ask = ask
        self._delay = delay
        self._sleep = sleep
        self._next = 0.0

    def listed(self, portal: Portal, since: datetime | None = None, until: datetime | None = None) -> list[Listed]:
        """What it holds of the portal's articles, oldest first; of captures in a row with one digest the first."""
        found: list[Listed] = []
        for host in sorted({host.removeprefix("www.") for host in portal.hosts}):  # CDX keys know no www
            asked = {"url": host, "matchType": "host", "output": "json", "collapse": "digest"}
            if since:
                asked["from"] = since.strftime("%Y%m%d%H%M%S")
            if until:
                asked["to"] = until.strftime("%Y%m%d%H%M%S")
            answer = self._patiently(f"{self._cdx}?{urlencode(asked)}")
            if answer is None or answer.status >= 400:
                status = answer.status if answer else "no answer"
                raise OnrecordError(f"{urlsplit(self._cdx).netloc} gives no list ({status})", code="backfill.list")
            found += [item for item in _rows(answer.body) if portal.is_article(item.url) and item.status[:1] in "2345-"]
        return sorted(set(found), key=lambda item: (item.at, item.url))

    def exchange(self, item: Listed) -> Exchange | None:
        """The capture's answer as the archive gives it back, put together again; None when it could not be had."""
        answer = self._patiently(self.address(item))
        if answer is None or "memento-datetime" not in answer.headers:
            return None  # without that header it is the archive itself that answers, be it with a 200 or a 429
        kept = [
            (name.removeprefix("x-archive-orig-"), value)
            for name, value in answer.headers.items()
            if name.startswith("x-archive-orig-") and name.removeprefix("x-archive-orig-") not in _UNTRUE
        ]
        if not any(name == "content-type" for name, _ in kept) and "content-type" in answer.headers:
            kept.append(("content-type", answer.headers["content-type"]))
        lines = [f"HTTP/1.1 {answer.status} {http.client.responses.get(answer.status, '')}".rstrip()]
        lines += [f"{name}: {value}" for name, value in kept] + [f"content-length: {len(answer.body)}"]
        head = "\r\n".join(line.replace("\r", " ").replace("\n", " ") for line in lines)
        return Exchange(
            url=item.url.partition("#")[0],
            at=accept_datetime(answer.headers["memento-datetime"]),
            request=b"",
            response=head.encode("latin-1", "replace") + b"\r\n\r\n" + answer.body,
            fidelity="reconstructed",
            truncated="length" if answer.cut else None,
        )

    def address(self, item: Listed) -> str:
        """Where the raw memento lies."""
        return f"{self._replay}/{item.stamp}id_/{item.url}"

    def _patiently(self, url: str) -> Got | None:
        """Ask, not faster than agreed; 429 and 503 wait as long as they say, twice at most."""
        for _ in range(3):
            self._sleep(max(0.0, self._next - time.monotonic()))
            self._next = time.monotonic() + self._delay
            try:
                answer = self._ask(url)
            except (OSError, http.client.HTTPException):
                return None
            if answer.status not in (429, 503) or "memento-datetime" in answer.headers:
                return answer
            self._next = time.monotonic() + min(MAX_WAIT, _retry_after(answer.headers.get("retry-after"), self._delay * 10))
        return None


def _rows(body: bytes) -> Iterator[Listed]:
    """Rows of a CDX answer: JSON lines (pywb), or one JSON array whose first row names the fields (Wayback)."""
    text = body.decode("utf-8", "replace").strip()
    rows: list[dict[str, str]] = []
    try:
        if text.startswith("[["):
            names, *values = json.loads(text)
            rows = [dict(zip(names, value, strict=False)) for value in values]
        elif text and not text.startswith("[]"):
            rows = [json.loads(line) for line in text.splitlines()]
    except ValueError as error:
        raise OnrecordError("the archive's list is no JSON", code="backfill.list") from error
    for row in rows:
        said = {_NAMES.get(name, name): str(value) for name, value in row.items()}
        stamp, url = said.get("timestamp", ""), said.get("url", "")
        if len(stamp) == 14 and stamp.isdecimal() and url.startswith(("http://", "https://")):
            yield Listed(url, parse_stamp(stamp), stamp, said.get("status", "-"), said.get("digest"))


def _retry_after(value: str | None, otherwise: float) -> float:
    if value is None:
        return otherwise
    if value.strip().isdecimal():
        return float(value)
    try:
        return max(0.0, (accept_datetime(value) - datetime.now(UTC)).total_seconds())
    except ValueError:
        return otherwise
