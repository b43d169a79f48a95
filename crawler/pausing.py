"""Let a portal rest: it is left out of crawls that do not name it (`crawler.recorded.paused` says which do)."""

from __future__ import annotations

from sqlalchemy import select

from archive import database, models
from archive.workspace import Workspace
from crawler.portal import Portal


def set_paused(workspace: Workspace, portal: Portal, *, paused: bool) -> bool:
    """Let a portal rest or go on; False where it already does. A portal never crawled gets its row here."""
    about = portal.about
    with database.session(workspace) as session:
        row = session.scalar(select(models.Portal).where(models.Portal.slug == about.id))
        if row is None:
            row = models.Portal(slug=about.id, home=about.home, name=about.name, tz=about.timezone, paused=False)
            row.robots = "obey" if about.robots.obey else "override"
            row.robots_reason = about.robots.reason
            session.add(row)
        changed = row.paused != paused
        row.paused = paused
        return changed
