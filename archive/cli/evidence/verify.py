"""`onrecord verify`: is everything that was kept still what it was?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.output import Output

if TYPE_CHECKING:
    from archive.output.screen import Screen
    from archive.verify import Report
    from archive.verify.deep import Reread


@click.command()
@click.argument("ref", required=False)
@click.option("--deep", is_flag=True, help="Also read every kept payload again, and compare the words.")
@click.option(
    "--checkpoint",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="A checkpoint of the ledger that was kept elsewhere; the ledger must begin with it.",
)
@pass_session
@output_options
def verify(session: Session, output: Output, ref: str | None, deep: bool, checkpoint: tuple[Path, ...]) -> int:
    """Check files, records, rows, index and ledger (or the captures of page REF only). Ends with 5 on any damage.

    \b
      onrecord verify
      onrecord verify --checkpoint ~/kept/checkpoint-2026-11
      onrecord verify a1f3c9 --json
    """
    report = _of_page(session, ref) if ref is not None else _of_all(session, checkpoint, deep=deep)
    output.one(report.as_json(), lambda screen: draw(screen, report))
    return 5 if report.problems else 0


def draw(screen: Screen, report: Report) -> None:
    """What people see of a report."""
    from rich.text import Text

    style = "bad" if report.problems else "good"
    ledger = f"ledger size {report.size:,}, root {report.root[:12]}…" if report.root else "no ledger yet"
    screen.print(Text(f"{report.captures:,} captures · {report.ok:,} hold · {ledger}", style=style))
    for problem in report.problems:
        place = problem.file if problem.offset is None else f"{problem.file}:{problem.offset}"
        screen.print(Text.assemble(("✗ ", "bad"), (place, "id"), f"  {problem.what}"))
    for notice in report.notices:
        screen.print(Text(f"! {notice}", style="dim"))
    if report.problems:
        screen.print(Text("mend from a copy: onrecord repair", style="dim"))


def _of_all(session: Session, checkpoint: tuple[Path, ...], *, deep: bool) -> Report:
    from archive.verify import verify as check

    kept = tuple(path.read_text(encoding="utf-8") for path in checkpoint)
    return check(
        session.workspace, kept=kept, deep=_reader() if deep else None, progress=lambda name: session.say(name, level=1)
    )


def _of_page(session: Session, ref: str) -> Report:
    from archive import query
    from archive.verify.some import captures_of, verify_captures

    with session.record() as record:
        page = query.resolve(record, ref).page
        connection = record.connection()
        return verify_captures(session.workspace, connection, captures_of(connection, page["id"]))


def _reader() -> Reread:
    """What reads payloads again; the package that has an extractor offers it, this one has none."""
    from importlib.metadata import entry_points

    from archive.errors import OnrecordError

    for point in entry_points(group="onrecord.rereaders"):
        found: Reread = point.load()
        return found
    raise OnrecordError("no extractor is installed: --deep has nothing to read with", code="extractor.missing")
