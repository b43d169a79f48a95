"""`onrecord reextract`: old captures read again under the rules and the extractor in force."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from archive.cli.filters import Period
from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.errors import NotFound
from archive.output import Output

if TYPE_CHECKING:
    from archive.workspace import Workspace
    from crawler.reading_ahead import ReadingAhead

KEYS = ("portal", "run", "pages", "captures", "as_before", "merged", "unread", "seconds")
DIFFERENCE_KEYS = ("portal", "page", "url", "version", "fields")


@click.command()
@click.argument("portals", metavar="[PORTAL]…", nargs=-1, is_eager=True)  # for the days of --since
@click.option("--since", type=Period(end=False), metavar="DATE", help="Only pages seen since then: 30d, 2018, 2018-11-27.")
@click.option("--dry-run", is_flag=True, help="Show which versions would read differently; write nothing.")
@pass_session
@output_options
def reextract(session: Session, output: Output, portals: tuple[str, ...], since: datetime | None, dry_run: bool) -> None:
    """Read old captures again after a change of a portal's file or an upgrade (default: of every portal).

    The history is told again under the rules in force: a rule change, never a publisher's edit. What only the old rules
    took for an edit becomes one version. Without this, a page is told again when it next shows new content.

    \b
      onrecord reextract example-az --dry-run
      onrecord reextract --since 2024
    """
    from crawler import portal_file
    from crawler.reading_ahead import ReadingAhead

    workspace = session.workspace
    names = list(dict.fromkeys(portal_file.id_of(workspace, name) for name in portals)) or portal_file.ids(workspace)
    if not names:
        raise NotFound("this archive has no portal yet", hint="onrecord add https://…", code="portal.none")
    with ReadingAhead(workspace.settings.crawl.workers) as ahead:
        if dry_run:
            rows = (row for name in names for row in _differences(workspace, name, since, ahead))
            output.rows(rows, DIFFERENCE_KEYS, empty="every text reads as before")
            return
        done = [reextract_portal(workspace, name, since, ahead) for name in names]
    if output.machine:
        output.rows(done, KEYS)
        return
    with output.text() as screen:
        for row in done:
            screen.print(_told(row), markup=False)


def _differences(workspace: Workspace, name: str, since: datetime | None, ahead: ReadingAhead) -> Iterator[dict[str, Any]]:
    from archive.ingest import differences
    from crawler import portal_file
    from crawler.extraction import EXTRACTOR

    portal = portal_file.find(workspace, name)
    rules = portal.rules_digest(EXTRACTOR)
    for item in differences(workspace, name, rules, ahead.prepare(portal), since, extractor=EXTRACTOR):
        yield {"portal": name, **asdict(item)}


def reextract_portal(workspace: Workspace, name: str, since: datetime | None, ahead: ReadingAhead) -> dict[str, Any]:
    """Tell a portal again under the rules in force; returns the row that `reextract --json` prints."""
    from archive import custody
    from archive.garbage import spare_what_is_loaded
    from archive.ingest import Reextraction, Retold, RunOutcome, RunStart, stale
    from crawler import portal_file
    from crawler.recorded import portal_record, reader_of

    started, total, run = time.monotonic(), Retold(), None
    with workspace.lock(f"crawl-{name}", f"{name} is being crawled; wait for it or stop it"):
        portal = portal_file.find(workspace, name)
        record = portal_record(workspace, portal)
        if stale(workspace, name, record.rules, since):
            settings = {"since": since.isoformat()} if since is not None else {}
            again = Reextraction(workspace, reader=reader_of(portal))
            run = again.begin(record, RunStart(kind="reextract", settings=settings))
            spare_what_is_loaded()
            outcome: RunOutcome = "interrupted"
            try:
                for part in again.retell(since=since, prepare=ahead.prepare(portal)):
                    total += part
                outcome = "ok"
            finally:
                again.end(outcome, [], asdict(total))
            custody.note(workspace, "reextracted", portal=name, run=run, **asdict(total))
    return {"portal": name, "run": run, **asdict(total), "seconds": round(time.monotonic() - started, 3)}


def _told(row: dict[str, Any]) -> str:
    if row["run"] is None:
        return f"{row['portal']}: every page stands under the rules in force"
    told = f"{row['captures']:,} captures read again, {row['as_before']:,} as before, {row['merged']:,} versions merged"
    lost = f" · {row['unread']:,} could not be read" if row["unread"] else ""
    return f"{row['portal']}: {told}: rule change, not a publisher change{lost} · run {row['run']}"
