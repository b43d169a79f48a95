"""TimeMaps and the headers of TimeGates and Mementos (RFC 7089), in link format, JSON and CDXJ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import quote

from archive.cdxj import line
from archive.memento.captures import Memento

LINK_FORMAT = "application/link-format"
REVISIT = "warc/revisit"


class Addresses:
    """Where things are served, under a base such as `https://archive.example/web/`."""

    def __init__(self, base: str) -> None:
        self.base = base if base.endswith("/") else f"{base}/"

    def memento(self, memento: Memento) -> str:
        """The address of a capture."""
        return f"{self.base}{memento.stamp}/{escaped(memento.url)}"

    def timegate(self, url: str) -> str:
        """The address that answers with the capture nearest to Accept-Datetime."""
        return f"{self.base}{escaped(url)}"

    def timemap(self, url: str, kind: str = "link") -> str:
        """The address of all captures."""
        return f"{self.base}timemap/{kind}/{escaped(url)}"


def escaped(url: str) -> str:
    """An address fit to stand in a Link header or behind a path: no space, quote, bracket or control character."""
    return quote(url, safe="!#$%&'()*+,/:;=?@[]~-._")


def http_date(at: datetime) -> str:
    """An instant in the form of Memento-Datetime."""
    return format_datetime(at.astimezone(UTC), usegmt=True)


def accept_datetime(value: str) -> datetime:
    """The instant of an Accept-Datetime header; ValueError when it is none (the answer is then 400)."""
    found = parsedate_to_datetime(value)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def timegate_headers(at: Addresses, url: str, chosen: Memento, ends: Sequence[Memento] = ()) -> dict[str, str]:
    """Headers of a TimeGate's 302 to the chosen capture. `ends`: the first and last one, which are linked too."""
    return {
        "Location": at.memento(chosen),
        "Vary": "accept-datetime",
        "Link": ", ".join([*_context(at, url, gate=False), *_mementos(at, [chosen], ends)]),
    }


def memento_headers(at: Addresses, memento: Memento) -> dict[str, str]:
    """Headers of a Memento's own answer."""
    return {"Memento-Datetime": http_date(memento.at), "Link": ", ".join(_context(at, memento.url, gate=True))}


def link_format(at: Addresses, url: str, found: Iterable[Memento]) -> str:
    """A TimeMap as application/link-format."""
    listed = list(found)
    if not listed:
        return ""
    bounds = f'; from="{http_date(listed[0].at)}"; until="{http_date(listed[-1].at)}"'
    rows = [
        f'<{escaped(url)}>; rel="original"',
        f'<{at.timemap(url)}>; rel="self"; type="{LINK_FORMAT}"{bounds}',
        f'<{at.timegate(url)}>; rel="timegate"',
        *_mementos(at, listed, (listed[0], listed[-1])),
    ]
    return ",\n".join(rows) + "\n"


def json_timemap(at: Addresses, url: str, found: Iterable[Memento]) -> dict[str, Any]:
    """A TimeMap as JSON, in the keys that public archives use."""
    listed = [{"datetime": item.at.astimezone(UTC).isoformat(), "uri": at.memento(item)} for item in found]
    mementos: dict[str, Any] = {"list": listed}
    if listed:
        mementos |= {"first": listed[0], "last": listed[-1]}
    kinds = {f"{kind}_format": at.timemap(url, kind) for kind in ("link", "json", "cdxj")}
    return {"original_uri": url, "self": at.timemap(url, "json"), "mementos": mementos, "timemap_uri": kinds}


def cdxj_timemap(found: Iterable[Memento]) -> str:
    """A TimeMap as CDXJ lines."""
    return "".join(f"{cdxj_line(item)}\n" for item in found)


def cdxj_line(memento: Memento) -> str:
    """A capture as the line the index has of it."""
    revisit = memento.record == "revisit"
    return line(
        memento.url,
        memento.at,
        memento.locator,
        mime=REVISIT if revisit else memento.media,
        status=None if revisit and memento.status == 304 else memento.status,
        digest=f"sha256:{memento.payload}" if memento.payload else None,
    )


def _context(at: Addresses, url: str, *, gate: bool) -> list[str]:
    rows = [f'<{escaped(url)}>; rel="original"', f'<{at.timemap(url)}>; rel="timemap"; type="{LINK_FORMAT}"']
    return [*rows, f'<{at.timegate(url)}>; rel="timegate"'] if gate else rows


def _mementos(at: Addresses, listed: Iterable[Memento], ends: Sequence[Memento]) -> list[str]:
    rows = []
    seen: set[int] = set()
    for item in [*listed, *ends]:
        if item.id in seen:
            continue
        seen.add(item.id)
        rel = [name for name, end in zip(("first", "last"), ends, strict=False) if end.id == item.id]
        rows.append(f'<{at.memento(item)}>; rel="{" ".join([*rel, "memento"])}"; datetime="{http_date(item.at)}"')
    return rows
