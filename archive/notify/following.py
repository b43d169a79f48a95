"""What follows a crawl: every channel is told, whoever started the crawl."""

from __future__ import annotations

from archive.errors import Busy
from archive.notify.sending import send_due
from archive.workspace import Workspace


def tell_after_crawl(workspace: Workspace) -> list[str]:
    """Tell the channels of the archive what they have yet to hear; a line for each that could not be reached, which hears of
    it after the next crawl. Nothing where another process is telling them already, or there is none."""
    alerts = workspace.settings.alerts
    if not alerts.channel:
        return []
    try:
        return [f"channel {sent.channel} was not told: {sent.waits}" for sent in send_due(workspace, alerts) if sent.failed]
    except Busy:
        return []
