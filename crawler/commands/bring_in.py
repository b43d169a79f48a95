"""`onrecord import`: captures out of foreign WARC and WACZ files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.output import Output

if TYPE_CHECKING:
    from archive.imports import Foreign
    from archive.records import Exchange

KEYS = ("run", "portal", "visits", "captures", "new", "changed", "skipped", "reordered")


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--portal", "only", metavar="PORTAL", help="Only captures of this portal.")
@pass_session
@output_options
def import_files(session: Session, output: Output, files: tuple[Path, ...], only: str | None) -> None:
    """Bring captures in from WARC and WACZ files of wget, Heritrix, browsertrix or another archive.

    Each capture keeps its own time and says where it came from; older ones go before what is there. Captures of hosts
    that no portal file covers are left out.

    \b
      onrecord import old-crawls/*.warc.gz
    """
    from archive import custody
    from archive.errors import NotFound
    from archive.imports import open_foreign
    from crawler import portal_file
    from crawler.past.bring import bring, known_captures
    from crawler.past.visits import Past
    from crawler.spiders.portal import shared_destinations

    workspace = session.workspace
    names = [portal_file.id_of(workspace, only)] if only else portal_file.ids(workspace)
    if not names:
        raise NotFound(
            "there is no portal that these captures could belong to", hint="onrecord add https://…", code="portal.none"
        )
    rows: list[dict[str, Any]] = []
    for name in names:
        portal = portal_file.find(workspace, name)
        with (
            workspace.lock(f"crawl-{name}", f"{name} is being crawled; wait for it or stop it"),
            open_foreign(files, limit=workspace.settings.crawl.max_body) as foreign,
        ):
            known = known_captures(workspace, name)
            source = ", ".join(path.name for path in files)
            past = Past(portal, "import", source, workspace.settings.crawl.max_body, shared_destinations(portal))

            if not any(portal.covers(capture.url) for capture in foreign.captures):
                continue
            done = bring(
                workspace, portal, "import", past.visits(_fresh(foreign, known)), {"files": [path.name for path in files]}
            )
            custody.note(workspace, "imported", portal=name, files=[path.name for path in files], captures=done.captures)
            for why in foreign.skipped:
                session.warn(why)
            summary = done.summary
            rows.append(
                {
                    "run": summary.run if summary else None,
                    "portal": name,
                    "visits": done.visits,
                    "captures": done.captures,
                    "new": summary.new if summary else 0,
                    "changed": summary.changed if summary else 0,
                    "skipped": sum(past.skipped.values()) + len(foreign.skipped),
                    "reordered": done.reordered,
                }
            )
            for why, count in sorted(past.skipped.items()):
                session.say(f"{name}: {count} left out: {why}", level=1)
    if not rows:
        raise NotFound("no capture in these files is of a known portal", hint="onrecord add https://…", code="import.empty")
    output.rows(rows, KEYS)


def _fresh(foreign: Foreign, known: set[tuple[str, datetime]]) -> Iterator[Exchange]:
    """Exchanges that the record does not hold yet."""
    return (exchange for capture, exchange in foreign.exchanges() if (capture.url, capture.at) not in known)
