"""What a reader asks for: path, filters and page number, read from the address and checked."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import urlencode

from sqlalchemy.orm import Session
from starlette.requests import Request

from archive import query, references
from archive.errors import UsageError
from archive.web.remembered import Remembered, stamp_of
from archive.workspace import Workspace

T = TypeVar("T")
PAGE = 50  # rows of a list on one page
MAX_PAGES = 200
MAX_ROWS = 10_000  # of a list's JSON or CSV twin
LONGEST = 500  # characters of one filter


@dataclass(frozen=True)
class Asked:
    """One request, for the functions that make pages."""

    request: Request
    workspace: Workspace

    @property
    def path(self) -> Mapping[str, Any]:
        """The parts of the address that its route names."""
        return self.request.path_params

    @property
    def format(self) -> str:
        """`html`, or the twin asked for: `json`, `csv`, `atom`, `feed.json`."""
        return str(self.request.scope.get("onrecord.format", "html"))

    @property
    def base(self) -> str:
        """The address of this viewer, without a slash at its end."""
        return str(self.request.base_url).rstrip("/")

    def text(self, name: str) -> str | None:
        """A filter's value; None where it is not given or empty."""
        value = self.request.query_params.get(name, "").strip()
        if len(value) > LONGEST:
            raise UsageError(f"{name} is longer than {LONGEST} characters")
        return value.replace("\x00", "") or None

    def words(self, name: str, known: tuple[str, ...]) -> tuple[str, ...] | None:
        """Several words of a fixed list, as repeated parameters or divided by commas."""
        given = ",".join(self.request.query_params.getlist(name))
        found = tuple(dict.fromkeys(word.strip().lower() for word in given.split(",") if word.strip()))
        for word in found:
            if word not in known:
                raise UsageError(f"{name}: {word[:40]!r} is none of {', '.join(known)}")
        return found or None

    def number(self, name: str, default: int, top: int) -> int:
        """A whole number from 1 to `top`."""
        value = self.text(name)
        if value is None:
            return default
        if not re.fullmatch(r"[0-9]{1,9}", value) or not 1 <= int(value) <= top:
            raise UsageError(f"{name}: a number from 1 to {top}, not {value[:40]!r}")
        return int(value)

    def share(self, name: str) -> float | None:
        """A number from 0 to 1; None where it is not given."""
        value = self.text(name)
        if value is None:
            return None
        if not re.fullmatch(r"[01]|[01]?[.][0-9]{1,9}", value) or float(value) > 1:
            raise UsageError(f"{name}: a number from 0 to 1, not {value[:40]!r}")
        return float(value)

    def only(self, known: Collection[str]) -> None:
        """Refuse filters that this list does not have: silently left out they would look as if all rows fitted them."""
        for name in self.request.query_params:
            if name not in known and name != "page":
                near = difflib.get_close_matches(name, known, n=1)
                meant = f"did you mean {near[0]}? " if near else ""
                raise UsageError(f"{name[:40]} is no filter here", hint=f"{meant}filters here: {', '.join(known)}")

    def period(self, session: Session, portal: str | None = None) -> tuple[datetime | None, datetime | None]:
        """`since` and `until` as the command line reads them; days are those of the view (`query.zone_of`)."""
        since, until = self.text("since"), self.text("until")
        if since is None and until is None:
            return None, None
        now, zone = datetime.now(UTC), query.zone_of(session, portal)
        return (
            references.since(since, now=now, zone=zone) if since else None,
            references.until(until, now=now, zone=zone) if until else None,
        )

    def remembered(self, session: Session, question: Callable[..., T], **words: Any) -> T:
        """What a question answers that is asked often and costs much (`archive.web.remembered`)."""
        memory: Remembered = self.request.app.state.remembered
        if "onrecord.stamp" not in self.request.scope:
            self.request.scope["onrecord.stamp"] = stamp_of(session)
        return memory.ask(session, self.request.scope["onrecord.stamp"], question, **words)

    def section(self, session: Session, portal: str | None) -> str | None:
        """The section asked for as the record spells it; NotFound where it or the portal is unknown."""
        if portal is not None:
            query.check_portal(session, portal)
        asked = self.text("section")
        return query.spelled(asked, self.remembered(session, query.section_names, portal=portal)) if asked else None

    @cached_property
    def window(self) -> Window:
        """Which rows of a list are wanted."""
        if self.format == "html":
            return Window(self.number("page", 1, MAX_PAGES), PAGE)
        return Window(1, self.number("limit", 1000, MAX_ROWS))

    def address(self, **changed: str | None) -> str:
        """This page's address with some parameters changed or (None) taken out; back on its first page."""
        kept = [(key, value) for key, value in self.request.query_params.multi_items() if key not in changed and key != "page"]
        words = urlencode([*kept, *((key, value) for key, value in changed.items() if value is not None)])
        return self.request.url.path + (f"?{words}" if words else "")

    def twin(self, suffix: str) -> str:
        """The address of this page in another form."""
        words = urlencode([item for item in self.request.query_params.multi_items() if item[0] != "page"])
        path = self.request.url.path
        return ("/index" if path == "/" else path) + suffix + (f"?{words}" if words else "")


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a list: page `number` of `size` rows."""

    number: int
    size: int

    @property
    def offset(self) -> int:
        """How many rows come before."""
        return (self.number - 1) * self.size

    @property
    def limit(self) -> int:
        """How many rows to ask for: these, and one to know whether more follow."""
        return self.size + 1

    def cut(self, rows: list[Any]) -> tuple[list[Any], bool]:
        """The rows of this page out of those asked for with `offset` and `limit`, and whether more follow."""
        return rows[: self.size], len(rows) > self.size
