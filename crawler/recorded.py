"""A portal as the record knows it: made from the portal file for each run, and asked of the record before one."""

from __future__ import annotations

from functools import partial

from archive import database, query
from archive.ingest import PortalRecord, Reader
from archive.versioning import GoneRule
from archive.workspace import Workspace
from crawler import portal_file
from crawler.extraction import EXTRACTOR, read
from crawler.portal import Portal


def portal_record(workspace: Workspace, portal: Portal) -> PortalRecord:
    """What ingest keeps of a portal: its name and place, the rules in force with their digest, the text of its file."""
    about, confirm = portal.about, portal.gone.confirm
    return PortalRecord(
        slug=about.id,
        home=about.home,
        name=about.name,
        rules=portal.rules_digest(EXTRACTOR),
        extractor=EXTRACTOR,
        definition=portal_file.path_of(workspace, about.id).read_text(encoding="utf-8"),
        tz=about.timezone,
        robots="obey" if about.robots.obey else "override",
        robots_reason=about.robots.reason,
        gone=GoneRule(
            visits=confirm.visits,
            over=confirm.over,
            at_once=confirm.at_once,
            at_once_visits=confirm.at_once_visits,
            at_once_over=confirm.at_once_over,
        ),
        noise=portal.noise.lines,
    )


def reader_of(portal: Portal) -> Reader:
    """How ingest reads an old capture again when the portal's rules changed."""
    return partial(read, portal=portal)


def paused(workspace: Workspace) -> frozenset[str]:
    """Portals that are not crawled unless named."""
    with database.session(workspace) as session:
        return frozenset(row["portal"] for row in query.portals(session) if row["paused"])


def listed(workspace: Workspace, slug: str) -> query.Listed:
    """How far the portal's listings were followed by the crawls before this one."""
    with database.session(workspace) as session:
        return query.listed(session, slug)
