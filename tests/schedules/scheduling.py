"""Schedules on a store without a crawler: a stand-in crawl that writes down that it ran, and refuses to run twice."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from archive import database
from archive.workspace import Workspace
from crawler.portal import Portal
from schedules import schedule
from schedules.jobs import Job
from schedules.schedule import Schedule

NOW = datetime(2026, 11, 24, 12, 0, 30, tzinfo=UTC)
TOML = """
schema = 1
[portal]
id = "{id}"
name = "Example"
home = "https://{id}.example/"
timezone = "Asia/Baku"
[politeness]
{politeness}
"""
# Arguments: the archive, the file of starts, seconds to run, exit code, portal, instant. As a crawl does, it opens its run in
# the record first, and gives up where a run of this firing is there already.
STAND_IN = """
import signal, sys, time, uuid
from datetime import UTC, datetime
from pathlib import Path
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from archive import database, models, workspace
root, told, seconds, code, portal, instant = sys.argv[1:]
signal.signal(signal.SIGINT, lambda *_: sys.exit(130))
try:
    with database.session(workspace.open_at(Path(root))) as session:
        owner = session.scalar(select(models.Portal.id).where(models.Portal.slug == portal))
        run = models.Run(uid=uuid.uuid4().hex, portal_id=owner, started_at=datetime.now(UTC), outcome="ok")
        run.scheduled_at = datetime.fromisoformat(instant)
        session.add(run)
except IntegrityError:
    sys.exit(7)
with open(told, "a") as handle:
    handle.write(f"{portal} {instant}\\n")
print("crawling", portal, flush=True)
time.sleep(float(seconds))
if int(code):
    print("error: no route to host", file=sys.stderr)
sys.exit(int(code))
"""


def add_portal(workspace: Workspace, portal: str = "example", politeness: str = "") -> Portal:
    """A portal file in the workspace."""
    from crawler import portal_file

    path = workspace.portals / f"{portal}.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(TOML.format(id=portal, politeness=politeness))
    return portal_file.find(workspace, portal)


def add_schedule(workspace: Workspace, portal: Portal, spec: str, now: datetime = NOW, **options: object) -> Schedule:
    """A schedule in the store."""
    with database.session(workspace) as session:
        return schedule.add(session, portal, spec, options=options, now=now)


class StandIn:
    """A command for the runner, and what it was started for."""

    def __init__(self, folder: Path, seconds: float = 0.0, code: int = 0) -> None:
        self.told = folder / "started"
        self.told.touch()
        self._script = folder / "crawl.py"
        self._script.write_text(STAND_IN)
        self.seconds, self.code = seconds, code

    def __call__(self, workspace: Workspace, job: Job) -> list[str]:
        return [
            sys.executable,
            str(self._script),
            str(workspace.root),
            str(self.told),
            str(self.seconds),
            str(self.code),
            job.portal,
            job.mark,
        ]

    @property
    def started(self) -> list[str]:
        """A line a start: portal and instant."""
        return self.told.read_text().splitlines()
