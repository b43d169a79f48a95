"""Outside witnesses of single pages: what public web archives hold of them, and a request to save them now.

Answers go into `<evidence>/corroboration.jsonl`, one line each: a public archive's memento near the time of a capture says
more about what a portal served than this archive alone can.
"""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

from sqlalchemy import Connection, select

from archive.errors import OnrecordError
from archive.fetching import Got
from archive.memento import accept_datetime
from archive.memento.timemap import escaped, http_date
from archive.models import Base
from archive.workspace import Workspace

FILE = "corroboration.jsonl"
ARCHIVES = ("https://web.archive.org/web/",)  # TimeGates (RFC 7089): the page's address follows
SAVE = "https://web.archive.org/save/"
Ask = Callable[..., Got]
_LINK = re.compile(r'<([^>]*)>((?:\s*;\s*\w+="[^"]*")*)')
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Witness:
    """What one archive said of a page: its nearest memento (None: none, see `error`), or that it was asked to save it."""

    url: str
    at: str  # the instant it was asked about
    archive: str
    asked_at: str
    memento: str | None = None
    memento_at: str | None = None
    saved: bool = False
    error: str | None = None


def nearest(ask: Ask, timegate: str, url: str, at: datetime) -> Witness:
    """Ask a TimeGate for the memento nearest to an instant. Nothing is raised: what went wrong is told."""
    said: dict[str, Any] = {"url": url, "at": at.astimezone(UTC).isoformat(), "archive": timegate, "asked_at": _now()}
    try:
        answer = ask(timegate + escaped(url), headers={"Accept-Datetime": http_date(at)}, method="HEAD")
        found = _linked(answer.headers.get("link", ""), at)
        place = answer.headers.get("location")
        if found is None and place and answer.status in (301, 302, 303, 307, 308):
            answer = ask(urljoin(timegate, place), method="HEAD")
            stamp = answer.headers.get("memento-datetime")
            found = (urljoin(timegate, place), accept_datetime(stamp)) if stamp else _linked(answer.headers.get("link", ""), at)
        if found is None:
            return Witness(**said, error=f"no memento ({answer.status})")
        return Witness(**said, memento=found[0], memento_at=found[1].isoformat())
    except (OSError, http.client.HTTPException, OnrecordError, ValueError) as error:
        return Witness(**said, error=f"{type(error).__name__}: {error}")


def _linked(link: str, at: datetime) -> tuple[str, datetime] | None:
    """The memento nearest to an instant among those that a Link header names (RFC 7089 2.2, RFC 8288)."""
    found = []
    for place, attributes in _LINK.findall(link):
        said = dict(_ATTRIBUTE.findall(attributes))
        if "memento" in said.get("rel", "").split() and "datetime" in said:
            found.append((place, accept_datetime(said["datetime"])))
    return min(found, key=lambda item: abs(item[1] - at), default=None)


def save(ask: Ask, place: str, url: str) -> Witness:
    """Ask an archive to save the page now."""
    said: dict[str, Any] = {"url": url, "at": _now(), "archive": place, "asked_at": _now()}
    try:
        answer = ask(place + escaped(url))
    except (OSError, http.client.HTTPException, OnrecordError) as error:
        return Witness(**said, error=f"{type(error).__name__}: {error}")
    taken = answer.status < 400
    return Witness(
        **said, saved=taken, memento=answer.headers.get("location"), error=None if taken else f"status {answer.status}"
    )


def pages(connection: Connection, since: datetime) -> list[tuple[str, datetime]]:
    """Articles that are new or gone since an instant, each with the time of its last content: what is worth a witness."""
    change, page, version = (Base.metadata.tables[name] for name in ("change", "page", "version"))
    query = (
        select(page.c.url, change.c.kind, change.c.at, version.c.last_at)
        .join(page, page.c.id == change.c.page_id)
        .join(version, version.c.id == change.c.from_id, isouter=True)
        .where(change.c.kind.in_(("new", "gone")), change.c.at >= since, page.c.role == "article")
        .order_by(change.c.at)
    )
    found = {}
    for row in connection.execute(query):
        found[row.url] = row.last_at if row.kind == "gone" and row.last_at else row.at
    return list(found.items())


def keep(workspace: Workspace, witnesses: Sequence[Witness]) -> None:
    """Write down what the archives said."""
    if witnesses:
        with (workspace.evidence / FILE).open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(asdict(item), ensure_ascii=False, sort_keys=True) + "\n" for item in witnesses)


def told(workspace: Workspace) -> Iterator[dict[str, Any]]:
    """What was written down, oldest first."""
    path = workspace.evidence / FILE
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def _now() -> str:
    return datetime.now(UTC).isoformat()
