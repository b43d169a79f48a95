"""Is everything that was kept still what it was? Counts, lengths and digests of files, records, rows, index and ledger."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from archive import custody
from archive.cdxj import Index
from archive.database import open_engine, translated
from archive.errors import OnrecordError
from archive.ledger import Ledger
from archive.models import Base
from archive.records import Locator
from archive.verify.deep import Reread, reread
from archive.verify.files import Expected, check_file
from archive.verify.ledger import check_ledger
from archive.verify.record import CaptureRow, Seen, check_database, check_index, load_rows
from archive.verify.unknown import unknown_files
from archive.verify.values import Problem, Report
from archive.workspace import Workspace

__all__ = ["Problem", "Report", "verify"]


def verify(
    workspace: Workspace,
    *,
    kept: tuple[str, ...] = (),
    deep: Reread | None = None,
    progress: Callable[[str], None] = lambda name: None,
) -> Report:
    """Check the whole archive. Never raises on damage: every problem is named in the report.

    `kept`: checkpoints of the ledger that somebody outside has kept. `deep`: reads payloads again, and compares the
    readings with those in the record. `progress` is told each file as it is begun.
    """
    report = Report()
    name = workspace.settings.archive.database if "://" not in workspace.settings.archive.database else "database"
    try:
        with translated(), open_engine(workspace, readonly=True).connect() as connection:
            _verify(workspace, connection, name, report, kept, deep, progress)
    except (OnrecordError, DBAPIError) as error:
        report.problems.append(Problem(name, None, str(error)))
    return report


def _verify(
    workspace: Workspace,
    connection: Connection,
    name: str,
    report: Report,
    kept: tuple[str, ...],
    deep: Reread | None,
    progress: Callable[[str], None],
) -> None:
    progress(name)
    check_database(connection, name, report)
    rows = load_rows(connection)
    report.captures = len(rows)
    seen = Seen(rows, report)
    by_file: dict[str, list[CaptureRow]] = {}
    for row in rows.values():
        by_file.setdefault(row.locator.warc, []).append(row)
    expected = _expected(connection, by_file)
    for item in expected:
        progress(item.name)
        before = len(report.problems)
        checked = check_file(workspace.evidence, item, seen)
        report.problems.extend(checked.problems)
        report.notices.extend(checked.notices)
        if len(report.problems) == before:
            _missing_rows(by_file.get(item.name, []), seen, report)
    _unknown(workspace, connection, report)
    report.ok = len(seen.fitting)
    if not any(problem.file.endswith(".warc.gz") for problem in report.problems):
        check_index(Index(workspace.evidence), seen.lines, report)
    if (line := custody.broken_at(workspace)) is not None:
        report.problems.append(Problem(custody.FILE, line, "the custody log does not follow from here"))
    progress("ledger")
    check_ledger(Ledger(workspace), connection, report, kept)
    if deep is not None:
        reread(workspace, connection, deep, report)


def _expected(connection: Connection, by_file: dict[str, list[CaptureRow]]) -> list[Expected]:
    warc = Base.metadata.tables["warc"]
    found = []
    for row in connection.execute(select(warc).order_by(warc.c.name)):
        captures: list[Locator] = sorted((item.locator for item in by_file.get(row.name, [])), key=lambda item: item.offset)
        closed = row.state == "closed"
        found.append(Expected(row.name, row.bytes, row.records, row.sha256, closed, tuple(captures)))
    return found


def _missing_rows(rows: list[CaptureRow], seen: Seen, report: Report) -> None:
    """Captures whose record was nowhere in a file that is whole otherwise: the row points to a wrong place."""
    told = {(problem.file, problem.offset) for problem in report.problems}
    for row in rows:
        if row.id not in seen.fitting and (row.locator.warc, row.locator.offset) not in told:
            said = f"capture row {row.id}: no answer begins here"
            report.problems.append(Problem(row.locator.warc, row.locator.offset, said))


def _unknown(workspace: Workspace, connection: Connection, report: Report) -> None:
    for name, left in unknown_files(workspace, connection.engine).items():
        if left:
            report.notices.append(f"{name}: begun by an interrupted run, which the next crawl puts aside")
        else:
            report.problems.append(Problem(name, None, "a file that the record does not know"))
