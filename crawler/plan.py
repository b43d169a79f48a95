"""What one crawl is asked to do: the portal, how much of it, and what to look at again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import entry_points
from typing import Literal, Protocol
from urllib.parse import urljoin

from archive.errors import NotFound, UsageError
from archive.workspace import Workspace
from crawler.journal import Pending
from crawler.portal import Portal, Section

Recheck = Literal["due", "suspected", "all", "none"]


class DuePages(Protocol):
    """The revisit policy's door (entry-point group `onrecord.revisits`, name `due`): addresses worth asking now, best first."""

    def __call__(
        self, workspace: Workspace, portal: Portal, *, limit: int | None = None, suspected_only: bool = False
    ) -> Iterator[str]:
        """Yield at most `limit` addresses of known pages, or only those suspected gone whose next look is due."""
        ...


@dataclass(frozen=True, slots=True)
class Plan:
    """One crawl of one portal."""

    workspace: Workspace
    portal: Portal
    recheck: Recheck = "all"
    section: str | None = None
    limit: int | None = None  # articles asked at most
    deadline: timedelta | None = None
    scheduled_at: datetime | None = None
    resume: bool = False
    first: bool = False  # no whole crawl has ended yet: listings are followed to their end
    left_over: bool = False  # that, or a crawl since then was stopped or bounded: listings are seen whole, changed or not

    @property
    def partial(self) -> bool:
        """Whether the crawl looks at only a part of the portal on purpose."""
        return self.section is not None or self.limit is not None or self.recheck in ("suspected", "none")

    def described(self) -> dict[str, object]:
        """The choices of this crawl, as the run's settings keep them."""
        return {
            "recheck": self.recheck,
            "section": self.section,
            "limit": self.limit,
            "resume": self.resume,
            "deadline": self.deadline.total_seconds() if self.deadline else None,
        }

    def sections(self) -> tuple[Section, ...]:
        """The sections to crawl; NotFound for a name the portal file does not have."""
        if self.section is None:
            return self.portal.section
        found = tuple(item for item in self.portal.section if item.name.casefold() == self.section.casefold())
        if not found:
            names = ", ".join(item.name for item in self.portal.section) or "none"
            raise NotFound(f"{self.portal.about.id} has no section {self.section!r}; there are: {names}")
        return found

    def hubs(self) -> Iterator[Pending]:
        """Home, feeds, sitemaps and sections, in the order in which they are asked."""
        if self.recheck == "suspected":
            return
        home = self.portal.about.home
        if self.section is None:
            yield Pending(home, "hub", "home")
            for feed in self.portal.discover.feeds:
                yield Pending(urljoin(home, feed), "hub", "feed", home)
            for sitemap in self.portal.discover.sitemaps:
                yield Pending(urljoin(home, sitemap), "hub", "sitemap", home)
        for section in self.sections():
            yield Pending(urljoin(home, section.url), "hub", "section", home, section.name)

    def due(self) -> Iterator[str]:
        """Known pages the revisit policy wants asked now."""
        found = list(entry_points(group="onrecord.revisits", name="due"))
        if not found:
            raise UsageError("no revisit policy is installed", hint="reinstall onrecord, or crawl with --recheck all")
        policy: DuePages = found[0].load()
        return policy(self.workspace, self.portal, suspected_only=self.recheck == "suspected")
