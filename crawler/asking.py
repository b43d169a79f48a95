"""What is asked, and what the record knows of it beforehand: validators for a conditional request, the payload it held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from archive import database, query
from archive.query import KnownPage
from crawler.journal import Pending, read, unfinished
from crawler.plan import Plan


@dataclass(frozen=True, slots=True)
class Asked:
    """A request on its way; travels in `request.meta`."""

    pending: Pending
    known: KnownPage | None


def conditional_headers(known: KnownPage | None, now: datetime, full_fetch_every: timedelta) -> dict[str, str]:
    """If-None-Match and If-Modified-Since, where the server gave validators and its word is enough (RFC 9110, 13).

    A 304 is the server's word, not proof: a full answer is asked for again after `full_fetch_every`.
    """
    if known is None or known.fetched_at is None or now - known.fetched_at > full_fetch_every:
        return {}
    headers = {}
    if known.etag:
        headers["If-None-Match"] = known.etag
    if known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    return headers


class KnownPages:
    """The portal's pages as the record has them; point look-ups and streams, so that memory does not grow with the portal."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._held = ExitStack()
        self._session = self._held.enter_context(database.session(plan.workspace, readonly=True))
        self._none = next(query.known(self._session, plan.portal.about.id), None) is None  # a first crawl asks of nothing else

    def get(self, url: str) -> KnownPage | None:
        """What the record knew of one address when the crawl began."""
        if self._none:
            return None
        return next(iter(query.known(self._session, self._plan.portal.about.id, [url])), None)

    def to_recheck(self) -> Iterator[KnownPage]:
        """Known pages to look at again, as the plan says: all, those the policy calls due, none."""
        if self._plan.recheck == "none":
            return
        if self._plan.recheck in ("due", "suspected"):
            yield from self._named(self._plan.due())
            return
        yield from query.known(self._session, self._plan.portal.about.id, section=self._plan.section)

    def _named(self, urls: Iterable[str]) -> Iterator[KnownPage]:
        for url in urls:
            found = self.get(url)
            if found is not None:
                yield found

    def visited(self) -> Iterator[str]:
        """What interrupted crawls have visited already, when the plan goes on with them."""
        for path in self._journals():
            yield from query.visited_in(self._session, path.stem)

    def left_over(self) -> Iterator[Pending]:
        """What interrupted crawls had found, visited or not, when the plan goes on with them."""
        for path in self._journals():
            yield from read(path)

    def _journals(self) -> list[Path]:
        slug = self._plan.portal.about.id
        return unfinished(self._plan.workspace.logs, slug) if self._plan.resume else []

    def close(self) -> None:
        """Let the record go."""
        self._held.close()
